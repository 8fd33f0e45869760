"""Settlement, earnings and imports beside the bare SQL that writes the same rows."""

import random
import re
import time
from pathlib import Path

from tools import (BINARY, PG_BIN, PLACE, Server, Wrong, drop, load, make, median, psql, rows, run,
                   say, url)

HERE = Path(__file__).resolve().parent
TIMES = {}  # of settlements that were measured, by credits
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def type_id(prefix, text):
    bits = int(text.replace("-", ""), 16)
    return prefix + "_" + "".join(ALPHABET[bits >> 5 * place & 31] for place in range(25, -1, -1))


def bare_settlement(database):
    """Seconds of the statements in settlement.sql."""
    text = run([f"{PG_BIN}/psql", "-Xq", "-d", url(database), "-f", HERE / "settlement.sql"])
    return sum(float(number) for number in re.findall(r"^Time: ([0-9.]+) ms", text, re.M)) / 1000


def settle(database, may_be=(0,)):
    """Seconds of the whole command, and its memory in MiB. Members' proofs are made later."""
    return measured(database, may_be, "settle", "--unsealed")


def publish(database):
    """Seconds of making every member's statement of the settlement's period, memory, and count.
    Their hashes are kept later."""
    period = psql(database, "SELECT name FROM periods ORDER BY number DESC LIMIT 1")
    seconds, mib = measured(database, (0,), "period", "publish", period, "--unsealed")
    wanted, made = rows(database, """
        SELECT (SELECT count(DISTINCT b.owner) FROM balances b JOIN members m ON m.id = b.owner),
          (SELECT count(DISTINCT member_id) FROM statement_balances)""")[0]
    if wanted != made:
        raise Wrong(f"{wanted} members have a balance, {made} have a statement")
    return seconds, mib, int(made)


def measured(database, may_be, *words):
    report = Path(PLACE) / "measured.txt"
    began = time.perf_counter()
    run(["/usr/bin/env", "python3", "-c", MEASURE, str(report), ",".join(map(str, may_be)), BINARY,
         *words, "--database-url", url(database)])
    return time.perf_counter() - began, float(report.read_text())


# Runs a command, which may end with some codes, and writes down the most memory it had.
MEASURE = """\
import resource, subprocess, sys
code = subprocess.run(sys.argv[3:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024))
sys.exit(str(code) not in sys.argv[2].split(","))
"""


def same_rows(database):
    """Both have written the same transfers, but for their causes."""
    different = rows(database, """
        SELECT reason, sum(rows), sum(amount) FROM (
          SELECT reason, count(*) AS rows, sum(amount) AS amount FROM transfers GROUP BY 1
          UNION ALL SELECT reason, -count(*), -sum(amount) FROM bare_transfers GROUP BY 1) AS both_of
        GROUP BY 1 HAVING sum(rows) <> 0 OR sum(amount) <> 0""")
    if different:
        raise Wrong(f"settlement and bare statements differ: {different}")


def settlement(name, products, rounds, results, keep=None):
    say(f"==> {name}")
    members = min(1_000_000, products * 500)
    make("books", "--members", members, "--ideas", products, "--votes", 1, "--products", products,
         "--holders", 1000, "--sales", 1_000_000 if products > 20 else 20_000)
    ours, bare, memory, told, sealed = [], [], [], [], []
    for turn in range(rounds):
        last = turn == rounds - 1
        database = "books" if last else "books_copy"
        if not last:
            make(database, template="books")
        psql("postgres", "CHECKPOINT")
        bare.append(bare_settlement(database))
        psql("postgres", "CHECKPOINT")
        seconds, mib = settle(database)
        ours.append(seconds)
        memory.append(mib)
        same_rows(database)
        psql("postgres", "CHECKPOINT")
        statements, more, count = publish(database)
        told.append(statements)
        psql("postgres", "CHECKPOINT")
        hashing, most = measured(database, (0,), "proof", "seal")
        sealed.append(hashing)
        memory += [more, most]
        say(f"    bare {bare[-1]:.2f} s, coinvent settle {seconds:.2f} s, "
            f"period publish {statements:.2f} s, proof seal {hashing:.2f} s")
        if not last:
            drop(database)
    results.times(name, ours, bare, limit=1.5, unit="s",
                  note=f"{products * 1000:,} credits, {max(memory):.0f} MiB at the most")
    results.times(f"{name}_told", [a + b for a, b in zip(ours, told)], bare, limit=1.5, unit="s",
                  note=f"with the statements of {count:,} members; hashing what both left, behind "
                       f"it: {median(sealed):.1f} s")
    TIMES[products * 1000] = ours
    if keep:
        psql("books", "DROP TABLE bare_transfers, bare_balances, bare_pools", "VACUUM ANALYZE")
        drop(keep)
        psql("postgres", f"ALTER DATABASE books RENAME TO {keep}")
    else:
        drop("books")


