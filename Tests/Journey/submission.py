"""What comes with a submission: details, terms, the fee and briefs."""

import datetime
import time


def moment(seconds):
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def run(world, findings):
    call, get, post = world.service.call, world.service.get, world.service.post
    once, problem = world.service.once, world.problem
    token = world.member("sina")[1]
    body = {
        "title": "A lamp for reading in tents", "pitch": "Light, and no moths.",
        "problem": "Tents are dark.", "solution": "A lamp.", "category": "camping",
        "features": "Folds flat.", "tags": ["Tent", "light"],
        "links": [{"url": "https://example.org/lamp"}]}
    path = f"/v1/ideas/{post('/v1/ideas', body, token)['id']}"
    findings.same("tags are in lower case", get(path)["tags"], ["tent", "light"])
    findings.same("lists go by tag and category", [
        idea["title"] for idea in get("/v1/ideas?tag=tent&category=camping&sort=top")["ideas"]],
        [body["title"]])
    tags = {tag["tag"]: tag["ideas"] for tag in get("/v1/tags?limit=100")["tags"]}
    findings.same("and tags are counted", tags.get("tent"), 1)
    problem(findings, "a link is one of the web", once(
        "POST", "/v1/ideas", {**body, "links": [{"url": "javascript:alert(1)"}]}, token), 422,
        "/links/0/url")

    call("PUT", "/v1/fee", {"amount": "10.00", "currency": "USD"}, world.admin)
    due = post("/v1/ideas", body, token)
    findings.same("an idea waits for its fee", (due["state"], due["waits_for"]),
                  ("submitted", ["fee"]))
    path = f"/v1/ideas/{due['id']}"
    problem(findings, "an empty balance does not pay it", once(
        "POST", f"{path}/fee/payment", {"from": "balance"}, token), 409)
    receipt = {"source": "journey", "external_id": "fee 1"}
    for _ in range(2):
        paid = post(f"{path}/fee/payment", receipt, world.admin)
        findings.same("money from outside pays it once", paid["state"], "earned")
    findings.same("and the idea opens", get(path)["state"], "open")
    gone = post("/v1/ideas", body, token)["id"]
    post(f"/v1/ideas/{gone}/withdrawal", {"reason": "Not now."}, token)
    findings.same("what ends before it is paid owes nothing",
                  get(f"/v1/ideas/{gone}/fee", token)["state"], "void")

    brief = post("/v1/briefs", {
        "title": "Light for tents", "theme": "Read at **night**.", "opens_at": moment(-60),
        "closes_at": moment(3), "hidden_until_close": True}, world.curator)["id"]
    answer = post("/v1/ideas", {**body, "brief": brief}, token)
    findings.same("answering a brief is free", answer["waits_for"], ["brief"])
    path = f"/v1/ideas/{answer['id']}"
    problem(findings, "and hidden until it closes", once("GET", path), 404)
    time.sleep(4)
    world.coinvent.run("worker", "--drain", want=[0, 6, 7])
    findings.same("then the worker opens it", get(path)["state"], "open")
    call("PUT", "/v1/fee", {"amount": "0", "currency": "USD"}, world.admin)

    version = post("/v1/terms", {"text": "What is submitted here may be built.",
                                 "take_back_days": 14}, world.admin)["version"]
    problem(findings, "terms are accepted, or nothing is submitted", once(
        "POST", "/v1/ideas", body, token), 409)
    idea = post("/v1/ideas", {**body, "accept_terms": version}, token)["id"]
    back = post(f"/v1/ideas/{idea}/withdrawal", {"reason": "I keep it."}, token)
    findings.same("a withdrawal in time takes it back", back["terms"]["taken_back"], True)
