"""Kills everything at random points under load, and looks at every vote and nano afterwards.

Two phases: with faults, nothing wrong may be seen; without, all must be finished in a minute.
The same seed makes the same choices; how they fall into time is the machine's.
"""

import argparse
import collections
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "TestSupport"))

from scene import Findings, Scene  # noqa: E402

import check  # noqa: E402
import load  # noqa: E402
import model  # noqa: E402
import points  # noqa: E402
import reports  # noqa: E402
import statements  # noqa: E402

FAULTS = ("500-before=8,500-after=8,duplicate=4,drop=8,late-failure=3,returned=3,refuse=2,"
          "timeout=1,lookup-500=8,hang-ms=11000,late-ms=400,settle-ms=150")
FINISH_WITHIN = 60


class World:
    """A community, its products, and everything that runs on them."""

    def __init__(self, scene, seed, kills_anything):
        self.scene, self.seed, self.kills_anything = scene, seed, kills_anything
        self.random = random.Random(f"{seed}/kills")
        self.calm, self.over = threading.Event(), threading.Event()
        self.periods_wait = threading.Event()
        self.kills = collections.Counter()
        self.settle_takes = 0.3
        self.contract = model.STANDARD_CONTRACT

    def people(self, count, products, ideas):
        """The calm before: members, products with locked shares, and ideas to vote on."""
        scene = self.scene
        self.operator = scene.operator()
        joined = [scene.join(f"member_{number}") for number in range(count)]
        self.members = [member for member, _ in joined]
        self.tokens = dict(joined)
        author = scene.join("author")
        self.members.append(author[0])
        self.products = [self.product(n, author) for n in range(products)]
        self.termed = [self.product(products + n, author, contract) for n, contract
                       in enumerate((reports.TERMS, reports.LIST, reports.STEPS))]
        self.holdings = {product: self.shares(product) for product in self.products}
        self.open_ideas = [
            scene.propose(author[1], f"An idea to vote on, number {n}") for n in range(ideas)]

    def product(self, number, author, contract=None):
        scene = self.scene
        idea = scene.propose(author[1], f"A product to sell, number {number}")
        for member in self.random.sample(list(self.tokens), 3):
            scene.service.call("PUT", f"/v1/ideas/{idea}/vote", None, self.tokens[member])
        product = scene.accept(idea, self.operator, contract=contract)
        for slice in ("naming", "design", "research", "presale"):
            for member in self.random.sample(list(self.tokens), 4):
                scene.contribute(
                    product, member, slice, self.operator, self.random.randint(1, 50))
        scene.lock(product, self.operator)
        return product

    def shares(self, product):
        result = {}
        seen = self.scene.service.get(f"/v1/products/{product}/influence")
        for share in seen["shares"]:
            result[share["member_id"]] = result.get(share["member_id"], 0) + share["ppb"]
        assert sum(result.values()) == model.WHOLE, seen
        return result

    def start_load(self):
        members = list(self.tokens)
        self.voting = [load.Voting(self, n, members[n::3]) for n in range(3)]
        self.withdrawing = [reports.Withdrawing(self, n) for n in range(2)]
        self.selling = [load.Selling(self, 0), load.Selling(self, 1), load.Importing(self, 0),
                        reports.SellingOfTerms(self, 0), reports.Hooking(self, 0),
                        *self.withdrawing]
        self.settling = [load.Settling(self, n) for n in range(2)]
        self.publishing = reports.Publishing(self)
        others = [load.Paying(self), load.Verifying(self), self.publishing,
                  reports.Sealing(self), reports.SettlingByRequest(self)]
        self.loads = [*self.voting, *self.selling, *self.settling, *others]
        for each in self.loads:
            each.start()

    def wait_for_periods(self):
        while self.periods_wait.is_set() and not self.calm.is_set():
            time.sleep(0.02)

    def failures(self):
        return [(each.name, each.failure) for each in self.loads if each.failure]

    @property
    def killed(self):
        return sum(self.kills.values()) + sum(each.killed for each in self.settling)

    # Kills

    def kill_server(self):
        self.kill("server")

    def kill_worker(self):
        self.kill("worker")

    def kill(self, name):
        if self.scene.running[name].poll() is not None:
            raise ProcessLookupError(name)
        self.scene.kill(name)
        self.tend()

    def tend(self):
        """Starts what has ended, as an init system would: nobody starts without a database."""
        for name, words in [("server", ("serve", "--port", self.scene.port)),
                            ("worker", ("worker",))]:
            process = self.scene.running.get(name)
            if process is None or process.poll() is not None:
                self.scene.start(name, *words)

    def kill_postmaster(self):
        os.kill(self.postmaster(), signal.SIGKILL)
        time.sleep(self.random.random() * 0.3)
        self.scene.cluster("start", "--throwaway")

    def kill_backend(self):
        """One of PostgreSQL's own processes: it ends all others and recovers by itself."""
        children = Path(f"/proc/{self.postmaster()}/task/{self.postmaster()}/children")
        victims = children.read_text().split()
        os.kill(int(self.random.choice(victims)), signal.SIGKILL)

    def postmaster(self):
        record = (self.scene.data / "cluster").read_text().splitlines()
        folder = next(line[9:] for line in record if line.startswith("folder = "))
        return int(Path(folder, "postmaster.pid").read_text().split()[0])

    def all_payouts(self):
        return self.scene.coinvent.run(
            "payouts", "list", "--limit", 100000, "--json", want=[0]).json["payouts"]


