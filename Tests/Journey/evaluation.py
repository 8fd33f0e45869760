"""An evaluation session from its plan to its result, and what voters like."""

import json
import threading
import urllib.request


def watch(url, events):
    """Reads server-sent events until the server ends the stream."""
    with urllib.request.urlopen(url, timeout=60) as stream:
        name = None
        for line in stream:
            line = line.decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                events.append((name, json.loads(line[6:])))


def run(world, findings):
    _, author = world.member("hana")
    rater_id, rater = world.member("hugo")
    call, get, post, once = (world.service.call, world.service.get, world.service.post,
                             world.service.once)
    ideas = [world.scene.propose(author, f"A bell that rings {word}") for word in ("low", "high")]
    call("PUT", f"/v1/ideas/{ideas[0]}/vote", None, rater)
    liking = {"words": ["design", "fun"], "note": "It hums."}
    call("PUT", f"/v1/ideas/{ideas[0]}/liking", liking, rater)
    world.problem(findings, "without a vote there is nothing to like", once(
        "PUT", f"/v1/ideas/{ideas[1]}/liking", liking, rater), 409)
    seen = get(f"/v1/ideas/{ideas[0]}/likings", author)
    findings.same("the author reads what voters like",
                  (seen["notes"], [word["word"] for word in seen["words"]]),
                  (["It hums."], ["design", "fun"]))
    findings.expect("without their names", rater_id not in json.dumps(seen), seen)
    world.problem(findings, "others wait for the decision",
                  once("GET", f"/v1/ideas/{ideas[0]}/likings", None, rater), 403)

    for idea in ideas:
        post(f"/v1/ideas/{idea}/moves", {"to": "in_review", "reason": "A look."}, world.curator)
    session = post("/v1/evaluations", {
        "title": "Bells", "starts_at": "2026-03-01T12:00:00Z", "ends_at": "2026-03-01T14:00:00Z",
        "criteria": [{"name": "sound", "scale": 5, "description": "Is it pleasant?"}],
        "agenda": ideas}, world.curator)
    path = f"/v1/evaluations/{session['id']}"
    scores = {"scores": [{"criterion": "sound", "score": 4}]}
    world.problem(findings, "nobody rates before the start",
                  once("PUT", f"{path}/ratings/{ideas[0]}", scores, rater), 409)
    post(f"{path}/start", {"reason": "Bells today."}, world.curator)
    findings.same("its ideas are in evaluation",
                  [get(f"/v1/ideas/{idea}")["state"] for idea in ideas], ["in_evaluation"] * 2)

    events = []
    url = f"{world.scene.url}{path}/live"
    watcher = threading.Thread(target=watch, args=(url, events), daemon=True)
    watcher.start()
    call("PUT", f"{path}/current", {"idea_id": ideas[0]}, world.curator)
    call("PUT", f"{path}/ratings/{ideas[0]}", scores, rater)
    world.problem(findings, "nobody rates an idea of their own",
                  once("PUT", f"{path}/ratings/{ideas[0]}", scores, author), 403)
    world.problem(findings, "a score stays on its scale", once(
        "PUT", f"{path}/ratings/{ideas[0]}",
        {"scores": [{"criterion": "sound", "score": 6}]}, rater), 422, "/scores/0/score")
    post(f"{path}/decisions", {"idea_id": ideas[0], "decision": "decline",
                               "reason": "It is too quiet."}, world.curator)
    world.problem(findings, "a session ends with a decision for each idea",
                  once("POST", f"{path}/close", {}, world.curator), 409, "/agenda/1")
    closed = post(f"{path}/close", {"carry_rest": True}, world.curator)
    findings.same("or carries the rest back", [entry["decision"] for entry in closed["agenda"]],
                  ["decline", "carried"])
    watcher.join(20)
    findings.same("who watched was told of the end", events[-1][0] if events else None, "end")
    last = [data for name, data in events if name == "tally"][-1]
    findings.same("and of the close before it", last["state"], "closed")
    mark = get(f"{path}/tally")["ideas"][0]["criteria"][0]
    findings.same("the result stays readable", (mark["count"], mark["mean"]), (1, "4.000"))
    findings.same("everybody reads what voters liked once it is decided",
                  get(f"/v1/ideas/{ideas[0]}/likings", rater)["notes"], ["It hums."])
