"""An idea between its draft and its decision: versions, gates, seals and merges."""


def run(world, findings):
    author, token = world.member("gina")
    voters = [world.member(handle)[1] for handle in ("gus", "gwen", "gil")]
    call, get, post = world.service.call, world.service.get, world.service.post

    def chosen(name):
        call("PUT", "/v1/gates/chosen", {"name": name}, world.admin)

    before = get("/v1/gates")
    findings.same("200 votes in 30 days is the chain that is shipped",
                  before["chosen"], "200-in-30-days")
    post("/v1/gates", {"name": "journey", "steps": [
        {"votes": 1, "days": 10}, {"votes": 3, "days": 20}]}, world.admin)
    chosen("journey")

    draft = post("/v1/ideas", {
        "title": "A gate", "pitch": "", "problem": "", "solution": "", "category": "garden",
        "draft": True}, token)
    path = f"/v1/ideas/{draft['id']}"
    world.problem(findings, "a draft does not exist for others",
                  world.service.once("GET", path), 404)
    world.problem(findings, "an unfinished draft is not opened",
                  world.service.once("POST", f"{path}/submission", {}, token), 422,
                  "/title", "/pitch", "/problem", "/solution")
    call("PATCH", path, {"title": "A gate that closes itself", "pitch": "It closes.",
                         "problem": "It stands open.", "solution": "A spring."}, token)
    opened = post(f"{path}/submission", {}, token)
    findings.same("a whole draft opens", opened["state"], "open")
    edited = call("PATCH", path, {"pitch": "It closes, softly.", "version": 1}, token).json
    findings.same("an edit of an open idea is a version", edited["version"], 2)
    findings.same("which keeps what was read", [
        version["pitch"] for version in get(f"{path}/versions")["versions"]], ["It closes."])

    call("PUT", f"{path}/vote", None, voters[0])
    done = world.coinvent.run("worker", "--drain", "--json", want=[0, 6, 7]).json["gates"]
    findings.expect("enough votes pass the first gate", done["passed"] >= 1, done)
    for voter in voters[1:]:
        call("PUT", f"{path}/vote", None, voter)
    world.coinvent.run("worker", "--drain", want=[0, 6, 7])
    findings.same("and the last one qualifies the idea", get(path)["state"], "qualified")
    gates = get(f"{path}/gates")["gates"]
    findings.same("each gate has its seal",
                  [(gate["outcome"], gate["seal"]["votes"]) for gate in gates],
                  [("passed", 1), ("passed", 3)])
    findings.same("nobody votes on it any more", world.service.once(
        "DELETE", f"{path}/vote", None, voters[0]).status, 409)
    recount = world.coinvent.run("tally", "verify", draft["id"], "--json", want=[0]).json
    findings.expect("the seals are counted again, the same",
                    all(seal["right"] for seal in recount["seals"]), recount)
    history = get(f"{path}/history")["changes"]
    findings.same("its history tells it all", [change["new_state"] for change in history],
                  ["open", "qualified"])

    original = world.scene.propose(token, "A hinge that closes gates")
    copy = world.scene.propose(token, "A gate hinge with a spring")
    for idea, voter in ((original, voters[0]), (copy, voters[0]), (copy, voters[1])):
        call("PUT", f"/v1/ideas/{idea}/vote", None, voter)
    merged = call("PUT", f"/v1/ideas/{copy}/merge",
                  {"into": original, "reason": "The same hinge."}, world.curator).json
    findings.same("a merge counts each voter once",
                  (merged["votes"], merged["votes_moved"], merged["votes_already_there"]),
                  (2, 1, 1))
    world.problem(findings, "no circle of merges", world.service.once(
        "PUT", f"/v1/ideas/{original}/merge", {"into": copy, "reason": "Back."}, world.curator),
        409)
    back = call("DELETE", f"/v1/ideas/{copy}/merge", None, world.curator).json
    findings.same("taking it back restores both",
                  (back["votes"], get(f"/v1/ideas/{original}")["votes"]), (2, 1))
    chosen(before["chosen"])

    found = get("/v1/ideas/search?q=hinges+closing")["results"]
    findings.expect("ideas are found by their words",
                    original in [hit["idea"]["id"] for hit in found], found)
    alike = get("/v1/ideas/similar?title=A+gate+hinge+with+springs")["similar"]
    findings.expect("and those that are alike", alike and alike[0]["id"] == copy, alike)
