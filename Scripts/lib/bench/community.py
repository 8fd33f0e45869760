"""Reads, lists, votes and sign-ins beside pgbench."""

import json
import time
from pathlib import Path

from tools import (PLACE, Server, Wrong, finish_load, load, make, median, pgbench, post, psql, rows,
                   say, spread, start_load)

# Ids in the reference's tables are numbers written as UUIDs: pgbench makes one up without a
# look-up, and without carrying a list of thousands.
ID = "lpad(to_hex(:{}::bigint), 32, '0')::uuid"
COLUMNS = ("i.id, i.author_id, m.handle, i.title, i.pitch, i.problem, i.solution, i.category, "
           "i.state, t.votes, i.opened_at, i.created_at, i.decided_at")
TABLES = "ideas i JOIN tallies t ON t.idea_id = i.id JOIN members m ON m.id = i.author_id"
LISTS = {
    "top": ("t.votes DESC, t.idea_id DESC", "t.state"),
    "new": ("i.opened_at DESC, i.id DESC", "i.state"),
    "trending": ("t.trending DESC, t.idea_id DESC", "t.state"),
}
TOKENS = f"{PLACE}/tokens.txt"
IDEAS = f"{PLACE}/ideas.txt"


def uuid_of(text):
    """The UUID behind a TypeID."""
    bits = 0
    for letter in text[-26:]:
        bits = bits << 5 | "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    digits = f"{bits:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def token_ids():
    return [uuid_of(line.split("_")[1]) for line in Path(TOKENS).read_text().split()]


def idea_ids():
    return [uuid_of(line) for line in Path(IDEAS).read_text().split()]


def script(name, text):
    path = Path(PLACE) / f"{name}.sql"
    path.write_text(text)
    return str(path)


class Beside:
    """`pgbench` with the same number of clients as ours has connections, `pgbench` with the number
    that is fastest for it, and ours, in turns, so that each meets the same machine."""

    same = 64

    def __init__(self, world, script_text, choices):
        """`script_text` is a script's path, or makes one for each run."""
        self.world = world
        self.script = script_text if callable(script_text) else lambda: script_text
        self.rates = {clients: [] for clients in choices}
        calibration = world.settings.calibration
        found = {clients: pgbench(world.database, self.script(), clients, calibration)
                 for clients in choices}
        say("    pgbench: " + ", ".join(f"{c} clients {r:,.0f}/s" for c, r in found.items()))
        self.fastest = max(found, key=found.get)

    def rounds(self, *ours):
        ours_rates = [[] for _ in ours]
        for _ in range(self.world.settings.rounds):
            for clients in {self.same, self.fastest}:
                self.rates[clients].append(pgbench(
                    self.world.database, self.script(), clients, self.world.settings.seconds))
            for place, one in enumerate(ours):
                ours_rates[place].append(one())
        return ours_rates

    def report(self, results, name, ours, goal, unit, best=False):
        clients = self.fastest if best else self.same
        other = self.same if best else self.fastest
        note = f"pgbench with {clients} clients"
        if other != clients:
            rate = median(self.rates[other])
            note += f"; with {other} it reaches {rate:,.0f}, and ours {median(ours) / rate:.2f} of that"
        results.rates(name, ours, self.rates[clients], goal=goal, unit=unit, note=note)


class Community:
    """A world with open ideas and many voters, and the references that use its rows."""

    database = "community"

    def __init__(self, settings):
        self.settings = settings
        tokens = 20_000 if settings.quick else 150_000
        say("==> a community of 20 000 open ideas")
        make(self.database, "--members", tokens + 10_000, "--ideas", 22_400, "--votes", 200_000,
             "--products", 0, "--sales", 0, "--tokens", TOKENS, "--token-count", tokens,
             "--open-ideas", IDEAS)
        lines = Path(IDEAS).read_text().split()[:20_000]
        Path(IDEAS).write_text("\n".join(lines) + "\n")
        number = "lpad(to_hex(row_number() OVER (ORDER BY {})), 32, '0')::uuid"
        # The reference's own tables have no triggers and no foreign keys.
        psql(self.database,
             f"CREATE TABLE ref AS SELECT id AS real_id, {number.format('id')} AS ref_id FROM ideas "
             "WHERE state = 'open' ORDER BY id LIMIT 20000",
             "CREATE TABLE ref_ideas (LIKE ideas INCLUDING ALL)",
             "INSERT INTO ref_ideas SELECT ref_id, author_id, title, pitch, problem, solution, "
             "category, state, opened_at, created_at, decided_at FROM ideas JOIN ref ON id = real_id",
             "CREATE TABLE ref_tallies (LIKE tallies INCLUDING ALL)",
             "ALTER TABLE ref_tallies SET (fillfactor = 70)",
             "INSERT INTO ref_tallies (idea_id, author_id, opened_at, state, votes) SELECT ref_id, "
             "author_id, opened_at, state, votes FROM tallies JOIN ref ON idea_id = real_id",
             "CREATE TABLE ref_votes (LIKE votes INCLUDING ALL)",
             "INSERT INTO ref_votes SELECT ref_id, member_id, cast_at FROM votes JOIN ref "
             "ON idea_id = real_id",
             "CREATE TABLE ref_tokens (LIKE tokens INCLUDING ALL)",
             f"INSERT INTO ref_tokens SELECT {number.format('id')}, member_id, kind, secret_hash, "
             "scopes, created_at, expires_at, NULL, NULL FROM tokens",
             # As if all had been there within the hour: a first use of a token is noted.
             "UPDATE tokens SET last_used_at = now() + interval '1 hour'", "VACUUM FULL tokens",
             "VACUUM ANALYZE", "CHECKPOINT")
        self.token_count = tokens
        tables = TABLES.replace("ideas i", "ref_ideas i").replace("tallies t", "ref_tallies t")
        self.read_script = script(
            "read", f"\\set n random(1, 20000)\nSELECT {COLUMNS} FROM {tables} "
            f"WHERE i.id = {ID.format('n')};\n")
        self.hot = 0
        self.seed = 0

    def vote_script(self, first, last):
        """The work of one vote in one transaction, and in one statement, which is faster."""
        return script("vote", f"""\
\\set n random({first}, {last})
\\set m random(1, {self.token_count})
WITH who AS (
  SELECT member_id FROM ref_tokens WHERE id = {ID.format('m')} AND length(secret_hash) = 32
    AND revoked_at IS NULL AND expires_at > now() AND 'votes' = ANY(scopes)
), idea AS (
  SELECT idea_id, member_id FROM ref_tallies, who
  WHERE idea_id = {ID.format('n')} AND state = 'open' AND author_id <> member_id
), added AS (
  INSERT INTO ref_votes (idea_id, member_id, cast_at) SELECT idea_id, member_id, now() FROM idea
  ON CONFLICT DO NOTHING RETURNING idea_id
)
UPDATE ref_tallies t SET votes = votes + 1 FROM added WHERE t.idea_id = added.idea_id;
""")

    def reads(self, results):
        seconds, costs = self.settings.seconds, []
        say("==> reads_one")
        beside = Beside(self, self.read_script, (1, 2, 4, 8, 16, 32, 64))

        def ours():
            before = server.seconds()
            report = load("reads", ideas=IDEAS, seconds=seconds, connections=64, warmup=0)
            costs.append((server.seconds() - before) / report["requests"] * 1000)
            return report["rate"]

        with Server(self.database) as server:
            rates, = beside.rounds(ours)
        beside.report(results, "reads_one", rates, goal=1.3, unit="reads/s", best=True)
        results.figure("server_cost", costs, limit=0.03, unit="CPU s per 1 000 reads")

    def lists(self, results):
        seconds = self.settings.seconds
        with Server(self.database):
            for name, (order, state) in LISTS.items():
                say(f"==> list_{name}")
                text = script(name, f"SELECT {COLUMNS} FROM {TABLES} WHERE {state} = 'open' "
                              f"ORDER BY {order} LIMIT 20;\n")
                path = f"/v1/ideas?sort={name}&limit=20"
                plans = ["path", "etag"] if name == "top" else ["path"]
                beside = Beside(self, text, (2, 4, 8, 64))
                ours = beside.rounds(*[
                    lambda plan=plan: load(plan, path=path, seconds=seconds,
                                           connections=64)["rate"] for plan in plans])
                beside.report(results, f"list_{name}", ours[0], goal=1, unit="lists/s")
                if name == "top":
                    beside.report(results, "list_etag", ours[1], goal=5, unit="304s/s")

    def vote(self, connections, ideas=IDEAS, **more):
        self.seed += 1
        more = {"seconds": self.settings.seconds, "warmup": 0, **more}
        return load("votes", ideas=ideas, tokens=TOKENS, connections=connections, seed=self.seed,
                    **more)

    def hot_file(self):
        """The id of an idea that nobody has voted for in this run."""
        self.hot += 1
        path = Path(PLACE) / "hot.txt"
        path.write_text(Path(IDEAS).read_text().split()[-self.hot] + "\n")
        return str(path)

    def votes_spread(self, results):
        say("==> votes_spread")
        beside = Beside(self, self.vote_script(1, 20_000), (4, 8, 16, 64))
        with Server(self.database) as server:
            few, many = beside.rounds(
                lambda: self.vote(64)["rate"], lambda: self.vote(512)["rate"])
            beside.report(results, "votes_spread", few, goal=3, unit="votes/s")
            beside.report(results, "votes_512", many, goal=3, unit="votes/s")
            results.figure("rss_512", [server.memory_mib()], limit=64, unit="MiB")
            say("==> vote_latency")
            half = median(few) / 2
            p99 = [self.vote(64, rate=half)["p99"] / 1000 for _ in range(self.settings.rounds)]
            results.figure("vote_latency", p99, limit=15, unit="ms, p99 at half load")
        self.check()

    def votes_hot(self, results):
        say("==> votes_hot")
        turn = iter(range(2, 1000))

        def next_idea():
            idea = next(turn)
            return self.vote_script(idea, idea)

        beside = Beside(self, next_idea, (1, 2, 4, 8, 64))
        with Server(self.database):
            rates, = beside.rounds(lambda: self.vote(64, self.hot_file())["rate"])
        beside.report(results, "votes_hot", rates, goal=10, unit="votes/s")
        self.check()

    def signin_flood(self, results):
        """Guessed passwords, which are soon refused; and a rush of right ones, all of them hashed."""
        say("==> signin_flood")
        person = {"handle": "flood", "display_name": "Flood", "email": "flood@example.org",
                  "password": "certainly the right one"}
        wrong = {"login": "member_1", "password": "certainly not this one"}
        right = {"login": person["handle"], "password": person["password"]}
        floods = {"signin_flood": (wrong, 64, 429), "signin_rush": (right, 20, 201)}
        calm, ratios = [], {name: [] for name in floods}
        answers = {name: {} for name in floods}
        with Server(self.database):
            post("/v1/members", person)
            for _ in range(self.settings.rounds):
                calm.append(self.vote(64, rate=2000)["p99"] / 1000)
                for name, (body, connections, expected) in floods.items():
                    flood = start_load(
                        "post", path="/v1/sessions", body=json.dumps(body), warmup=0,
                        connections=connections, seconds=self.settings.seconds + 1)
                    time.sleep(0.5)
                    ratios[name].append(self.vote(64, rate=2000)["p99"] / 1000 / calm[-1])
                    statuses = finish_load(flood, expect=())["statuses"]
                    if not statuses.get(str(expected)):
                        raise Wrong(f"{name} got no {expected}: {statuses}")
                    for status, count in statuses.items():
                        answers[name][status] = answers[name].get(status, 0) + count
        for name in floods:
            results.figure(
                name, ratios[name], limit=1.5, unit="times the p99 of votes without",
                note=f"p99 without {median(calm):.1f} ms (spread {spread(calm):.0%}) at 2 000 "
                f"votes/s; answered {answers[name]}")

    def kill(self, results):
        """Kills the server under load; every vote it acknowledged must be there."""
        say("==> kill")
        log = f"{PLACE}/acknowledged.txt"
        with Server(self.database) as server:
            voters = start_load("votes", ideas=IDEAS, tokens=TOKENS, connections=64, log=log,
                                seconds=4, warmup=0, seed=99)
            for _ in range(2):
                time.sleep(1.2)
                server.kill()
                server.start()
            report = finish_load(voters)
        missing = self.missing(log)
        if missing:
            raise Wrong(f"{missing} votes were acknowledged and are not there")
        if report["lost"] == 0:
            raise Wrong("the kill hit nobody: the check checked nothing")
        self.check()
        acknowledged = Path(log).read_text().count("\n")
        results.fact("kill", f"{acknowledged:,} votes acknowledged around two kills, none missing")

    def missing(self, log):
        pairs = Path(PLACE) / "pairs.csv"
        tokens, ideas = token_ids(), idea_ids()
        with pairs.open("w") as out:
            for line in Path(log).read_text().splitlines():
                token, idea = map(int, line.split())
                out.write(f"{tokens[token]},{ideas[idea]}\n")
        return int(psql(
            self.database, "CREATE TEMP TABLE pairs (token uuid, idea uuid)",
            f"\\copy pairs FROM '{pairs}' CSV",
            "SELECT count(*) FROM pairs p JOIN tokens t ON t.id = p.token WHERE NOT EXISTS ("
            "SELECT FROM votes v WHERE v.idea_id = p.idea AND v.member_id = t.member_id)"))

    def check(self):
        """Counts equal rows, for every idea."""
        wrong = rows(self.database, """
            SELECT coalesce(t.idea_id, v.idea_id), t.votes, v.votes FROM tallies t
            FULL JOIN (SELECT idea_id, count(*) AS votes FROM votes GROUP BY 1) v USING (idea_id)
            WHERE coalesce(t.votes, 0) <> coalesce(v.votes, 0) LIMIT 1""")
        if wrong:
            raise Wrong(f"an idea's count is not its rows: {wrong[0]}")

    def soak(self, results, seconds):
        """Memory after half an hour of reads, votes and lists on 512 connections."""
        say(f"==> soak ({seconds} s)")
        with Server(self.database) as server:
            loads = [start_load("votes", ideas=IDEAS, tokens=TOKENS, connections=128, rate=300,
                                seconds=seconds, warmup=0, seed=77),
                     start_load("reads", ideas=IDEAS, connections=256, rate=2000, seconds=seconds,
                                warmup=0),
                     start_load("path", path="/v1/ideas?sort=top&limit=20", connections=128,
                                rate=500, seconds=seconds, warmup=0)]
            reports = [finish_load(one) for one in loads]
            total = sum(report["requests"] for report in reports)
            results.figure("rss_soak", [server.memory_mib()], limit=64, unit="MiB",
                           note=f"the most within {seconds} s and {total:,} requests")
        self.check()

    def ready(self, results):
        times = []
        for _ in range(5):
            with Server(self.database) as server:
                times.append(server.ready_ms)
        results.figure("ready", times, limit=100, unit="ms from start to ready")


# What is asked of worlds of growing size; None: with ids of its own.
GROWTH = {
    "reads": None, "votes": None, "top": "/v1/ideas?sort=top&limit=20",
    "new": "/v1/ideas?sort=new&limit=20", "trending": "/v1/ideas?sort=trending&limit=20",
    "search": "/v1/ideas/search?q=idea+number+77",
    "similar": "/v1/ideas/similar?title=A+thing+that+never+tangles",
}


def growth(settings, results):
    """The same load on worlds of growing size."""
    for ideas in settings.sizes:
        say(f"==> growth: {ideas:,} ideas, {20 * ideas:,} votes")
        make("world", "--ideas", ideas, "--votes", 20 * ideas, "--members", ideas, "--products", 0,
             "--sales", 0, "--tokens", TOKENS, "--token-count", 1000, "--open-ideas", IDEAS)
        seconds = max(1, settings.seconds - 1)
        rates = {name: [] for name in GROWTH}
        with Server("world"):
            for turn in range(settings.rounds):
                rates["reads"].append(load("reads", ideas=IDEAS, seconds=seconds)["rate"])
                rates["votes"].append(load("votes", ideas=IDEAS, tokens=TOKENS, seed=turn + 1,
                                           seconds=seconds)["rate"])
                for name, path in GROWTH.items():
                    if path:
                        rates[name].append(load("path", path=path, seconds=1)["rate"])
        size = f"{ideas:,} ideas".replace(",", " ")
        for name in GROWTH:
            results.point(f"growth_{name}", size, rates[name])
    for name in GROWTH:
        results.curve(f"growth_{name}", limit=1.5, unit="requests/s")
