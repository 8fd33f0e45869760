"""Runs the measurements that were asked for; Scripts/bench brings up what they need."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import books
import community
import curves
import influence
from results import Results, compare, machine
from tools import BINARY, PLACE, Wrong, drop, say

GOALS = {
    "reads_one": "single reads: ≥ 1.3 × pgbench's best; server_cost < 0.03 CPU s per 1 000",
    "list_top": "lists: ≥ 1 × pgbench; list_new, list_trending; list_etag: ≥ 5 ×",
    "list_etag": "measured with list_top",
    "votes_spread": "≥ 3 × pgbench; votes_512; vote_latency < 15 ms; rss_512 < 64 MiB",
    "votes_hot": "all on one idea: ≥ 10 × pgbench",
    "signin_flood": "≤ 1.5 × the p99 of votes without guessed passwords; signin_rush: right ones",
    "soak": "half an hour: rss_soak < 64 MiB; only by name or with --full",
    "kill": "no acknowledged vote is missing after SIGKILL under load",
    "ready": "≤ 100 ms",
    "binary_size": "≤ 25 MB stripped",
    "growth": "reads, votes, lists, search and similar at 1 000 000 ideas ≤ 1.5 × 10 000",
    "import_copy": "≥ 0.5 × raw COPY",
    "settlement_200k": "≤ 1.5 × bare INSERT … SELECT",
    "settlement_10m": "≤ 1.5 × bare INSERT … SELECT; with settlement_200k: settlement_growth ≤ 1.2",
    "resettle": "1 000 000 and 10 000 000 lines: unchanged ≤ 2 s; 1 % new ≤ the first time",
    "influence": "10 000 contributors, 1 000 000 events: influence_full ≤ 2 s from a cold process; "
                 "influence_update ≤ 50 ms after one event; influence_get",
    "earnings_growth": "≤ 1.5 × at many times the postings; earnings_p99 ≤ 5 ms",
}


GROUPS = {"settlement": ("settlement_200k", "settlement_10m", "resettle", "earnings_growth")}


def arguments():
    parser = argparse.ArgumentParser(prog="Scripts/bench", add_help=False)
    parser.add_argument("names", nargs="*")
    for name in ("json", "compare", "against"):
        parser.add_argument(f"--{name}", type=Path)
    for name in ("list", "quick", "full", "docs", "keep"):
        parser.add_argument(f"--{name}", action="store_true")
    given = parser.parse_args()
    given.names = [one for name in given.names for one in GROUPS.get(name, (name,))]
    for name in given.names:
        if name not in GOALS:
            parser.error(f"there is no measurement {name}; see Scripts/bench --list")
    for path in (given.compare, given.against):
        if path and not path.is_file():
            parser.error(f"there is no file {path}")
    if given.against and not given.compare:
        parser.error("--against needs --compare")
    given.rounds = 1 if given.quick else 3
    given.seconds = 1 if given.quick else 4
    given.calibration = 1 if given.quick else 2
    given.sizes = (1_000, 10_000) if given.quick else (10_000, 100_000, 1_000_000)
    return given


def binary_size(results):
    copy = Path(PLACE) / "stripped"
    shutil.copy(BINARY, copy)
    subprocess.run(["strip", str(copy)], check=True)
    results.figure("binary_size", [copy.stat().st_size / 1e6], limit=25, unit="MB, stripped")
    copy.unlink()


def measure(settings, results):
    wanted = set(settings.names) or set(GOALS) - (set() if settings.full else {"soak"})
    if wanted & {"reads_one", "list_top", "list_etag", "votes_spread", "votes_hot", "signin_flood",
                 "kill", "ready", "soak"}:
        world = community.Community(settings)
        if "ready" in wanted:
            world.ready(results)
        if "reads_one" in wanted:
            world.reads(results)
        if wanted & {"list_top", "list_etag"}:
            world.lists(results)
        if "votes_spread" in wanted:
            world.votes_spread(results)
        if "votes_hot" in wanted:
            world.votes_hot(results)
        if "signin_flood" in wanted:
            world.signin_flood(results)
        if "kill" in wanted:
            world.kill(results)
        if "soak" in wanted:
            world.soak(results, 5 if settings.quick else 1800)
        drop(world.database)
    if "binary_size" in wanted:
        binary_size(results)
    if "import_copy" in wanted:
        books.import_copy(settings, results)
    if "settlement_200k" in wanted:
        books.settlement("settlement_200k", 20 if settings.quick else 200, settings.rounds, results)
    if "settlement_10m" in wanted:
        books.settlement("settlement_10m", 400 if settings.quick else 10_000, 1, results,
                         keep="large_books")
        books.settlement_growth(results)
    if "resettle" in wanted:
        books.resettle(settings, results)
    if "earnings_growth" in wanted:
        books.earnings(settings, results)
    elif "settlement_10m" in wanted:
        drop("large_books")
    if "influence" in wanted:
        influence.influence(settings, results)
    if "growth" in wanted:
        community.growth(settings, results)


TITLES = {
    "growth_reads": "Single reads", "growth_votes": "Votes", "growth_top": "The top list",
    "growth_new": "The newest list", "growth_trending": "The trending list",
    "growth_search": "Search", "growth_similar": "Similar ideas",
}


def write_docs(results):
    """The table between its marks, and a picture for each curve."""
    root = Path(os.environ["BENCH_ROOT"])
    page = root / "Docs" / "speed.md"
    folder = root / "Docs" / "speed"
    folder.mkdir(exist_ok=True)
    pictures = []
    for name, points in results.points.items():
        title = f"{TITLES[name]} as the community grows"
        (folder / f"{name}.svg").write_text(curves.svg(
            title, "requests a second by size of the community", points, machine()["text"]))
        pictures.append(f"![{title}](speed/{name}.svg)")
    begin, end = "<!-- results -->", "<!-- /results -->"
    before, rest = page.read_text().split(begin, 1)
    _, after = rest.split(end, 1)
    found = "\n\n".join([results.markdown(), *pictures])
    page.write_text(f"{before}{begin}\n{found}\n{end}{after}")


def main():
    settings = arguments()
    if settings.list:
        for name, goal in GOALS.items():
            print(f"{name:16} {goal}")
        for name, parts in GROUPS.items():
            print(f"{name:16} {', '.join(parts)}")
        return 0
    if settings.against:
        print(compare(json.loads(settings.compare.read_text()),
                      json.loads(settings.against.read_text())))
        return 0
    results, code = Results(), 0
    try:
        measure(settings, results)
    except Wrong as wrong:
        say(f"\nbench: {wrong}")
        code = 1
    print(results.table())
    document = results.document()
    if settings.json:
        settings.json.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    if settings.docs and code == 0:
        write_docs(results)
    if settings.compare:
        print("\n" + compare(json.loads(settings.compare.read_text()), document))
    return code


sys.exit(main())
