"""Kill points of a settlement, one after the other: strace kills it at its N-th send, and so before
and after every commit: of the plan, of each batch on each connection, of each step of delivery and
of the end."""

import shutil
import subprocess
import time

import check

CALLS = "sendto"
KILLED = (-9, 137)


def run(world, findings, every):
    if not shutil.which("strace"):
        print("    kill points: skipped, strace is not installed", flush=True)
        return
    probe = attempt(world, 1)
    if probe not in KILLED:
        print(f"    kill points: skipped, strace cannot kill here (exit code {probe})", flush=True)
        return
    world.scene.coinvent.run("settle", want=[0, 6])
    point, killed, began = 1 + world.seed % every, 0, time.monotonic()
    while attempt(world, point) in KILLED:
        killed += 1
        point += every
        done = world.scene.coinvent.run("verify")
        findings.expect(f"the books hold after a kill at send {point}", done.code == 0, done)
    findings.expect("some kill points were tried", killed > 3, killed)
    world.scene.coinvent.run("settle", want=[0, 6])
    findings.same("the books balance after all kill points",
                  world.scene.coinvent.run("verify").code, 0)
    check.sales(world, findings)
    check.earnings(world, findings)
    print(f"    kill points: {killed} kills of a settlement, every {every} sends, in "
          f"{time.monotonic() - began:.0f} s", flush=True)


def attempt(world, point):
    """Something new to settle, and a settlement that dies at a send. Returns its exit code."""
    world.selling[0].turn()
    world.selling[3].turn()  # products under contracts with terms
    return kill_at(point, world.scene, "settle")


def kill_at(point, scene, *words):
    """Runs a command that dies at its N-th send, if it comes that far. Returns its exit code."""
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={CALLS}", "-e",
         f"inject={CALLS}:signal=KILL:when={point}", scene.coinvent.binary, *words],
        env=scene.coinvent.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    return done.returncode