def settlement_growth(results):
    """A credit's time among most of them against its time among few; 1 is linear."""
    if len(TIMES) < 2:
        return
    (few, small), *_, (many, large) = sorted(TIMES.items())
    each = [1e6 * seconds / many for seconds in large]
    reference = [1e6 * seconds / few for seconds in small]
    results.add("settlement_growth", median(each) / median(reference), median(each),
                median(reference), [one / median(reference) for one in each], goal=1.2,
                better="below", unit="µs a credit", note=f"{many:,} against {few:,} credits")


def more_sales(database, lines):
    """Sales that are new, of all products."""
    psql(database, f"""
        INSERT INTO sale_lines (source, external_id, product_id, channel, quantity, unit_price,
          discount, allowance, currency, sold_at, received_at)
        SELECT 'more', 'm' || number, id, 'direct', 1, 9990000000, 0, 0, 'USD', now(), now()
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS all_of
              FROM products) AS p
        JOIN generate_series(1, {lines}) AS number ON number % all_of + 1 = place""")


def resettle(settings, results):
    """Settling again: when nothing is new, and when one line in a hundred is."""
    sizes = (20_000, 200_000) if settings.quick else (1_000_000, 10_000_000)
    for lines, suffix in zip(sizes, ("1m", "10m")):
        say(f"==> resettle_{suffix}")
        make("books", "--members", 20_000, "--ideas", 200, "--votes", 1, "--products", 200,
             "--holders", 100, "--sales", lines)
        first, _ = settle("books")
        psql("books", "VACUUM ANALYZE")
        unchanged = [settle("books", may_be=(6,))[0] for _ in range(3)]
        more_sales("books", lines // 100)
        new, _ = settle("books")
        results.figure(f"resettle_{suffix}_unchanged", unchanged, limit=2, unit="s",
                       note=f"{lines:,} lines; the first settlement took {first:.2f} s, "
                            f"this {median(unchanged) / first:.3f} of it")
        results.times(f"resettle_{suffix}_new", [new], [first], limit=1, unit="s",
                      note=f"{lines // 100:,} new lines against the first {lines:,}")
        drop("books")


def earnings_of(database, results, settings):
    """Latencies of the earnings of members with most products, in µs: medians and 99th parts."""
    members = rows(database, "SELECT member_id FROM share_totals GROUP BY 1 "
                   "ORDER BY count(*) DESC, 1 LIMIT 5")
    p50, p99 = [], []
    with Server(database):
        for (member,) in members:
            handle = psql(database, f"SELECT handle FROM members WHERE id = '{member}'")
            token = run([BINARY, "tokens", "create", "--member", handle, "--database-url",
                         url(database)])
            secret = re.search(r"cvt_\w+[-\w]*", token).group()
            for _ in range(settings.rounds):
                report = load("path", path=f"/v1/members/{type_id('mem', member)}/earnings",
                              header=f"Authorization: Bearer {secret}", connections=1,
                              seconds=0.5, warmup=0.2)
                p50.append(report["p50"])
                p99.append(report["p99"])
    postings = int(psql(database, "SELECT count(*) FROM transfers WHERE reason = 'credit'"))
    return postings, p50, p99


def earnings(settings, results):
    """At a million postings and at the most there are."""
    say("==> earnings_growth")
    make("small_books", "--members", 100_000, "--ideas", 200, "--votes", 1, "--products", 200,
         "--holders", 1000, "--sales", 20_000, "--settlements", 5)
    psql("small_books", "VACUUM ANALYZE")
    few, small, _ = earnings_of("small_books", results, settings)
    drop("small_books")
    if not rows("postgres", "SELECT 1 FROM pg_database WHERE datname = 'large_books'"):
        products = 400 if settings.quick else 10_000
        settlement("settlement_10m", products, 1, results, keep="large_books")
    for period in range(9 if settings.full else 0):
        say(f"    settling period {period + 2} of 10")
        psql("large_books", """
            INSERT INTO sale_lines (source, external_id, product_id, channel, quantity, unit_price,
              discount, allowance, currency, sold_at, received_at)
            SELECT 'more', '%d-' || id, id, 'direct', 10, 9990000000, 0, 0, 'USD', now(), now()
            FROM products""" % period)
        settle("large_books")
    many, large, p99 = earnings_of("large_books", results, settings)
    drop("large_books")
    ratios = [one / other for one, other in zip(large, small)]
    results.add("earnings_growth", median(large) / median(small), median(large), median(small),
                ratios, goal=1.5, better="below", unit="µs",
                note=f"{many:,} against {few:,} postings")
    results.figure("earnings_p99", [value / 1000 for value in p99], limit=5,
                   unit=f"ms at {many:,} postings")


def import_copy(settings, results):
    say("==> import_copy")
    lines = 40_000 if settings.quick else 400_000
    make("sales_template", "--members", 10_000, "--ideas", 200, "--votes", 1, "--products", 200,
         "--holders", 100, "--sales", 200)
    products = [line[0] for line in rows("sales_template", "SELECT id FROM products")]
    ours_file, raw_file = Path(PLACE) / "ours.csv", Path(PLACE) / "raw.csv"
    chance = random.Random(3)
    with ours_file.open("w") as ours, raw_file.open("w") as raw:
        ours.write("external_id,product_id,channel,quantity,unit_price,currency,sold_at\n")
        names = [(type_id("prod", product), product) for product in products]
        for number in range(lines):
            name, product = chance.choice(names)
            channel, count = chance.choice(("direct", "retail")), chance.randint(1, 9)
            cents, day = chance.randint(500, 9999), 1 + number % 28
            price = f"{cents // 100}.{cents % 100:02}"
            at = f"2026-01-{day:02}T12:00:00Z"
            ours.write(f"line-{number:08},{name},{channel},{count},{price},USD,{at}\n")
            raw.write(f"shop,line-{number:08},{product},{channel},{count},{cents * 10_000_000},0,0,"
                      f"USD,{at},{at}\n")
    for path in (ours_file, raw_file):
        path.chmod(0o644)
    columns = ("source, external_id, product_id, channel, quantity, unit_price, discount, "
               "allowance, currency, sold_at, received_at")
    rates, bare = [], []
    for _ in range(settings.rounds):
        make("sales", template="sales_template")
        psql("sales", "CREATE TABLE raw_sales (LIKE sale_lines INCLUDING ALL)")
        psql("postgres", "CHECKPOINT")
        began = time.perf_counter()
        psql("sales", f"\\copy raw_sales ({columns}) FROM '{raw_file}' CSV")
        bare.append(lines / (time.perf_counter() - began))
        psql("postgres", "CHECKPOINT")
        began = time.perf_counter()
        run([BINARY, "sales", "import", ours_file, "--source", "shop", "--database-url",
             url("sales")])
        rates.append(lines / (time.perf_counter() - began))
        if int(psql("sales", "SELECT count(*) FROM sale_lines WHERE source = 'shop'")) != lines:
            raise Wrong("the import lost lines")
    drop("sales", "sales_template")
    results.rates("import_copy", rates, bare, goal=0.5, unit="lines/s")
