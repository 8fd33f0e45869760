"""A product of ten thousand contributors and a million events: who holds what of it."""

import http.client
import json
import re
import time
import urllib.request
from pathlib import Path

from books import type_id
from tools import BINARY, PG_BIN, Server, Wrong, coinvent, drop, load, make, median, psql, rows, \
    run, say, url

HERE = Path(__file__).resolve().parent
# What the same rows come to in the database alone.
BARE = """SELECT count(*), sum(weight), min(first) FROM (
  SELECT slice, role, member_id, sum(weight) AS weight, min(occurred_at) AS first
  FROM influence_events WHERE product_id = '%s' GROUP BY 1, 2, 3) AS s"""


def influence(settings, results):
    say("==> influence")
    members, events = (1_000, 100_000) if settings.quick else (10_000, 1_000_000)
    make("influence", "--members", members, "--ideas", 1, "--votes", 1, "--products", 0,
         "--sales", 0)
    run([f"{PG_BIN}/psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-v", f"members={members}", "-v",
         f"events={events}", "-d", url("influence"), "-f", HERE / "influence.sql"])
    psql("influence", "VACUUM ANALYZE", "CHECKPOINT")
    bare_id = psql("influence", "SELECT id FROM products")
    product = type_id("prod", bare_id)
    full(settings, results, bare_id, product)
    with Server("influence") as server:
        updates(settings, results, product)
        reads(settings, results, product, server)
    drop("influence")


def full(settings, results, bare_id, product):
    """From a process that knows nothing: read, divide, hash, and every holder's total told."""
    ours, bare = [], []
    for _ in range(settings.rounds + 1):
        began = time.perf_counter()
        psql("influence", BARE % bare_id)
        bare.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        coinvent("influence", "show", product, database="influence")
        ours.append((time.perf_counter() - began) * 1000)
    # The first of each warms the database's memory.
    ours, bare = ours[1:], bare[1:]
    results.add("influence_full", median(ours), median(ours), median(bare), ours, goal=2000,
                better="below", unit="ms", note="reference: the bare SELECT … GROUP BY")


def updates(settings, results, product):
    """The first answer after an event, which is divided and hashed again."""
    token = staff()
    member = type_id("mem", psql("influence", "SELECT id FROM members ORDER BY id LIMIT 1"))
    connection = http.client.HTTPConnection("127.0.0.1", Server.port)

    def ask(method, path, body=None):
        began = time.perf_counter()
        connection.request(
            method, f"/v1/products/{product}/{path}", body and json.dumps(body),
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        document = answer.read()
        if answer.status not in (200, 201):
            raise Wrong(f"{path} is answered with {answer.status}: {document[:500]}")
        return document, (time.perf_counter() - began) * 1000

    _, cold = ask("GET", f"influence?member_id={member}")
    slices = ["idea_votes", "idea_discussion", "presale", "comparison", "pricing"]
    one, all_of_it, hashes = [], [], set()
    for turn in range(10 if settings.quick else 40):
        for times, query in ((one, f"?member_id={member}"), (all_of_it, "")):
            ask("POST", "contributions",
                {"member_id": member, "slice": slices[turn % len(slices)], "evidence": "bench"})
            document, spent = ask("GET", "influence" + query)
            times.append(spent)
            hashes.add(json.loads(document)["sha256"])
    if len(hashes) < len(one):
        raise Wrong("events came, and shares stayed as they were")
    told = json.loads(coinvent("influence", "show", product, "--json", database="influence"))
    found = json.loads(ask("GET", "influence")[0])
    if told != found:
        raise Wrong("what followed its events is not what all of them make")
    results.figure("influence_update", one, limit=50, unit="ms",
                   note=f"one member's shares after an event; all {len(found['shares']):,} shares "
                        f"in {median(all_of_it):.0f} ms; {cold:.0f} ms when nothing is known")


def staff():
    coinvent("members", "create", "--handle", "curator", "--role", "curator", database="influence")
    made = coinvent("tokens", "create", "--member", "curator", database="influence")
    return re.search(r"cvt_\w+[-\w]*", made).group()


def reads(settings, results, product, server):
    """A read that nothing has changed since."""
    member = type_id("mem", psql("influence", "SELECT id FROM members ORDER BY id LIMIT 1"))
    path = f"/v1/products/{product}/influence"
    p50, p99, whole = [], [], []
    for _ in range(settings.rounds):
        report = load("path", path=f"{path}?member_id={member}", connections=1, seconds=1,
                      warmup=0.2)
        p50.append(report["p50"] / 1000)
        p99.append(report["p99"] / 1000)
        for _ in range(10):
            began = time.perf_counter()
            with urllib.request.urlopen(f"http://127.0.0.1:{Server.port}{path}") as answer:
                size = len(answer.read())
            whole.append((time.perf_counter() - began) * 1000)
    results.figure("influence_get", p99, limit=5, unit="ms, p99",
                   note=f"one member's shares, {median(p50):.2f} ms in the middle; all "
                        f"shares, {size / 1e6:.1f} MB, {median(whole):.1f} ms; {server.memory_mib():.0f} MiB in the server")