def kill_all(world, wanted, seconds):
    """Kills until there were enough, or something wrong was seen."""
    kinds = {"server": 40, "worker": 40, "postmaster": 8, "backend": 12}
    deadline = time.monotonic() + seconds
    while world.killed < wanted or any(
            world.kills[kind] < least * wanted // 200 for kind, least in kinds.items()):
        if world.failures() or time.monotonic() > deadline:
            return
        time.sleep(world.random.random() * 0.8)
        world.tend()
        kind = world.random.choices(list(kinds), list(kinds.values()))[0]
        try:
            getattr(world, f"kill_{kind}")()
        except (ProcessLookupError, FileNotFoundError, IndexError):
            # It is down. PostgreSQL gives up by itself when its recovery is killed: whoever runs
            # it starts it again, as Scripts/start does.
            world.scene.cluster("start", "--throwaway")
            continue
        world.kills[kind] += 1


def keep_calm(world, seconds):
    """Lets everything go on at once, and nothing be killed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not world.failures():
        time.sleep(0.2)


def holders(scene):
    """Who holds an advisory lock: for the message when a settlement stays busy."""
    return scene.sql(
        "SELECT pid, application_name, state, query_start, now(), query FROM pg_stat_activity "
        "WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')")


def finish(world, findings):
    """Faults off: everything must come to its end."""
    began = time.monotonic()
    scene = world.scene
    scene.cluster("start", "--throwaway")  # the last kill may have been one of PostgreSQL's
    scene.kill("provider")
    scene.provide()
    world.calm.set()
    while any(each.is_alive() for each in world.loads):
        world.tend()
        time.sleep(0.2)
        if time.monotonic() > began + FINISH_WITHIN:
            break
    world.over.set()
    findings.same("every client came to its end", [
        each.name for each in world.loads if each.is_alive()], [])
    done = scene.coinvent.run("settle", want=[0, 3, 6])
    while done.code == 3 and time.monotonic() < began + FINISH_WITHIN:
        time.sleep(0.2)  # a killed run's last statement may still be at work
        done = scene.coinvent.run("settle", want=[0, 3, 6])
    findings.expect("a killed settlement blocks no other for long", done.code != 3, holders(scene))
    findings.same("then nothing is left to settle", scene.coinvent.run("settle").code, 6)
    while time.monotonic() < began + FINISH_WITHIN:
        scene.coinvent.run("worker", "--drain", want=[0, 6, 7])
        if all(p["state"] in ("paid", "failed", "returned") for p in world.all_payouts()):
            break
        time.sleep(0.5)
    # What the bank sends back now is news for one more look.
    time.sleep(0.5)
    scene.coinvent.run("worker", "--drain", want=[0, 6, 7])
    seconds = time.monotonic() - began
    findings.expect(f"all is finished {FINISH_WITHIN} s after the faults",
                    seconds <= FINISH_WITHIN, f"{seconds:.0f} s")
    scene.kill("worker", signal.SIGTERM)
    return seconds


def main():
    parser = argparse.ArgumentParser(prog="Tests/Faults/run", description=__doc__)
    parser.add_argument("--place", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--kills", type=int, default=200, help="at least so many")
    parser.add_argument("--seconds", type=int, default=150, help="for the kills at the most")
    parser.add_argument("--every", type=int, default=3, metavar="N",
                        help="kill points: every N-th; the seed says which is the first")
    parser.add_argument("--calm", type=int, default=0, metavar="SECONDS",
                        help="kill nothing: settlements, imports, withdrawals, hooks, periods, "
                             "payouts and verify beside each other for so long")
    parser.add_argument("--statements", action="store_true",
                        help="only kill points of publishing and sealing")
    options = parser.parse_args()
    findings = Findings()
    if options.statements:
        scene = Scene(options.place).begin()
        statements.run(scene, findings, options.every)
        scene.end()
        return findings.end("Faults")
    print(f"    seed {options.seed}", flush=True)
    scene = Scene(options.place, COINVENT_PAYOUT_MINIMUM="1.00").begin()
    scene.provide("--faults", f"{FAULTS},seed={options.seed % 1_000_000}")
    world = World(scene, options.seed, kills_anything=not options.calm)
    world.people(12, 5, 60)
    scene.start("worker", "worker")
    world.start_load()
    if options.calm:
        keep_calm(world, options.calm)
    else:
        kill_all(world, options.kills, options.seconds)
        kills = dict(world.kills, settlement=sum(each.killed for each in world.settling))
        print(f"    {world.killed} kills: {kills}", flush=True)
        findings.expect(
            f"at least {options.kills} kills", world.killed >= options.kills, kills)
    seconds = finish(world, findings)
    for name, failure in world.failures():
        findings.expect(f"nothing wrong was seen by {name}", False, failure)
    print(f"    finished in {seconds:.0f} s; done meanwhile: " + ", ".join(
        f"{each.count} {each.name}" for each in world.loads), flush=True)
    findings.expect("the books were looked at meanwhile",
                    sum(each.count for each in world.loads if each.name == "verify-0") >= 5)
    look(world, findings)
    if not options.calm:
        points.run(world, findings, options.every)
    scene.end()
    code = findings.end("Faults")
    if code:
        print(f"    again: Tests/Faults/run --seed {options.seed}", flush=True)
    return code


def look(world, findings):
    done = world.scene.coinvent.run("verify")
    findings.expect("the books balance", done.code == 0, done)
    world.publishing.publish_all()
    done = world.scene.coinvent.run("verify")
    findings.expect("the books balance when all is told", done.code == 0, done)
    print(f"    withdrawn reports: {sum(each.withdrawn for each in world.withdrawing)}; periods "
          f"published {world.publishing.published}, reopened {world.publishing.reopened}",
          flush=True)
    findings.expect("reports were withdrawn and periods published meanwhile",
                    world.publishing.published > 0
                    and any(each.withdrawn for each in world.withdrawing))
    check.votes(world, findings)
    check.sales(world, findings)
    check.payouts(world, findings, check.earnings(world, findings))
    states = collections.Counter(payout["state"] for payout in world.all_payouts())
    print(f"    payouts: {dict(states)}", flush=True)
    findings.expect("money was paid", states["paid"] > 0)
    check.teeth(world, findings)


if __name__ == "__main__":
    sys.exit(main())
