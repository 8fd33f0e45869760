"""The shell blocks of README.md, run as they stand.

The blocks marked ```sh under the heading “The journey” run in order in one bash with `set -e`.
BASE (the address) and TOKEN (an admin's) are set before, `coinvent` is on the path, and the data
folder comes from the environment.
"""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def blocks(text):
    """The ```sh blocks between the heading “The journey” and the next one of its level."""
    parts = re.split(r"^## +", text, flags=re.MULTILINE)
    sections = [part for part in parts if part.lower().startswith("the journey")]
    return [block for section in sections
            for block in re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)]


def run(world, findings):
    found = blocks((ROOT / "README.md").read_text())
    if not findings.expect("README.md has a journey in ```sh blocks", found):
        return
    folder = world.scene.place / "readme"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "coinvent").symlink_to(Path(world.coinvent.binary).resolve())
    before = payouts(world)
    token = world.scene.token("operator")
    environment = {**world.coinvent.environment, "COINVENT_RAIL": "csv"} | {
        "BASE": world.scene.url, "TOKEN": token, "HOME": str(folder),
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    script = folder / "journey.sh"
    script.write_text("set -euo pipefail\n" + "\n".join(found))
    done = subprocess.run(
        ["bash", "-x", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120)
    findings.expect("the README's journey runs", done.returncode == 0,
                    f"exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
    new = [p for p in payouts(world) if p["id"] not in {q["id"] for q in before}]
    findings.expect("it ends with a paid royalty", any(p["state"] == "paid" for p in new), new)


def payouts(world):
    return world.coinvent.run(
        "payouts", "list", "--limit", "1000", "--json", want=[0]).json["payouts"]
