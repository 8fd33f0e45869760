"""A small community's books, exported and read by hledger and beancount: every balance is ours."""

import argparse
import csv
import io
import json
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "TestSupport"))

from beancount import loader  # noqa: E402
from beancount.core.data import Open, Transaction  # noqa: E402
from scene import Findings, Scene  # noqa: E402

# The account in our trial balance of each name in the journal, by its start and end.
KINDS = [
    ("Assets:Channels:", "", "channel_revenue"), ("Assets:Bank", "", "bank"),
    ("Assets:Provider", "", "provider_clearing"), ("Liabilities:Pools:", "", "product_pool"),
    ("Liabilities:Members:", ":Clearing", "clearing"),
    ("Liabilities:Members:", ":Payable", "member_payable"),
    ("Liabilities:Members:", ":InFlight", "payout_in_flight"),
    ("Liabilities:Members:", ":Fees", "fees_held"), ("Income:Fees", "", "fees_earned"),
    ("Income:House", "", "house"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", required=True, help="an empty folder for the cluster")
    parser.add_argument("--show", action="store_true", help="print what holds too")
    options = parser.parse_args()
    findings = Findings(options.show)
    scene = Scene(options.place, COINVENT_RAIL="csv", COINVENT_PAYOUT_MINIMUM="0.01")
    scene.begin()
    ada = tell(scene)
    ours = trial_balance(scene)
    findings.expect("there is something in the books", len(ours) >= 8, ours)
    files = {name: export(scene, name) for name in ["hledger", "beancount", "csv", "jsonl"]}
    check = {"hledger": hledger, "beancount": beancount, "csv": rows, "jsonl": lines}
    for name, path in files.items():
        theirs = check[name](path, findings)
        findings.same(f"{name}: every kind of account has our balance", by_kind(theirs), ours)
        member = {code: -sum for (account, code), sum in theirs.items()
                  if ada in account.replace("Mem-", "mem_") and account.endswith(":Payable")}
        findings.same(f"{name}: so has a member's own", drop(member), own(scene, ada))
    part = scene.place / "part.journal"
    scene.coinvent.run("books", "export", "--since", "2999-01-01", "--to", part, want=[0])
    findings.same("a span without transfers is an empty journal", read_hledger(part), {})
    scene.coinvent.run("verify", want=[0])
    scene.end()
    return findings.end("Books")


def tell(scene):
    """Sales in two currencies, one of no minor unit, settlements, payouts and deposits."""
    operator = scene.operator()
    ada, token = scene.join("ada")
    others = [scene.join(name)[0] for name in ["bob", "cleo", "dora"]]
    product = scene.accept(scene.propose(token, "A shelf that folds"), operator)
    for other in others:
        scene.contribute(product, other, "naming", operator)
    scene.lock(product, operator)
    for number, (price, currency) in enumerate([("99.97", "USD"), ("701", "JPY")]):
        scene.sell(operator, "shop", {
            "external_id": str(number), "product_id": product, "channel": "direct", "quantity": 7,
            "unit_price": price, "discount": "0", "allowance": "0", "currency": currency,
            "sold_at": "2026-01-31T12:00:00Z"})
        scene.coinvent.run("settle", want=[0])
    scene.coinvent.run("worker", "--drain", want=[0, 7])
    payouts = scene.coinvent.run("payouts", "list", "--json", want=[0]).json["payouts"]
    for place, payout in enumerate(payouts):
        mark = ["paid", "failed", "returned"][place % 3]
        scene.coinvent.run("payouts", "mark", payout["id"], "--as", mark, want=[0])
    for code, amount in [("USD", "500.00"), ("JPY", "5000"), ("USD", "-20.01")]:
        scene.coinvent.run("books", "deposit", "--currency", code, "--amount", amount,
                           "--reference", f"{code} {amount}", want=[0])
    return ada


def trial_balance(scene):
    done = scene.coinvent.run("books", "trial-balance", "--json", want=[0])
    return {(one["kind"], one["currency"]): Decimal(one["amount"])
            for one in done.json["balances"]}


def own(scene, member):
    done = scene.coinvent.run("books", "balance", f"member_payable:{member}", "--json", want=[0])
    return {one["currency"]: Decimal(one["amount"]) for one in done.json["balances"]}


def export(scene, name):
    path = scene.place / f"books.{name}"
    scene.coinvent.run("books", "export", "--format", name, "--to", path, want=[0])
    return path


def by_kind(balances):
    """In our signs: what is owed is positive."""
    sums = defaultdict(Decimal)
    for (account, code), amount in balances.items():
        kind = next(kind for start, end, kind in KINDS
                    if account.startswith(start) and account.endswith(end))
        sums[kind, code] -= amount
    return drop(sums)


def drop(sums):
    return {name: amount for name, amount in sums.items() if amount}


def hledger(path, findings):
    checked = subprocess.run(
        ["hledger", "-f", path, "check", "--strict"], capture_output=True, text=True)
    findings.same("hledger finds the journal in order, to the letter", checked.stderr, "")
    ordered = subprocess.run(
        ["hledger", "-f", path, "check", "ordereddates"], capture_output=True, text=True)
    findings.same("hledger finds its dates in order", ordered.returncode, 0)
    return read_hledger(path)


def read_hledger(path):
    done = subprocess.run(
        ["hledger", "-f", path, "balance", "--flat", "--no-total", "--layout", "bare", "-O", "csv"],
        capture_output=True, text=True, check=True)
    return {(row["account"], row["commodity"]): Decimal(row["balance"])
            for row in csv.DictReader(io.StringIO(done.stdout)) if Decimal(row["balance"])}


def beancount(path, findings):
    entries, errors, _ = loader.load_file(str(path))
    findings.same("beancount finds no error", [error.message for error in errors], [])
    opened = {entry.account for entry in entries if isinstance(entry, Open)}
    sums = defaultdict(Decimal)
    for entry in entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                sums[posting.account, posting.units.currency] += posting.units.number
    findings.same("every account is opened once and used", opened, {name for name, _ in sums})
    return sums


def rows(path, findings):
    with open(path, newline="") as file:
        return moved(csv.DictReader(file))


def lines(path, findings):
    return moved(json.loads(line) for line in path.read_text().splitlines())


def moved(transfers):
    sums = defaultdict(Decimal)
    for one in transfers:
        sums[one["from_account"], one["currency"]] += Decimal(one["amount"])
        sums[one["to_account"], one["currency"]] -= Decimal(one["amount"])
    return sums


if __name__ == "__main__":
    sys.exit(main())
