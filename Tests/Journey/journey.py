"""The whole journey over HTTP and the command line, with every fixed name and number."""

import argparse
import sys
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "TestSupport"))

from scene import Findings, Scene  # noqa: E402

import commands  # noqa: E402
import data  # noqa: E402
import conversation  # noqa: E402
import errors  # noqa: E402
import evaluation  # noqa: E402
import examples  # noqa: E402
import images  # noqa: E402
import lifecycle  # noqa: E402
import moderation  # noqa: E402
import notifications  # noqa: E402
import pages  # noqa: E402
import projects  # noqa: E402
import readme  # noqa: E402
import story  # noqa: E402
import submission  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", required=True, help="an empty folder for the cluster")
    parser.add_argument("--show", action="store_true", help="print what holds too")
    parser.add_argument("--only", help="one part: readme, errors, story, lifecycle, …")
    options = parser.parse_args()
    findings = Findings(options.show)
    scene = Scene(options.place).begin()
    world = story.World(scene)
    # The README's comes first: it meets an empty service, as its reader does.
    parts = [
        ("readme", readme), ("pages", pages), ("errors", errors), ("story", story),
        ("lifecycle", lifecycle),
        ("images", images), ("evaluation", evaluation), ("moderation", moderation),
        ("conversation", conversation), ("notifications", notifications), ("projects", projects),
        ("examples", examples), ("data", data), ("commands", commands),
        # The last: from then on every submission has to accept terms.
        ("submission", submission)]
    for name, part in parts:
        if options.only in (None, name):
            print(f"    {name}", flush=True)
            try:
                part.run(world, findings)
            except Exception:
                findings.expect(f"{name} runs to its end", False, traceback.format_exc())
    done = scene.coinvent.run("verify", "--json")
    findings.expect("the books balance at the end", done.code == 0, done)
    scene.end()
    return findings.end("Journey")


if __name__ == "__main__":
    sys.exit(main())
