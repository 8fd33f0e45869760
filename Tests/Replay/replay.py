"""The replay from outside: its figures, its proof, and that a second run changes nothing."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "TestSupport"))

from scene import ROOT, Findings, Scene  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", required=True, help="an empty folder for the cluster")
    parser.add_argument("--catalogue", required=True, help="the folder of the CSV files")
    parser.add_argument("--scale", default="0.02")
    options = parser.parse_args()
    findings = Findings()
    scene = Scene(options.place).begin()

    def replay():
        done = subprocess.run(
            [ROOT / "Scripts" / "replay", options.catalogue, "--url", scene.url, "--data",
             scene.data, "--scale", options.scale],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        findings.same("the replay ends with 0", done.returncode, 0)
        return done.stdout
    first = replay()
    print(first[first.find("The ten best-paid"):], flush=True)
    check(findings, first)
    lines = scene.sql("SELECT count(*), sum(quantity) FROM sale_lines")
    transfers = scene.sql("SELECT count(*) FROM transfers")
    second = replay()
    findings.same("a second run prints the same", figures(second), figures(first))
    findings.same("and records nothing",
                  scene.sql("SELECT count(*), sum(quantity) FROM sale_lines"), lines)
    findings.same("and moves nothing", scene.sql("SELECT count(*) FROM transfers"), transfers)
    scene.end()
    return findings.end("Replay")


def figures(text):
    return text[text.find("The pool of each product"):]


def check(findings, text):
    pools = figures(text).split("The ten best-paid")[0]
    rows = [line for line in pools.splitlines()[3:] if line.strip()]
    findings.same("every product has its pool", len(rows), 126)
    best = text.split("The ten best-paid")[1].split("The proof")[0]
    findings.same("ten are best paid", len(re.findall(r"^  replay_", best, re.MULTILINE)), 10)
    findings.same("all units were sold", sum(int(row[31:39]) for row in rows), 3_537_130)
    proof = text.split("The proof")[1]
    findings.same("every sentence of the proof holds", (
        len(re.findall(r"^  yes ", proof, re.MULTILINE)), "  NO " in proof), (5, False))


if __name__ == "__main__":
    sys.exit(main())
