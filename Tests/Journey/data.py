"""Data in and out: exports that many read, one's own data, and leaving."""

import csv
import io
import json
import tempfile
import urllib.request
from pathlib import Path


def stream(world, path, token):
    """The text of an answer that comes in chunks."""
    request = urllib.request.Request(
        world.service.url + path, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def run(world, findings):
    leave(world, findings)
    take_over(world, findings)


def take_over(world, findings):
    """Ideas from a CSV file over HTTP, and from Fider by the command."""
    head = "external_id,title,pitch,problem,solution,category,author\r\n"
    good = head + "1,A hinge that is quiet,Quiet.,It creaks.,Oil.,home,somebody.new@example.org\r\n"
    bad = good + "2,Short,Quiet.,It creaks.,Oil.,home,somebody.new@example.org\r\n"

    def send(text, more=""):
        return world.service.once(
            "POST", f"/v1/imports/ideas?source=journey{more}", text.encode(), world.admin,
            [("Content-Type", "text/csv")])

    world.problem(findings, "a bad row keeps the whole file out",
                  send(bad), 422, "/row 3/title")
    dry = send(bad, "&dry_run=true").json
    findings.same("a dry run reports and keeps nothing",
                  (dry["kept"], dry["made"], len(dry["faults"])), (False, 1, 1))
    first, again = send(good).json, send(good).json
    findings.same("a good file is taken over once",
                  (first["made"], first["members"], again["repeated"]), (1, 1, 1))

    with tempfile.TemporaryDirectory() as place:
        tables = {
            "users": [{"id": 1, "name": "Jon", "email": "jon@example.org"},
                      {"id": 2, "name": "Arya", "email": "arya@example.org"}],
            "posts": [{"id": 10, "number": 1, "title": "A sword that is light", "status": 3,
                       "description": "Mine is heavy.", "user_id": 1, "response": "No.",
                       "created_at": "2018-03-23T19:33:22Z"}],
            "post_votes": [{"post_id": 10, "user_id": 2, "created_at": "2018-03-25T00:00:00Z"}]}
        for name, rows in tables.items():
            (Path(place) / f"{name}.json").write_text(json.dumps(rows))
        done = world.coinvent.run("import", "fider", place, "--json", want=[0]).json
        findings.same("Fider's posts come with their people and votes",
                      (done["made"], done["members"], done["votes"]), (1, 2, 1))
        done = world.coinvent.run("import", "fider", place, "--json", want=[0]).json
        findings.same("and once only", (done["made"], done["repeated"]), (0, 1))


def leave(world, findings):
    author, token = world.member("quentin")
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
    gone = world.coinvent.run("members", "erase", "quentin", "--yes", "--json", want=[0]).json
    findings.same("an operator erases at once", gone["member_id"], author)
    findings.same("no token of hers is good", once("GET", "/v1/me", None, token).status, 401)
    left = world.service.get(f"/v1/ideas/{idea}")
    findings.same("her idea keeps its text and its vote",
                  (left["title"], left["votes"]), ("=A door that closes softly", 1))
    findings.expect("under a pseudonym", "former_" in json.dumps(left), left)
