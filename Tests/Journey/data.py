"""Data in and out: exports that many read, one's own data, and leaving."""

import csv
import io
import json
import urllib.request


def stream(world, path, token):
    """The text of an answer that comes in chunks."""
    request = urllib.request.Request(
        world.service.url + path, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def run(world, findings):
    author, token = world.member("dora")
    _, voter = world.member("dirk")
    once = world.service.once
    idea = world.service.call("POST", "/v1/ideas", {
        "title": "=A door that closes softly", "pitch": "Soft.", "problem": "It bangs.",
        "solution": "A brush, and a \"damper\"", "category": "home"}, token).json["id"]
    world.service.call("PUT", f"/v1/ideas/{idea}/vote", None, voter)

    text = stream(world, "/v1/exports/ideas", world.curator)
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text))}
    findings.same("a reader of CSV finds the idea, and no formula",
                  rows.get(idea, {}).get("title"), "'=A door that closes softly")
    findings.same("with every quote where it was",
                  rows.get(idea, {}).get("solution"), "A brush, and a \"damper\"")
    world.problem(findings, "members do not export", once(
        "GET", "/v1/exports/votes", None, token), 403)
    written = world.coinvent.run("export", "votes", "--format", "jsonl", want=[0]).out
    votes = [json.loads(line) for line in written.splitlines()]
    findings.expect("the command exports the votes, and nobody's name", [
        vote for vote in votes if vote["idea_id"] == idea] and author not in written, votes[:3])

    mine = json.loads(stream(world, "/v1/me/export", token))
    findings.same("my own data has my ideas", [part["id"] for part in mine["ideas"]], [idea])
    preview = once("GET", "/v1/me/erasure", None, token).json
    findings.expect("I read what goes and what stays before I leave",
                    "tokens" in preview["erased"] and preview["grace_days"] == 14, preview)
    world.problem(findings, "a wrong password erases nobody", once(
        "DELETE", "/v1/me", {"password": "not the one"}, token), 422)
    gone = world.coinvent.run("members", "erase", "dora", "--yes", "--json", want=[0]).json
    findings.same("an operator erases at once", gone["member_id"], author)
    findings.same("no token of hers is good", once("GET", "/v1/me", None, token).status, 401)
    left = world.service.get(f"/v1/ideas/{idea}")
    findings.same("her idea keeps its text and its vote",
                  (left["title"], left["votes"]), ("=A door that closes softly", 1))
    findings.expect("under a pseudonym", "former_" in json.dumps(left), left)
