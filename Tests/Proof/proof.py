"""A member's proofs of a small community, checked by the program and by check.py; then broken."""

import argparse
import json
import os
import random
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "TestSupport"))

import check  # noqa: E402
from scene import Findings, Scene  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", required=True, help="an empty folder for the cluster")
    parser.add_argument("--show", action="store_true", help="print what holds too")
    options = parser.parse_args()
    findings = Findings(options.show)
    scene = Scene(options.place, COINVENT_RAIL="csv", COINVENT_PAYOUT_MINIMUM="0.01")
    scene.begin()
    key = scene.coinvent.run("proof", "key", "--name", "example.org", "--json", want=[0]).json["key"]
    members, operator = tell(scene)
    settle_and_pay(scene, operator)
    files = {name: prove(scene, findings, name, key) for name, _ in members}
    by_http(scene, findings, members, key)
    break_it(scene, findings, files[members[0][0]], key)
    scene.end()
    return findings.end("Proof")


def tell(scene):
    """A product that one member invented and four others named."""
    operator = scene.operator()
    members = []
    for name in ["ada", "bob", "cleo", "dora", "eve"]:
        identity, token = scene.join(name)
        members.append((name, (identity, token)))
    idea = scene.propose(members[0][1][1], "A shelf that folds")
    product = scene.accept(idea, operator)
    for _, (identity, _) in members[1:]:
        scene.contribute(product, identity, "naming", operator)
    scene.lock(product, operator)
    scene.product = product
    return members, operator


def settle_and_pay(scene, operator):
    for number, (price, currency) in enumerate([("99.90", "USD"), ("7", "EUR"), ("0.07", "USD")]):
        scene.service.post("/v1/sales", {"source": "shop", "lines": [{
            "external_id": str(number), "product_id": scene.product, "channel": "direct",
            "quantity": 7, "unit_price": price, "discount": "0", "allowance": "0",
            "currency": currency, "sold_at": "2026-01-31T12:00:00Z"}]}, operator)
        scene.coinvent.run("settle", want=[0])
        if number == 0:
            scene.coinvent.run("worker", "--drain", want=[0, 7])
            payouts = scene.coinvent.run("payouts", "list", "--json", want=[0]).json["payouts"]
            for place, payout in enumerate(payouts):
                mark = ["paid", "failed"][place % 2]
                scene.coinvent.run("payouts", "mark", payout["id"], "--as", mark, want=[0])
    scene.coinvent.run("proof", "seal", want=[0, 6])
    scene.coinvent.run("verify", want=[0])


def prove(scene, findings, name, key):
    path = scene.place / f"{name}.json"
    scene.coinvent.run("proof", name, "--to", path, want=[0])
    data = path.read_bytes()
    ours = scene.coinvent.run("proof", "check", path, "--key", key, "--json")
    findings.same(f"the program says that {name}'s proof holds", ours.code, 0)
    findings.same(f"so does the other checker of {name}'s", tried(data, [key]), (3, 1))
    return data


def by_http(scene, findings, members, key):
    identity, token = members[1][1]
    proof = scene.service.once("GET", f"/v1/members/{identity}/proof", None, token)
    findings.same("the API's proof holds, compact as it is", tried(proof.body, [key]), (3, 1))
    page = scene.service.get("/v1/proof/entries?limit=100")["entries"]
    findings.same(
        "the public entries are the chain",
        all(check.link(one["number"], bytes.fromhex(one["previous"]),
                       bytes.fromhex(one["entry"])).hex() == one["hash"] for one in page), True)
    for point in scene.service.get("/v1/proof/checkpoints")["checkpoints"]:
        size, head = check.read_checkpoint(point["note"], key)
        findings.same(
            f"checkpoint {size} is of the chain", page[size - 1]["hash"], head.hex())


def break_it(scene, findings, data, key):
    holds = [place for place in range(len(data)) if tried(flip(data, place), [key])]
    findings.same(f"none of {len(data)} bytes can be changed before the other checker", holds, [])
    path = scene.place / "forged.json"
    for place in random.Random(1).sample(range(len(data)), 60):
        path.write_bytes(flip(data, place))
        done = scene.coinvent.run("proof", "check", path, "--key", key)
        if done.code not in (1, 5):
            findings.same(f"the program sees a changed byte {place}", done.code, 5)
    other = "example.org" + key[len("example.org"):-8] + "AAAAAAA="
    findings.same("another key is refused", tried(data, [other]), None)
    findings.same("all of it still holds", tried(data), (3, 1))
    forged = json.loads(data)
    del forged["payouts"][0]
    text = json.dumps(forged, ensure_ascii=False, indent=2).encode() + b"\n"
    findings.same("what is left out is left out, and the rest holds", tried(text), (3, 0))


def flip(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1:]


def tried(data, keys=()):
    try:
        return check.check(data, keys)
    except check.Wrong:
        return None


if __name__ == "__main__":
    sys.exit(main())
