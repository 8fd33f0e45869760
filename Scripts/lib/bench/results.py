"""What was measured: the table, the JSON, what moved, and the curves."""

import math
import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from tools import median, spread


class Results:
    def __init__(self):
        self.all = []
        self.facts = []
        self.points = {}

    def add(self, name, ratio, ours, reference, ratios, goal, better, unit, note=""):
        met = ratio >= goal if better == "above" else ratio <= goal
        self.all.append({
            "name": name, "ratio": round(ratio, 4), "ours": round(ours, 4),
            "reference": None if reference is None else round(reference, 4),
            "spread": round(spread(ratios), 4), "goal": goal, "better": better, "met": met,
            "unit": unit, "note": note})

    def rates(self, name, ours, reference, goal, unit, note=""):
        """Rates of rounds that belong together; more is better."""
        self.add(name, median(ours) / median(reference), median(ours), median(reference),
                 [a / b for a, b in zip(ours, reference)], goal, "above", unit, note)

    def times(self, name, ours, reference, limit, unit, note=""):
        """Times of rounds that belong together; less is better."""
        self.add(name, median(ours) / median(reference), median(ours), median(reference),
                 [a / b for a, b in zip(ours, reference)], limit, "below", unit, note)

    def figure(self, name, values, limit, unit, note=""):
        """A figure of its own, against a limit."""
        self.add(name, median(values), median(values), None, values, limit, "below", unit, note)

    def fact(self, name, text):
        self.facts.append((name, text))

    def point(self, name, size, values):
        self.points.setdefault(name, []).append((size, values))

    def curve(self, name, limit, unit):
        """The slowest size against the smallest."""
        (_, first), *others = self.points[name]
        slowest = min((median(values) for _, values in others), default=median(first))
        sizes = " ".join(f"{size}: {median(values):,.0f}" for size, values in self.points[name])
        self.add(name, median(first) / slowest, slowest, median(first),
                 [median(first) / value for _, values in others for value in values] or [1], limit,
                 "below", unit, sizes)

    # Output

    def table(self):
        head = ("name", "ratio", "goal", "", "ours", "reference", "spread", "unit")
        lines = [head] + [self.line(one) for one in self.all]
        widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
        text = "\n".join(
            "  ".join(cell.ljust(width) if place in (0, 3, 7) else cell.rjust(width)
                      for place, (cell, width) in enumerate(zip(line, widths))).rstrip()
            for line in lines)
        notes = [f"{one['name']}: {one['note']}" for one in self.all if one["note"]]
        notes += [f"{name}: {text}" for name, text in self.facts]
        return text + "\n\n" + "\n".join(notes)

    @staticmethod
    def line(one):
        sign = "≥" if one["better"] == "above" else "≤"
        return (one["name"], number(one["ratio"]), f"{sign} {one['goal']:g}",
                "met" if one["met"] else "MISSED", number(one["ours"]),
                "" if one["reference"] is None else number(one["reference"]),
                f"{one['spread']:.0%}", one["unit"])

    def markdown(self):
        lines = ["| measurement | ratio or figure | goal | | ours | reference | spread | unit |",
                 "|---|---:|---:|---|---:|---:|---:|---|"]
        lines += ["| " + " | ".join((f"`{cells[0]}`", *cells[1:])) + " |"
                  for cells in map(self.line, self.all)]
        notes = [f"- `{one['name']}`: {one['note']}" for one in self.all if one["note"]]
        notes += [f"- `{name}`: {text}" for name, text in self.facts]
        return "\n".join(lines + ["", machine()["text"], ""] + notes)

    def document(self):
        return {"results": self.all, "facts": dict(self.facts), "machine": machine(),
                "measured_at": datetime.now(timezone.utc).isoformat(timespec="seconds")}


def number(value):
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def machine():
    name = "an unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            name = line.split(":", 1)[1].strip()
            break
    bin_folder = os.environ.get("BENCH_PG_BIN", "")
    server = subprocess.run([f"{bin_folder}/postgres", "--version"], capture_output=True,
                            text=True).stdout.split()[-1:] if bin_folder else []
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    version = swift.split("Swift version ")[1].split()[0] if "Swift version " in swift else "?"
    cores = os.cpu_count()
    text = (f"{datetime.now(timezone.utc):%Y-%m-%d}, {cores} cores of {name}, "
            f"Linux {platform.release()}, PostgreSQL {' '.join(server) or '?'} with its own "
            f"defaults, Swift {version}; client, server and database share the cores.")
    return {"cores": cores, "processor": name, "text": text}


def compare(old, new):
    """What moved by more than the spread of either run."""
    before = {one["name"]: one for one in old["results"]}
    lines = []
    for one in new["results"]:
        was = before.pop(one["name"], None)
        if was is None:
            lines.append(f"{one['name']}: new, {number(one['ratio'])}")
            continue
        change = one["ratio"] / was["ratio"] - 1 if was["ratio"] else 0.0
        noise = max(one.get("spread") or 0, was.get("spread") or 0)
        text = f"{number(was['ratio'])} -> {number(one['ratio'])} ({change:+.0%})"
        if abs(change) <= noise:
            lines.append(f"{one['name']}: within the spread of {noise:.0%}, {text}")
        else:
            good = (change > 0) == (one.get("better", "above") == "above")
            lines.append(f"{one['name']}: {'BETTER' if good else 'WORSE'}, {text}")
    lines += [f"{name}: not measured this time" for name in before]
    return "\n".join(lines)
