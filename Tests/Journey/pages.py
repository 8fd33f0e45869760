"""The shell blocks of the pages in Docs, run as they stand.

A page's blocks marked ```sh run in order in one bash with `set -e`, on an empty service of their
own where the first block of the README's journey has been run: BASE, TOKEN (the operator's), ADA,
BOB, `as` and `field` are set, and IDEA is an open idea of Ada's. A photo.jpg, a backup.zip and a
posts.csv of Fider's lie in the folder.
"""

import base64
import json
import os
import re
import subprocess
import zipfile
from pathlib import Path

import readme
from service import Coinvent, Service, free_port

ROOT = readme.ROOT
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
IDEA = """
IDEA=$(as $ADA $BASE/v1/ideas -d '{"title":"A lamp that is never in the way","category":"home",
  "pitch":"Light from above.", "problem":"Lamps are in the way.",
  "solution":"This one hangs."}' | field id)
"""
# 24 × 8 pixels.
PHOTO = base64.b64decode(
    "/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxl"
    "Z2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj"
    "Y2P/wAARCAAIABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQF/8QAGBABAAMBAAAAAAAAAAAAAAAAAARD"
    "gcH/xAAVAQEBAAAAAAAAAAAAAAAAAAAGAP/EABoRAAEFAQAAAAAAAAAAAAAAAAABAgU0gbH/2gAMAwEAAhEDEQA/AMVH"
    "Pr3gKHus3iiqVqPzqEYB4Cz/2Q==")


def run(world, findings):
    world.scene.sql("CREATE DATABASE pages OWNER coinvent")
    commands_on(world, "pages").run("migrate", want=[0])
    pages = sorted((ROOT / "Docs").glob("*.md"))
    findings.expect("there are pages", pages)
    for page in pages:
        text = page.read_text()
        kinds = [kind for kind, _ in FENCE.findall(text)]
        findings.expect(f"every block of {page.name} says what it is, so that sh is run",
                        "" not in kinds and not re.search(r"^ {4,}(curl|coinvent) ", text, re.M))
        blocks = [block for kind, block in FENCE.findall(text) if kind == "sh"]
        if blocks:
            done = act(world, page.stem, blocks)
            findings.expect(
                f"the examples of {page.name} run", done.returncode == 0,
                f"exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
    broken = act(world, "broken", ["as $ADA $BASE/v1/nowhere\n"])
    findings.expect("an example that breaks is seen", broken.returncode != 0, broken.stderr)


def commands_on(world, database):
    """The command on another database of the same cluster."""
    url = world.scene.database(superuser=False).replace("/coinvent?", f"/{database}?")
    environment = {**world.coinvent.environment, "DATABASE_URL": url}
    return Coinvent(binary=world.coinvent.binary, environment=environment)


def act(world, name, blocks):
    """Runs the blocks on a service of their own."""
    database = "page_" + re.sub(r"\W", "_", name)
    world.scene.sql(f"CREATE DATABASE {database} TEMPLATE pages OWNER coinvent")
    coinvent = commands_on(world, database)
    coinvent.run("members", "create", "--handle", "operator", "--role", "admin", want=[0])
    made = coinvent.run("tokens", "create", "--member", "operator", "--json", want=[0])
    folder = world.scene.place / database
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "coinvent").symlink_to(Path(coinvent.binary).resolve())
    put_files(folder)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    server = coinvent.start("serve", "--port", port, log=folder / "server.log")
    try:
        Service(base).wait_ready()
        script = folder / "page.sh"
        first = readme.blocks((ROOT / "README.md").read_text())[0]
        script.write_text("set -euo pipefail\n" + "\n".join([first, IDEA, *blocks]))
        return subprocess.run(
            ["bash", "-x", script], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, errors="replace", timeout=120, env={**coinvent.environment} | {
                "COINVENT_RAIL": "csv", "BASE": base, "TOKEN": made.json["token"],
                "HOME": str(folder), "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"})
    finally:
        server.terminate()
        server.wait(60)
        world.scene.sql(f"DROP DATABASE {database} WITH (FORCE)")


def put_files(folder):
    """What a reader has of their own."""
    (folder / "photo.jpg").write_bytes(PHOTO)
    (folder / "posts.csv").write_text(
        "number,title,description,created_at,status\n"
        "1,A bell that is quiet,Bells are loud.,2018-03-23T19:33:22Z,open\n")
    with zipfile.ZipFile(folder / "backup.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.json", json.dumps(
            [{"id": 1, "name": "Jon", "email": "jon@example.org"}]))
        archive.writestr("posts.json", json.dumps(
            [{"id": 10, "number": 1, "title": "A sword that is light", "status": 0, "user_id": 1,
              "description": "Mine is heavy.", "created_at": "2018-03-23T19:33:22Z"}]))
        archive.writestr("attachments.json", json.dumps(
            [{"post_id": 10, "comment_id": None, "attachment_bkey": "attachments/a.jpg"}]))
        archive.writestr("blobs/attachments/a.jpg", PHOTO)
