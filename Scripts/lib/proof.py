"""The figures of a replay, and the proof that nothing was lost on the way."""

import model

UNIT = "USD"


def money(nanos):
    return model.decimal(nanos)


class Proof:
    """Compares what the service says with the same reckoning in Python."""

    def __init__(self, replay, earnings):
        self.replay, self.earnings = replay, earnings
        self.good = True
        self.products = replay.plan.products
        for product in self.products:
            product.gross = sum(model.base(line, "gross") for line in product.lines)
            product.pool = model.pool(product.lines, model.STANDARD_CONTRACT)
            product.due = {holder: model.due(product.pool, ppb)
                           for holder, ppb in product.holders.items()}
            product.crumbs = product.pool - sum(product.due.values())

    def print_products(self):
        print("The pool of each product (USD)\n")
        print(f"  {'product':<28} {'units':>8} {'revenue':>16} {'pool':>16} {'members':>8}"
              f" {'house':>8}")
        for product in sorted(self.products, key=lambda p: (-p.pool, p.key)):
            members = sum(1 for holder in product.holders if holder)
            house = product.holders.get(None, 0) * 100 // model.WHOLE
            print(f"  {product.name[:28]:<28} {product.units:>8} {money(product.gross):>16}"
                  f" {money(product.pool):>16} {members:>8} {house:>6} %")

    def print_best_paid(self):
        print("\nThe ten best-paid members (USD)\n")
        print(f"  {'member':<28} {'credited':>22} {'paid':>16} {'products':>9}")
        inventors = {p.inventor for p in self.products}
        ranked = sorted(enumerate(self.earnings),
                        key=lambda item: (-self.total(item[1], "credited"), item[0]))
        for number, seen in ranked[:10]:
            name = self.replay.handle(number) + (" (inventor)" if number in inventors else "")
            print(f"  {name:<28} {money(self.total(seen, 'credited')):>22}"
                  f" {money(self.total(seen, 'paid')):>16} {len(seen['products']):>9}")

    def total(self, seen, field):
        return sum(model.nanos(c[field]) for c in seen["currencies"] if c["currency"] == UNIT)

    def sum(self, field):
        return sum(self.total(seen, field) for seen in self.earnings)

    def check(self, sentence, truth):
        self.good = self.good and truth
        print(f"  {'yes' if truth else 'NO ':<4} {sentence}")

    def print_totals(self):
        pools = sum(product.pool for product in self.products)
        house = sum(product.due.get(None, 0) for product in self.products)
        crumbs = sum(product.crumbs for product in self.products)
        credited = sum(model.nanos(credit["credited"]) for seen in self.earnings
                       for credit in seen["products"] if credit["product_id"] in self.ids)
        paid, provided = self.sum("paid"), self.provided()
        print("\nThe proof (USD)\n")
        for name, value in [
                ("revenue", sum(product.gross for product in self.products)), ("pools", pools),
                ("credited to members", credited), ("house, for slices nobody earned", house),
                ("crumbs that stay in the pools", crumbs), ("paid", paid),
                ("payable, below the minimum or a cent", self.sum("payable")),
                ("on its way", self.sum("in_flight"))]:
            print(f"  {name:<40} {money(value):>22}")
        print()
        self.check("pools = credited + house + crumbs", pools == credited + house + crumbs)
        self.check("each member's credit per product is the model's to the nano", self.exact())
        self.check("each member: credited = payable + in flight + paid + held + fees", all(
            self.total(seen, "credited") == sum(
                self.total(seen, part) for part in ("payable", "in_flight", "paid", "held", "fees"))
            for seen in self.earnings))
        self.check("paid = what the provider says it paid", paid == provided)
        verify = self.replay.coinvent.run("verify")
        self.check(f"coinvent verify ends with {verify.code}", verify.code == 0)
        if verify.code:
            print(verify.out + verify.err)
        return self.good

    @property
    def ids(self):
        return {product.id for product in self.products}

    def exact(self):
        wanted = {}
        for product in self.products:
            for holder, due in product.due.items():
                if holder and due:
                    wanted[holder, product.id] = due
        got = {(seen["member_id"], credit["product_id"]): model.nanos(credit["credited"])
               for seen in self.earnings for credit in seen["products"]
               if credit["product_id"] in self.ids and model.nanos(credit["credited"])}
        wrong = [key for key in wanted.keys() | got.keys() if wanted.get(key) != got.get(key)]
        for member, product in sorted(wrong)[:3]:
            print(f"       {member} has {got.get((member, product))} of {product} and should have"
                  f" {wanted.get((member, product))}")
        return not wrong

    def provided(self):
        """What the provider, and the finance person, say that these members were paid."""
        members = set(self.replay.ids)
        total = sum(
            model.nanos(transfer["amount"]) for transfer in self.replay.transfers
            if transfer["recipient"] in members and transfer["state"] == "paid")
        payouts = self.replay.coinvent.run(
            "payouts", "list", "--state", "paid", "--limit", 100000, "--json",
            want=[0]).json["payouts"]
        return total + sum(
            model.nanos(payout["amount"]["amount"]) for payout in payouts
            if payout["rail"] == "csv" and payout["member_id"] in members)
