"""The end of a run of faults: what the service holds, against what was acknowledged to clients
and against a second reckoning of all the money."""

import model
from service import uuid_of


def open_ideas(world):
    return ",".join(f"'{uuid_of(idea)}'" for idea in world.open_ideas)


def votes(world, findings):
    rows = {tuple(row) for row in world.scene.sql(
        f"SELECT idea_id, member_id FROM votes WHERE idea_id IN ({open_ideas(world)})")}
    wanted = {(uuid_of(idea), uuid_of(member)) for load in world.voting
              for (idea, member), voted in load.voted.items() if voted}
    findings.same("no acknowledged vote is missing", sorted(wanted - rows)[:3], [])
    findings.same("no withdrawn vote is there", sorted(rows - wanted)[:3], [])
    for idea in world.open_ideas:
        count = sum(1 for row in rows if row[0] == uuid_of(idea))
        seen = world.scene.service.get(f"/v1/ideas/{idea}")["votes"]
        if seen != count:
            findings.same(f"the votes of {idea} are counted", seen, count)


def sales(world, findings):
    rows = sorted(tuple(row) for row in world.scene.sql(
        "SELECT source, external_id, product_id, channel, quantity, unit_price, discount, "
        "allowance, coalesce(return_of, '') FROM sale_lines"))
    wanted = sorted((
        load.name, line["external_id"], uuid_of(line["product_id"]), line["channel"],
        str(line["quantity"]), str(model.nanos(line["unit_price"])),
        str(model.nanos(line["discount"])), str(model.nanos(line["allowance"])),
        line["return_of"] or "") for load in world.selling for line in load.lines)
    findings.same("every acknowledged sale line is there once", (
        len(rows), [row for row in wanted if row not in set(rows)][:2],
        [row for row in rows if row not in set(wanted)][:2]), (len(wanted), [], []))


def earnings(world, findings):
    """Each member's credits by product, recomputed from the lines that clients sent. Products
    under contracts with terms are recounted by verify, which is their second implementation."""
    lines = [line for load in world.selling for line in load.counting()]
    wanted = {}
    for product in world.products:
        own = [line for line in lines if line["product_id"] == product]
        pool = model.pool(own, world.contract)
        for holder, ppb in world.holdings[product].items():
            due = model.due(pool, ppb)
            if holder and due:
                wanted[holder, product] = due
    got, paid = {}, {}
    for member in world.members:
        seen = world.scene.earnings(member, world.operator)
        for credit in seen["products"]:
            if model.nanos(credit["credited"]) and credit["product_id"] in world.products:
                got[member, credit["product_id"]] = model.nanos(credit["credited"])
        for money in seen["currencies"]:
            part = {key: model.nanos(money[key]) for key in
                    ("credited", "payable", "in_flight", "paid", "held")}
            paid[member] = part["paid"]
            if (part["credited"], part["in_flight"], part["held"]) != (
                    part["payable"] + part["paid"], 0, 0):
                findings.same(f"what {member} was credited is payable or paid", part, None)
    wrong = [(key, got.get(key), wanted.get(key)) for key in sorted(wanted.keys() | got.keys())
             if got.get(key) != wanted.get(key)]
    findings.same("earnings are the model's to the nano", wrong[:3], [])
    return paid


def payouts(world, findings, paid):
    ours = world.all_payouts()
    theirs, after = [], 0
    while True:
        page = world.scene.provider.get(f"/v1/transfers?after={after}&limit=500")
        theirs += page["transfers"]
        if len(page["transfers"]) < 500:
            break
        after = page["next"]
    keys = [transfer["key"] for transfer in theirs]
    findings.same("the provider has each key once", len(keys), len(set(keys)))
    findings.same("no payout is open", [
        p["id"] for p in ours if p["state"] not in ("paid", "failed", "returned")][:3], [])

    def effects(rows, state, amount, member):
        return {(key, row[member], amount(row)) for key, row in rows if row["state"] == state}
    mine = [(payout["id"], payout) for payout in ours]
    other = [(transfer["key"], transfer) for transfer in theirs]
    for state in ("paid", "returned"):
        have = effects(mine, state, lambda row: row["amount"]["amount"], "member_id")
        real = effects(other, state, lambda row: row["amount"], "recipient")
        findings.same(f"what is {state} here is {state} there", (
            sorted(have - real)[:2], sorted(real - have)[:2]), ([], []))
    sums = {}
    for transfer in theirs:
        if transfer["state"] == "paid":
            sums.setdefault(transfer["recipient"], 0)
            sums[transfer["recipient"]] += model.nanos(transfer["amount"])
    findings.same("every member got what the books say", {
        member: total for member, total in paid.items() if total}, sums)


def teeth(world, findings):
    """Each check must see what is changed behind everybody's back."""
    from scene import Findings

    def sees(sentence, check, change, back):
        quiet = Findings()
        quiet.expect = lambda text, truth, seen="": setattr(
            quiet, "failed", quiet.failed + (not truth))
        world.scene.sql(change)
        check(world, quiet)
        world.scene.sql(back)
        findings.expect(f"teeth: {sentence}", quiet.failed > 0)
    vote = world.scene.sql(
        f"SELECT * FROM votes WHERE idea_id IN ({open_ideas(world)}) LIMIT 1")[0]
    sees("a vote that is gone is missed", votes,
         f"DELETE FROM votes WHERE idea_id = '{vote[0]}' AND member_id = '{vote[1]}'",
         f"INSERT INTO votes VALUES ('{vote[0]}', '{vote[1]}', '{vote[2]}')")
    name = world.scene.sql("SELECT external_id FROM sale_lines LIMIT 1")[0][0]
    where = f"WHERE external_id = '{name}'"
    sees("a sale line that changed is seen", sales,
         f"UPDATE sale_lines SET quantity = quantity * 2 {where}",
         f"UPDATE sale_lines SET quantity = quantity / 2 {where}")
    owner = world.scene.sql("SELECT owner FROM balances WHERE kind = 'member_payable' LIMIT 1")
    owner = owner[0][0]
    where = f"WHERE owner = '{owner}' AND kind = 'member_payable'"
    world.scene.sql(f"UPDATE balances SET balance = balance + 1 {where}")
    done = world.scene.coinvent.run("verify")
    named = owner in done.out + done.err or any(
        member in done.out + done.err for member in world.members if uuid_of(member) == owner)
    findings.expect("teeth: verify ends with 5 and names the balance", done.code == 5 and named,
                    done)
    world.scene.sql(f"UPDATE balances SET balance = balance - 1 {where}")
    findings.same("verify is clean again", world.scene.coinvent.run("verify").code, 0)
