"""The worked examples of the money model, through the public API."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import model
from story import sale


def recipe(unclaimed="house", **slices):
    """slice=(percent, policy)"""
    return {"unclaimed": unclaimed, "slices": [
        {"slice": slice, "ppb": percent * 10_000_000, "policy": policy}
        for slice, (percent, policy) in slices.items()]}


def contract(base="net", **percents):
    return {"base": base, "rates": {c: round(p * 10_000) for c, p in percents.items()}}


EVERYTHING = recipe(inventor=(100, "named"))
ALL_OF_IT = contract(direct=100)


class Example:
    """A product of an inventor of its own, and what they have earned."""

    def __init__(self, world, number, rules=None, terms=None, title=None):
        self.world, self.number, self.lines = world, number, 0
        self.handle = f"example_{number}"
        self.inventor, self.token = world.member(self.handle)
        idea = world.scene.propose(self.token, title or f"The product of example {number}")
        self.product = world.scene.accept(idea, world.curator, rules, terms)

    def contribute(self, handle, slice, weight=1, evidence="adopted", role=None):
        member = self.world.member(handle)[0]
        self.world.scene.contribute(
            self.product, member, slice, self.world.curator, weight, evidence, role)

    def lock(self):
        self.world.scene.lock(self.product, self.world.curator)
        return self

    def sell(self, quantity, price, channel="direct", **more):
        self.lines += 1
        name = f"line-{self.lines}"
        line = sale(name, self.product, quantity, price, channel, **more)
        seen = self.world.scene.sell(self.world.finance, self.handle, line)["lines"][0]
        assert seen["outcome"] == "recorded", seen
        return name

    def settle(self):
        settle(self.world)

    def credited(self, handle=None):
        """What the product has credited the inventor, or another member."""
        member, token = self.world.member(handle or self.handle)
        seen = self.world.scene.earnings(member, token)["products"]
        return {p["product_id"]: p["credited"] for p in seen}.get(self.product, "0.00")

    def money(self):
        seen = self.world.scene.earnings(self.inventor, self.token)
        return next(c for c in seen["currencies"] if c["currency"] == "USD"), seen

    def payouts(self):
        return self.world.coinvent.run(
            "payouts", "list", "--member", self.handle, "--json", want=[0]).json["payouts"]


def settle(world):
    world.service.post("/v1/settlements", {}, world.finance)


def drain(world, want=(0, 6, 7)):
    return world.coinvent.run("worker", "--drain", "--json", want=want)


def run(world, findings):
    sales(world, findings)
    many(world, findings)
    returned_unit(world, findings)
    concurrent(world, findings)
    time_out(world, findings)
    minimum(world, findings)
    bounced(world, findings)
    world.scene.kill("provider", 15)


def sales(world, findings):
    forty = recipe(inventor=(40, "named"), idea_votes=(60, "selective"))
    first = Example(world, 1, forty).lock()
    first.sell(1, "9.99")
    second = Example(world, 2).lock()
    second.sell(10, "10.00")
    second.sell(1, "100.00", "retail")
    third = Example(world, 3)
    third.contribute("dora", "naming", role="entry")
    for handle in ("bert", "cleo", "emil"):
        third.contribute(handle, "naming", role="vote")
    third.lock().sell(50, "20.00", "retail")
    fifth = Example(world, 5).lock()
    fifth.sell(165_784, "15.90", "retail", discount="464.46")
    settle(world)
    findings.same("example 1", first.credited(), "1.1988")
    findings.same("example 2", second.credited(), "16.80")
    named = {h: third.credited(h) for h in ("dora", "bert", "cleo", "emil", "alma")}
    halves = [model.decimal(model.due(100 * model.WHOLE, ppb)) for ppb in
              [25_000_000, *model.divide(25_000_000, [1, 1, 1])]]
    findings.same("example 3", list(named.values()), [*halves, "0.00"])
    findings.same("example 3, in all", sum(map(model.nanos, named.values())), 5 * model.WHOLE)
    findings.same("example 5", fifth.credited(), "110691.04788")


def many(world, findings):
    """2 992 equal parts; fifteen members hold one each, and one holds all the others."""
    fourth = Example(
        world, 4, recipe(inventor=(40, "named"), idea_discussion=(60, "equal")),
        contract("gross", direct=10, retail=10))
    handles = ["alma", "bert", "cleo", "dora", "emil"]
    for handle in handles:
        fourth.contribute(handle, "idea_discussion")
    rest = 2_992 - len(handles)
    frida = world.member("frida")[0]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: world.scene.contribute(
            fourth.product, frida, "idea_discussion", world.curator, 1, f"comment {n}"),
            range(rest)))
    fourth.lock().sell(100, "10.00", "retail")
    settle(world)
    findings.same("example 4: inventor", fourth.credited(), "40.00")
    singles = {fourth.credited(handle) for handle in handles}
    findings.expect("example 4: a share is whole parts per billion next to 60/2992",
                    singles <= {"0.0200534", "0.0200535"}, singles)
    total = sum(model.nanos(fourth.credited(h)) for h in [*handles, "frida"])
    findings.same("example 4: the others together", total, 60 * model.WHOLE)


def returned_unit(world, findings):
    seventh = Example(world, 7, EVERYTHING, contract(direct=3)).lock()
    name = seventh.sell(1, "29.99", discount="5.00")
    settle(world)
    findings.same("example 7: sold", seventh.credited(), "0.7497")
    seventh.sell(-1, "29.99", discount="5.00", return_of=name, sold_at="2026-02-01T00:00:00Z")
    settle(world)
    money, seen = seventh.money()
    findings.same("example 7: came back", (seventh.credited(), money["payable"]), ("0.00", "0.00"))
    findings.same("example 7: both are told", [p["credited"] for p in seen["periods"]],
                  ["0.7497", "-0.7497"])
    findings.same("the net base is the model's", model.decimal(model.pool([
        sale("", "", 1, "29.99", discount="5.00")], contract(direct=3))), "0.7497")


def concurrent(world, findings):
    tenth = Example(world, 10, EVERYTHING, ALL_OF_IT).lock()
    tenth.sell(1, "5000.00")
    settle(world)
    body = {"amount": {"amount": "1000.00", "currency": "USD"}}
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(
            lambda _: world.service.once("POST", "/v1/payouts", body, tenth.token), range(6)))
    findings.same("example 10: exactly five of six", sorted(a.status for a in answers),
                  [201] * 5 + [409])
    money, _ = tenth.money()
    findings.same("example 10: what is left", (money["payable"], money["in_flight"]),
                  ("0.00", "5000.00"))
    cents = world.service.once("POST", "/v1/payouts", {
        "amount": {"amount": "10.001", "currency": "USD"}}, tenth.token)
    world.problem(findings, "payouts are whole cents", cents, 422)


def time_out(world, findings):
    """The first order that the provider gets is accepted and never answered."""
    world.scene.provide("--faults", "script=timeout,hang-ms=12000")
    eleventh = Example(world, 11, EVERYTHING, ALL_OF_IT).lock()
    eleventh.sell(1, "50.00")
    settle(world)
    eleventh.world.coinvent.run(
        "payouts", "request", eleventh.handle, "--currency", "USD", want=[0])
    drain(world)
    drain(world)
    told = transfers(world)
    mine = {p["id"] for p in eleventh.payouts()}
    findings.same("example 11: it is paid", [p["state"] for p in eleventh.payouts()], ["paid"])
    findings.same("example 11: and once", len([
        t for t in told if any(p in json.dumps(t) for p in mine)]), 1)
    money, _ = eleventh.money()
    findings.same("example 11: the books say so", (money["payable"], money["paid"]),
                  ("0.00", "50.00"))
    keys = [t["key"] for t in told]
    findings.same("one payment a key", len(keys), len(set(keys)))
    world.scene.kill("provider", 15)


def minimum(world, findings):
    world.scene.provide()
    ninth = Example(world, 9, EVERYTHING, ALL_OF_IT).lock()
    ninth.sell(1, "9.99")
    settle(world)
    drain(world)
    money, seen = ninth.money()
    findings.same("example 9: not paid", (money["payable"], money["paid"]), ("9.99", "0.00"))
    findings.expect("example 9: below_minimum", "below_minimum" in json.dumps(seen), seen)
    findings.same("example 9: no payout", ninth.payouts(), [])
    ninth.sell(1, "0.01")
    settle(world)
    drain(world)
    money, _ = ninth.money()
    findings.same("example 9: then 10.00", (money["payable"], money["paid"]), ("0.00", "10.00"))


def bounced(world, findings):
    twelfth = Example(world, 12, EVERYTHING, ALL_OF_IT).lock()
    twelfth.sell(1, "120.005")
    settle(world)
    drain(world)
    payout = twelfth.payouts()[0]
    findings.same("example 12: whole cents are paid", (
        payout["state"], payout["amount"]), ("paid", {"amount": "120.00", "currency": "USD"}))
    key = next(t["key"] for t in transfers(world) if payout["id"] in json.dumps(t))
    world.scene.provider.post(f"/v1/transfers/{key}/return", {})
    deadline = time.monotonic() + 20
    while twelfth.payouts()[0]["state"] != "returned" and time.monotonic() < deadline:
        drain(world)
    money, _ = twelfth.money()
    findings.same("example 12: payable again", (money["payable"], money["paid"]),
                  ("120.005", "0.00"))
    shown = world.coinvent.run("payouts", "show", payout["id"], "--json", want=[0]).json
    states = [event["state"] for event in shown["events"]]
    findings.expect("example 12: the statement tells both",
                    states[-2:] == ["paid", "returned"], states)
    over_http = world.service.get(f"/v1/payouts/{payout['id']}", twelfth.token)
    findings.same("a payout is the same over HTTP and by command", over_http, shown)


def transfers(world):
    """Everything that the provider was ever asked for and took."""
    result, after = [], 0
    while True:
        page = world.scene.provider.get(f"/v1/transfers?after={after}&limit=500")
        result += page["transfers"]
        if len(page["transfers"]) < 500:
            return result
        after = page["next"]
