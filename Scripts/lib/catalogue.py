"""The real catalogue of 2015 and what its counts imply: members, votes, contributions, sales.

What the files do not say is filled by the assumptions that `ASSUMPTIONS` states. The same seed
and scale always make the same plan.
"""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

ASSUMPTIONS = """\
What the catalogue does not say, and what this replay assumes:
  - One community stands behind all products, as large as the largest product's influencers.
    --scale multiplies influencers and entries, and so the community; units sold never change.
  - A fifth of the members are regulars, who fill half of each product's influencers.
  - Two in five influencers voted for the idea; the others worked on its phases, in proportion to
    their entries; whoever finds no place there voted too.
  - Phases earn slices: Problem / Solution research, Images comparison, Design design, Logo Design
    packaging, Naming naming, Tagline tagline. A phase without entries leaves its slice to the
    house, as do slices that have no phase here.
  - In research and comparison each adopted entry counts the same, at most as many as were
    entered. Elsewhere one entry was adopted: its author gets 80 % of design and packaging and
    50 % of naming and tagline, the members who voted for it the rest, in equal parts. Where
    nobody is left to have voted, that part goes to the house.
  - {direct} % of the units were sold direct at the list price, the others through retailers at
    {wholesale} % of it. They spread evenly over the quarters from the selection (15 days after
    the submission, the median, where it is unknown) to June 2015.
  - Where the list price is unknown ({unknown} of {products} products), it is the median of those
    that are known: {median}."""

SLICES = {
    "Problem / Solution": "research", "Images": "comparison", "Design": "design",
    "Logo Design": "packaging", "Naming": "naming", "Tagline": "tagline",
}
EQUAL = ("research", "comparison")
LAST_DAY = date(2015, 6, 30)


class Product:
    """A row of the catalogue with its phases, and who did what for it."""

    def __init__(self, row, phases):
        self.key, self.name = row["product_id"], row["name"]
        self.inventor_key = row["inventor_id"]
        self.units, self.influencers = int(row["units_sold"]), int(row["influencers"])
        self.price = cents(row["list_price_usd"]) if row["list_price_usd"] else None
        submitted = date.fromisoformat(row["submitted_on"])
        self.selected = (date.fromisoformat(row["selected_on"]) if row["selected_on"]
                         else submitted + timedelta(days=15))
        self.phases = phases
        self.inventor, self.voters = 0, []
        # (member, slice, role, evidence)
        self.contributions = []
        self.lines = []


def cents(text):
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def read(folder):
    folder = Path(folder)
    phases = {}
    with open(folder / "quirky-2015-phases.csv", newline="") as file:
        for row in csv.DictReader(file):
            phases.setdefault(row["product_id"], []).append((row["phase"], int(row["entries"])))
    with open(folder / "quirky-2015-products.csv", newline="") as file:
        return [Product(row, phases.get(row["product_id"], [])) for row in csv.DictReader(file)]


class Plan:
    """Everything that the replay will do, decided before anything is done."""

    def __init__(self, folder, seed=1, scale=100, direct=10, wholesale=50):
        """:param scale: in thousandths"""
        self.products = read(folder)
        self.phase_rows = sum(len(product.phases) for product in self.products)
        self.seed, self.scale, self.direct, self.wholesale = seed, scale, direct, wholesale
        self.chance = random.Random(f"{seed}/{scale}")
        keys = sorted({product.inventor_key for product in self.products})
        largest = max(self.scaled(product.influencers) for product in self.products)
        self.members = max(largest, len(keys) + 20)
        self.regulars = max(1, self.members // 5)
        known = sorted(product.price for product in self.products if product.price)
        self.median = known[len(known) // 2]
        self.unknown = len(self.products) - len(known)
        # Inventors are members like the others, anywhere in the community.
        places = self.chance.sample(range(self.members), len(keys))
        inventors = dict(zip(keys, places))
        for product in self.products:
            product.inventor = inventors[product.inventor_key]
            self.staff(product)
            self.sell(product)

    @property
    def name(self):
        return f"{self.seed}_{self.scale}"

    def scaled(self, count):
        return max(1, (count * self.scale + 500) // 1000) if count else 0

    def assumptions(self):
        return ASSUMPTIONS.format(
            direct=self.direct, wholesale=self.wholesale, unknown=self.unknown,
            products=len(self.products), median=money(self.median))

    def staff(self, product):
        """Chooses the influencers and what each did."""
        people = self.choose(max(0, self.scaled(product.influencers) - 1), product.inventor)
        wishes = (2 * len(people) + 4) // 5
        product.voters, workers = people[:wishes], people[wishes:]
        entries = {}
        for phase, count in product.phases:
            if count:
                slice = SLICES[phase]
                entries[slice] = entries.get(slice, 0) + self.scaled(count)
        for slice, team in self.teams(entries, workers).items():
            product.contributions += contributions(slice, team)
        working = {member for member, _, _, _ in product.contributions}
        product.voters += [member for member in workers if member not in working]

    def choose(self, count, without):
        everybody = [member for member in range(self.members) if member != without]
        count = min(count, len(everybody))
        regulars = [member for member in everybody if member < self.regulars]
        chosen = self.chance.sample(regulars, min(count // 2, len(regulars)))
        taken = set(chosen)
        others = [member for member in everybody if member not in taken]
        chosen += self.chance.sample(others, count - len(chosen))
        self.chance.shuffle(chosen)
        return chosen

    def teams(self, entries, workers):
        """Divides people over slices in proportion to entries, at least one each while they last;
        an entry that counts by itself has one author."""
        teams, left, total = {}, list(workers), sum(entries.values())
        for slice, count in sorted(entries.items(), key=lambda item: item[1]):
            size = max(1, len(workers) * count // total)
            if slice in EQUAL:
                size = min(size, count)
            teams[slice], left = left[:size], left[size:]
        return {slice: team for slice, team in teams.items() if team}

    def sell(self, product):
        price = product.price or self.median
        direct = product.units * self.direct // 100
        for channel, units, cost in [
                ("direct", direct, price),
                ("retail", product.units - direct, price * self.wholesale // 100)]:
            days = quarters(product.selected)
            each, more = divmod(units, len(days))
            for number, day in enumerate(days):
                quantity = each + (1 if number < more else 0)
                if quantity:
                    product.lines.append({
                        "external_id": f"{product.key}-{channel}-{day}", "channel": channel,
                        "quantity": quantity, "unit_price": money(cost), "discount": "0.00",
                        "allowance": "0.00", "currency": "USD", "sold_at": f"{day}T12:00:00Z",
                        "return_of": None})


def contributions(slice, team):
    if slice in EQUAL:
        return [(member, slice, None, f"adopted entry {n}") for n, member in enumerate(team, 1)]
    author, voters = team[0], team[1:]
    return [(author, slice, "entry", "author of the adopted entry")] + [
        (member, slice, "vote", "vote for the adopted entry") for member in voters]


def quarters(first):
    """The last days of the quarters from a day to the end; at least one."""
    days, year, month = [], first.year, (first.month - 1) // 3 * 3 + 3
    while True:
        following = date(year + month // 12, month % 12 + 1, 1)
        day = following - timedelta(days=1)
        if day > LAST_DAY and days:
            return days
        days.append(day)
        year, month = following.year, following.month + 2


def money(cents):
    return f"{cents // 100}.{cents % 100:02d}"
