"""The arithmetic of influence and money once more, exact and independent of the service.

Amounts are whole nanos, shares whole parts per billion; Python's integers and fractions are exact.
"""

from fractions import Fraction

WHOLE = 1_000_000_000
HOUSE = None


def nanos(text):
    """A decimal string in nanos; refuses what has more than nine places."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, part = digits.partition(".")
    if not whole.isdigit() or (part and not part.isdigit()) or len(part) > 9:
        raise ValueError(f"“{text}” is no amount")
    return sign * (int(whole) * WHOLE + int((part + "0" * 9)[:9]))


def decimal(amount, places=2):
    """Nanos as a decimal string with all their digits, and at least `places` of them."""
    whole, part = divmod(abs(amount), WHOLE)
    digits = f"{part:09d}"
    while len(digits) > places and digits.endswith("0"):
        digits = digits[:-1]
    return ("-" if amount < 0 else "") + str(whole) + ("." + digits if digits else "")


def truncated(fraction):
    """Toward zero."""
    return int(Fraction(fraction))


def base(line, of):
    """What a sale line brought, in nanos: gross, or net of its discount and allowance."""
    gross = int(line["quantity"]) * nanos(line["unit_price"])
    if of == "gross":
        return gross
    off = abs(nanos(line.get("discount") or "0")) + abs(nanos(line.get("allowance") or "0"))
    return gross + off if int(line["quantity"]) < 0 else gross - off


def pool(lines, contract):
    """The lifetime pool of lines under one contract: an exact sum, truncated once."""
    total = Fraction(0)
    for line in lines:
        rate = contract["rates"][line["channel"]]
        total += Fraction(base(line, contract["base"]) * rate, 1_000_000)
    return truncated(total)


def due(pool, ppb):
    return truncated(Fraction(pool * ppb, WHOLE))


def divide(whole, weights):
    """Largest remainder: floors first, what is left one each to the largest remainders, of equal
    ones to whoever stands first."""
    total = sum(weights, Fraction(0))
    if total == 0:
        return [0] * len(weights)
    exact = [Fraction(whole) * weight / total for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in order[: whole - sum(parts)]:
        parts[index] += 1
    return parts


def shares(recipe, events):
    """Who holds what.

    :param events: (slice, member id, weight) or (slice, member id, weight, role), in the order
        they happened.
    :returns: ppb by (slice, member), by (slice/role, member) where the recipe cuts by role; the
        house is (“house”, None).
    """
    claims = {name(part): {} for part in recipe["slices"]}
    for slice, member, weight, *role in events:
        part = part_of(recipe, slice, role[0] if role else "")
        if part and weigh(part["policy"], weight):
            claim = claims[name(part)]
            claim[member] = claim.get(member, Fraction(0)) + weigh(part["policy"], weight)
    earned = [part for part in recipe["slices"] if claims[name(part)]]
    sizes = [part["ppb"] for part in earned]
    house = WHOLE - sum(sizes)
    if recipe["unclaimed"] == "spread" and earned:
        sizes, house = divide(WHOLE, [Fraction(size) for size in sizes]), 0
    result = {}
    for part, size in zip(earned, sizes):
        claim = claims[name(part)]
        parts = divide(size, list(claim.values()))
        result |= {(name(part), m): ppb for m, ppb in zip(claim, parts) if ppb}
    if house:
        result["house", HOUSE] = house
    return result


def name(part):
    return part["slice"] + ("/" + part["role"] if part.get("role") else "")


def part_of(recipe, slice, role):
    """The part that an event counts for: its role's, else that of all roles; without a role it was
    an entry."""
    parts = {part.get("role", ""): part for part in recipe["slices"] if part["slice"] == slice}
    return parts.get(role) or parts.get("") or (parts.get("entry") if not role else None)


def weigh(policy, weight):
    if policy == "accuracy":
        return Fraction(0)  # Nobody guesses here.
    return {
        "named": Fraction(weight), "weight": Fraction(weight), "pro_rata": Fraction(weight),
        "pick_weight": Fraction(weight), "equal": Fraction(1), "selective": Fraction(1, weight),
    }[policy]


def holdings(shares):
    """Each holder's ppb over all slices."""
    result = {}
    for (_, member), ppb in shares.items():
        result[member] = result.get(member, 0) + ppb
    return result


def adopted(slice, entry, vote):
    """A slice that those who made what was adopted share with those who chose it."""
    return [{"slice": slice, "role": "entry", "ppb": entry * 1_000_000, "policy": "pick_weight"},
            {"slice": slice, "role": "vote", "ppb": vote * 1_000_000, "policy": "selective"}]


STANDARD_RECIPE = {
    "slices": [
        {"slice": slice, "ppb": ppb, "policy": policy} for slice, ppb, policy in [
            ("inventor", 420_000_000, "named"), ("idea_votes", 100_000_000, "selective"),
            ("idea_discussion", 40_000_000, "equal"), ("comparison", 40_000_000, "equal"),
            ("research", 50_000_000, "equal")]
    ] + adopted("design", 80, 20) + adopted("finish", 24, 6) + adopted("naming", 25, 25)
    + adopted("tagline", 15, 15) + adopted("packaging", 16, 4) + [
        {"slice": "pricing", "ppb": 20_000_000, "policy": "accuracy"},
        {"slice": "presale", "ppb": 100_000_000, "policy": "pro_rata"}],
    "unclaimed": "house",
}
STANDARD_CONTRACT = {"base": "net", "rates": {"direct": 300_000, "retail": 100_000}}
