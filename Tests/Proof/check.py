"""Checks a member's proof, made from Docs/proof.md alone: check.py FILE [KEY…]

It shares nothing with the program. Ends with 0 when the proof holds, and says why not otherwise.
"""

import base64
import hashlib
import json
import sys

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey


class Wrong(Exception):
    pass


def sha(text):
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).digest()


def lines(*rows):
    return "".join(row + "\n" for row in rows)


def expect(condition, says):
    if not condition:
        raise Wrong(says)


def nanos(text):
    whole, fraction = text.split(".")
    expect(len(fraction) == 9, f"{text} has not nine digits")
    value = int(whole + fraction)
    sign = "-" if value < 0 else ""
    canonical = f"{sign}{abs(value) // 10**9}.{abs(value) % 10**9:09}"
    expect(text == canonical, f"{text} is not written as amounts are")
    return value


def due(pool, share):
    sign = -1 if pool < 0 else 1
    return sign * (abs(pool) * share // 10**9)


def check_line(line):
    expect(line["kind"] in ("share", "referral"), "an unknown kind of line")
    credited = due(nanos(line["pool_after"]), line["share_ppb"]) - due(
        nanos(line["pool_before"]), line["share_ppb"])
    expect(credited == nanos(line["amount"]), "an amount is not its share of the pool")
    return (f"line {line['product']} {line['contract_version']} {line['share_version']} "
            f"{line['currency']} {line['kind']} {line['share_ppb']} {line['pool_before']} "
            f"{line['pool_after']} {line['amount']}")


def split(count):
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def climb(leaf, index, count, path):
    """The root that a leaf leads to."""
    expect(0 <= index < count, "no such leaf")
    if count == 1:
        expect(not path, "the path is too long")
        return leaf
    expect(path, "the path is too short")
    half, beside = split(count), path[-1]
    if index < half:
        return sha(b"\x01" + climb(leaf, index, half, path[:-1]) + beside)
    return sha(b"\x01" + beside + climb(leaf, index - half, count - half, path[:-1]))


def entry(kind, name, step, content, moment):
    return sha(lines("coinvent entry v1", f"kind {kind}", f"name {name}", f"step {step}",
                     f"content {content.hex()}", f"moment {moment}"))


def link(number, previous, digest):
    return sha(lines("coinvent chain v1", f"number {number}", f"previous {previous.hex()}",
                     f"entry {digest.hex()}"))


def read_key(text):
    name, short, packed = text.split("+", 2)
    raw = base64.b64decode(packed, validate=True)
    expect(raw[0] == 1 and len(raw) == 33, "no Ed25519 key")
    identity = sha(name.encode() + b"\n" + raw)[:4]
    expect(identity.hex() == short, "the key's hash is not its own")
    return name, identity, VerifyKey(raw[1:])


def read_checkpoint(note, key_text):
    name, identity, key = read_key(key_text)
    body, _, last = note.rpartition("\n\n")
    body += "\n"
    origin, size, head, _ = body.split("\n")[:-1]
    expect(origin == name, "the checkpoint is another's")
    start = f"— {name} "
    expect(last.startswith(start) and last.endswith("\n"), "no signature of the key")
    packed = last[len(start):-1]
    signature = base64.b64decode(packed, validate=True)
    expect(base64.b64encode(signature).decode() == packed, "base64 that is not canonical")
    expect(signature[:4] == identity, "a signature of another key")
    try:
        key.verify(body.encode(), signature[4:])
    except BadSignatureError as error:
        raise Wrong("the signature is not of the checkpoint") from error
    expect(base64.b64encode(base64.b64decode(head)).decode() == head, "a head not canonical")
    return int(size), base64.b64decode(head)


def check_chain(chain, digest, keys):
    expect(not keys or chain["key"] in keys, "another key has signed")
    size, head = read_checkpoint(chain["checkpoint"], chain["key"])
    number, now = chain["number"], bytes.fromhex(chain["previous"])
    for one in [digest] + [bytes.fromhex(text) for text in chain["following"]]:
        now = link(number, now, one)
        number += 1
    expect(number - 1 == size, "the chain does not end where it was signed")
    expect(now == head, "the chain does not lead to the signed hash")


def check_settlement(member, part, keys):
    text = lines("coinvent lines v1", f"settlement {part['settlement']}", f"member {member}",
                 f"salt {part['salt']}", *[check_line(line) for line in part["lines"]])
    root = climb(sha(b"\x00" + text.encode()), part["index"], part["leaves"],
                 [bytes.fromhex(one) for one in part["path"]])
    content = sha(lines("coinvent root v1", f"settlement {part['settlement']}",
                        f"leaves {part['leaves']}", f"root {root.hex()}"))
    check_chain(part["chain"], entry("lines", part["settlement"], 0, content, part["moment"]), keys)


def check_payout(member, part, keys):
    content = sha(lines(
        "coinvent payout v1", f"payout {part['payout']}", f"step {part['step']}",
        f"member {member}", f"rail {part['rail']}", f"from {part['from']}", f"to {part['to']}",
        f"amount {part['amount']} {part['currency']}", f"moment {part['moment']}"))
    digest = entry("payout", part["payout"], part["step"], content, part["moment"])
    check_chain(part["chain"], digest, keys)


LINE = ["product", "contract_version", "share_version", "currency", "kind", "share_ppb",
        "pool_before", "pool_after", "amount"]
CHAIN = ["number", "previous", "following", "checkpoint", "key"]
SETTLEMENT = ["settlement", "salt", "lines", "index", "leaves", "path", "moment", "chain"]
PAYOUT = ["payout", "step", "rail", "from", "to", "amount", "currency", "moment", "chain"]


def check_form(data, proof):
    """Nothing stands in the file besides what is checked."""
    expect(list(proof) == ["format", "member", "settlements", "payouts"], "other members")
    for part in proof["settlements"]:
        expect(list(part) == SETTLEMENT and list(part["chain"]) == CHAIN, "other members")
        expect(all(list(line) == LINE for line in part["lines"]), "other members")
    for part in proof["payouts"]:
        expect(list(part) == PAYOUT and list(part["chain"]) == CHAIN, "other members")
    compact = json.dumps(proof, ensure_ascii=False, separators=(",", ":")).encode()
    pretty = json.dumps(proof, ensure_ascii=False, indent=2).encode() + b"\n"
    expect(data in (compact, pretty.replace(b"[]", b"[]")), "not written as proofs are")


def check(data, keys=()):
    """Throws Wrong, or returns how many settlements and payouts are proven."""
    try:
        proof = json.loads(data.decode())
        expect(proof["format"] == "coinvent proof v1", "another format")
        check_form(data, proof)
        expect(proof["settlements"] or proof["payouts"], "nothing is proven")
        for part in proof["settlements"]:
            check_settlement(proof["member"], part, keys)
        for part in proof["payouts"]:
            check_payout(proof["member"], part, keys)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Wrong(f"not a proof: {error!r}") from error
    return len(proof["settlements"]), len(proof["payouts"])


if __name__ == "__main__":
    try:
        with open(sys.argv[1], "rb") as file:
            settlements, payouts = check(file.read(), sys.argv[2:])
    except Wrong as error:
        print(f"The proof does not hold: {error}.")
        sys.exit(5)
    print(f"The proof holds: {settlements} settlements, {payouts} steps of payouts.")
