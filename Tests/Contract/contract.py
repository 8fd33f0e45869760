"""The OpenAPI document is valid, and the server keeps what it says when others read it."""

import argparse
import json
import subprocess
import sys
import urllib.request
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "TestSupport"))

import feedparser  # noqa: E402
from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: E402
from scene import Findings, Scene  # noqa: E402

# These end what the others need: the token itself, or the connection (a stream never ends).
LEFT_OUT = ["signOut"]

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance", "unsupported_method", "allow_header_conformance",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", required=True, help="an empty folder for the cluster")
    parser.add_argument("--show", action="store_true", help="print what holds too")
    parser.add_argument("--examples", type=int, default=8, help="tries of each operation")
    options = parser.parse_args()
    findings = Findings(options.show)
    scene = Scene(options.place).begin()
    document = scene.service.get("/v1/openapi.json")
    faults = [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]
    findings.same("openapi-spec-validator finds no fault", faults, [])
    parameters = tell(scene)
    feeds(scene, findings, parameters["path.idea_id"])
    live(scene, findings, parameters)
    explore(scene, findings, document, parameters, options.examples)
    findings.expect("the server is still ready", scene.service.get("/readyz"), None)
    scene.end()
    return findings.end("Contract")


def tell(scene):
    """A small story, so that there is something behind the ids; the ids."""
    admin = scene.operator()
    member, token = scene.join("cleo")
    other, voter = scene.join("cato")
    open_idea = scene.propose(token, "A ladder that folds flat")
    scene.service.call("PUT", f"/v1/ideas/{open_idea}/vote", None, voter)
    sold = scene.propose(token, "A saw that cuts quietly")
    product = scene.service.post(
        f"/v1/ideas/{sold}/decisions", {"decision": "accept", "reason": "Liked."}, admin)
    return {
        "token": admin, "voter": voter, "path.idea_id": open_idea, "path.product_id": product["product_id"],
        "path.member_id": member,
    }


def feeds(scene, findings, idea):
    """Feeds as a reader of feeds reads them."""
    scene.service.post(f"/v1/ideas/{idea}/moves", {"to": "in_review", "reason": "A look <at> it."},
                       scene.token("operator"))
    scene.service.post(f"/v1/ideas/{idea}/moves", {"to": "open", "reason": "Votes & more."},
                       scene.token("operator"))
    for path, count in (("/v1/ideas.atom", 1), (f"/v1/ideas/{idea}/feed.atom", 2)):
        feed = feedparser.parse(scene.url + path)
        findings.same(f"feedparser finds no fault in {path}",
                      (feed.bozo, feed.version, len(feed.entries)), (False, "atom10", count))
        findings.expect("every entry has what RFC 4287 asks for", all(
            entry.get(key) for entry in feed.entries
            for key in ("id", "title", "updated", "link", "author")), feed.entries)
    findings.same("text is text", [entry.content[0].value for entry in feed.entries],
                  ["Votes & more.", "A look <at> it."])


def live(scene, findings, parameters):
    """The count of votes, as a browser's EventSource would get it."""
    idea, voter = parameters["path.idea_id"], parameters["voter"]
    with urllib.request.urlopen(f"{scene.url}/v1/ideas/{idea}/live", timeout=20) as stream:
        def event():
            fields = {}
            while line := stream.readline().decode().rstrip("\n"):
                name, _, value = line.partition(": ")
                fields[name] = value
            return fields

        findings.same("a stream says when to come back", event()["retry"], "3000")
        counts = [json.loads(event()["data"])["votes"]]
        for method in ("DELETE", "PUT"):
            scene.service.call(method, f"/v1/ideas/{idea}/vote", None, voter)
            counts.append(json.loads(event()["data"])["votes"])
        findings.same("the count comes at once and at each change", counts, [1, 0, 1])


def explore(scene, findings, document, parameters, examples):
    """Tries every operation with what fits its description and with what does not."""
    token = parameters["token"]
    (scene.place / "schemathesis.toml").write_text(
        # TRACE is not among them: no server of ours knows it, which 501 says.
        "[phases.coverage]\nunexpected-methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']\n"
        "[parameters]\n"
        + "".join(f"{json.dumps(name)} = {json.dumps(value)}\n"
                  for name, value in parameters.items() if "." in name))
    report = scene.place / "report.json"
    streams = [
        operation["operationId"] for path in document["paths"].values()
        for operation in path.values()
        if any("text/event-stream" in answer.get("content", {})
               for answer in operation["responses"].values())]
    words = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file",
        str(scene.place / "schemathesis.toml"), "run", f"{scene.url}/v1/openapi.json",
        "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing",
        "--max-examples", str(examples), "--seed", "2026", "--warnings", "off",
        "--header", f"Authorization:Bearer {token}", "--request-timeout", "30",
        "--continue-on-failure", "--no-color", "--report", "json", "--report-json-path", str(report),
        "--generation-database", "none"]
    for name in LEFT_OUT + streams:
        words += ["--exclude-operation-id", name]
    done = subprocess.run(words, cwd=scene.place, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=900)
    said = "\n".join(line[:400] for line in (done.stdout + done.stderr).splitlines())
    findings.expect("schemathesis finds no difference", done.returncode == 0, said[:20000])
    if findings.show:
        print(said)


if __name__ == "__main__":
    sys.exit(main())
