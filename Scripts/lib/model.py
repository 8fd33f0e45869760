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

    :param events: (slice, member id, weight) in the order they happened.
    :returns: ppb by (slice, member); the house is (“house”, None).
    """
    earned = [part for part in recipe["slices"] if any(e[0] == part["slice"] for e in events)]
    sizes = [part["ppb"] for part in earned]
    house = WHOLE - sum(sizes)
    if recipe["unclaimed"] == "spread" and earned:
        sizes, house = divide(WHOLE, [Fraction(size) for size in sizes]), 0
    result = {}
    for part, size in zip(earned, sizes):
        claims = {}
        for slice, member, weight in events:
            if slice == part["slice"]:
                claims[member] = claims.get(member, Fraction(0)) + weigh(part["policy"], weight)
        parts = divide(size, list(claims.values()))
        result |= {(part["slice"], m): ppb for m, ppb in zip(claims, parts) if ppb}
    if house:
        result["house", HOUSE] = house
    return result


def weigh(policy, weight):
    return {
        "named": Fraction(weight), "weight": Fraction(weight), "equal": Fraction(1),
        "selective": Fraction(1, weight),
    }[policy]


def holdings(shares):
    """Each holder's ppb over all slices."""
    result = {}
    for (_, member), ppb in shares.items():
        result[member] = result.get(member, 0) + ppb
    return result


STANDARD_RECIPE = {
    "slices": [
        {"slice": slice, "ppb": ppb, "policy": policy} for slice, ppb, policy in [
            ("inventor", 420_000_000, "named"), ("idea_votes", 100_000_000, "selective"),
            ("idea_discussion", 40_000_000, "equal"), ("comparison", 40_000_000, "equal"),
            ("research", 50_000_000, "equal"), ("design", 100_000_000, "weight"),
            ("finish", 30_000_000, "weight"), ("naming", 50_000_000, "weight"),
            ("tagline", 30_000_000, "weight"), ("packaging", 20_000_000, "weight"),
            ("pricing", 20_000_000, "weight"), ("presale", 100_000_000, "weight")]
    ],
    "unclaimed": "house",
}
STANDARD_CONTRACT = {"base": "net", "rates": {"direct": 300_000, "retail": 100_000}}
