"""A report, its case, a ban and its end, and what stands on record of it."""


def run(world, findings):
    author_id, author = world.member("mona")
    _, reporter = world.member("milo")
    call, get, post, once = (world.service.call, world.service.get, world.service.post,
                             world.service.once)
    idea = world.scene.propose(author, "A watch that sells watches")
    other = world.scene.propose(reporter, "A watch that rests")
    report = {"reason": "spam", "text": "It sells watches."}
    case = post(f"/v1/ideas/{idea}/reports", report, reporter)["case_id"]
    world.problem(findings, "a thing is reported once", once(
        "POST", f"/v1/ideas/{idea}/reports", report, reporter), 409)
    world.problem(findings, "cases are for curators", once(
        "GET", "/v1/moderation", None, reporter), 403)
    path = f"/v1/moderation/{case}"
    findings.same("a curator reads the report",
                  [one["text"] for one in get(path, world.curator)["all_reports"]],
                  ["It sells watches."])
    call("PUT", f"{path}/claim", None, world.curator)
    done = post(f"{path}/resolution",
                {"action": "ban", "scope": "all", "reason": "Spam."}, world.curator)
    findings.same("the case is decided", done["resolution"]["action"], "ban")
    for method, target, body in [
            ("PUT", f"/v1/ideas/{other}/vote", None),
            ("POST", f"/v1/ideas/{other}/comments", {"text": "Hello."}),
            ("PATCH", f"/v1/ideas/{idea}", {"title": "A watch"})]:
        world.problem(findings, f"who is banned is refused: {method} {target}",
                      once(method, target, body, author), 403)
    call("DELETE", f"/v1/members/{author_id}/ban?reason=Enough", None, world.curator)
    voted = call("PUT", f"/v1/ideas/{other}/vote", None, author)
    findings.expect("the lift gives the token its votes back", voted.status == 200, voted)
    findings.same("the history has both",
                  [one["scope"] for one in get(f"/v1/members/{author_id}/bans", author)["bans"]],
                  [None, "all"])
    world.problem(findings, "the record is for admins", once(
        "GET", "/v1/audit", None, world.curator), 403)
    record = get(f"/v1/audit?id={author_id}", world.admin)["entries"]
    findings.same("an admin reads what was done", [one["action"] for one in record],
                  ["ban_lifted", "member_banned"])
    given = call("PUT", f"/v1/members/{author_id}/role",
                 {"role": "curator", "reason": "She knows spam."}, world.admin)
    findings.same("and makes the member a curator", given.json["role"], "curator")
    run = world.coinvent.run("members", "set-role", "mona", "member", "--reason", "It was a test.")
    findings.same("the command takes it back", run.code, 0)
