"""A project from its draft to its entries, and the stages that its product goes through."""


def run(world, findings):
    inventor = world.member("ines")[1]
    member_id, member = world.member("ivan")
    partner_id, partner = world.member("iris")
    get, post, once = world.service.get, world.service.post, world.service.once
    idea = world.scene.propose(inventor, "A lamp that folds flat")
    decided = post(f"/v1/ideas/{idea}/decisions", {
        "decision": "accept", "reason": "It folds."}, world.curator)
    product = f"/v1/products/{decided['product_id']}"
    stages(world, findings, product)

    body = {
        "slice": "naming", "title": "A name for the lamp", "brief": "Short.", "choosing": "votes",
        "opens_at": "2026-01-01T00:00:00Z", "entries_until": "2036-01-01T00:00:00Z",
        "closes_at": "2036-01-08T00:00:00Z", "entries_per_member": 2}
    world.problem(findings, "a project whose dates cannot be is refused", once(
        "POST", f"{product}/projects", body | {"closes_at": "2030-01-01T00:00:00Z"},
        world.curator), 422, "/closes_at")
    project = post(f"{product}/projects", body, world.curator)
    path = f"{product}/projects/{project['id']}"
    world.problem(findings, "a draft is a secret", once("GET", path), 404)
    post(f"{path}/publication", {}, world.curator)
    findings.expect("an open project is listed over all products",
                    project["id"] in [p["id"] for p in get("/v1/projects")["projects"]])

    entry = post(f"{path}/entries", {"answers": {"name": " Flatlight "}}, member)
    findings.same("an entry is kept without blanks around it",
                  (entry["number"], entry["answers"]), (1, {"name": "Flatlight"}))
    world.problem(findings, "nobody enters a name twice", once(
        "POST", f"{path}/entries", {"answers": {"name": "flatlight"}}, inventor), 409,
        "/answers/name")
    team = post(f"{path}/entries", {
        "answers": {"name": "Foldlight"}, "makers": [
            {"member_id": member_id, "ppm": 700000}, {"member_id": partner_id, "ppm": 300000}]},
        member)
    findings.same("a team's entry waits", team["state"], "waiting")
    answered = post(f"{path}/entries/{team['id']}/acceptance", {"accept": True}, partner)
    findings.same("until everybody has agreed", answered["state"], "entered")
    world.problem(findings, "there is a limit for each member", once(
        "POST", f"{path}/entries", {"answers": {"name": "Third"}}, member), 409)
    seen = get(f"{path}/entries?order=random", inventor)["entries"]
    findings.same("all that take part are listed", sorted(e["number"] for e in seen), [1, 2])
    comment = post(f"{path}/comments", {"text": "Shorter, please."}, inventor)
    findings.expect("a project has a thread of its own",
                    comment["project_id"] == project["id"]
                    and get(f"/v1/ideas/{idea}/comments")["count"] == 0, comment)
    taken = post(f"{path}/entries/{entry['id']}/withdrawal", {}, member)
    findings.same("what is one's own is taken back", taken["state"], "withdrawn")


def stages(world, findings, product):
    get, post, once = world.service.get, world.service.post, world.service.once
    findings.same("a product begins with research", get(product)["stage"], "research")
    post(f"{product}/stages", {"stage": "naming", "needed_next": "A name"}, world.curator)
    world.problem(findings, "back it goes only with a reason", once(
        "POST", f"{product}/stages", {"stage": "design"}, world.curator), 422, "/reason")
    seen = get(f"{product}/stages")
    findings.same("everybody sees the stage and what is needed next",
                  (seen["stage"], seen["needed_next"], len(seen["history"])),
                  ("naming", "A name", 2))
