"""One idea from submission to a paid royalty, with the shipped recipe and contract."""

import json

import model


class World:
    """The people of the journey and where they act."""

    def __init__(self, scene):
        self.scene, self.service, self.coinvent = scene, scene.service, scene.coinvent
        self.admin = scene.operator()
        self.curator = scene.operator("curator", "curator")
        self.finance = scene.operator("finance", "finance")
        self.members = {}

    def member(self, handle):
        """(id, token) of a member who has joined over HTTP."""
        if handle not in self.members:
            self.members[handle] = self.scene.join(handle)
        return self.members[handle]

    def problem(self, findings, sentence, answer, status, *pointers):
        """Whether an answer is a problem as RFC 9457 writes it, about these fields."""
        seen = answer.json if answer.body else {}
        good = (
            answer.status == status
            and answer.headers.get("content-type", "").startswith("application/problem+json")
            and seen.get("status") == status
            and all(isinstance(seen.get(key), str) for key in ("type", "title", "detail"))
            and set(pointers) <= {error["pointer"] for error in seen.get("errors", [])})
        findings.expect(sentence, good, answer)


def sale(name, product, quantity, price, channel="direct", **more):
    return {
        "external_id": name, "product_id": product, "channel": channel, "quantity": quantity,
        "unit_price": price, "discount": "0", "allowance": "0", "currency": "USD",
        "sold_at": "2026-01-15T12:00:00Z", "return_of": None, **more}


def run(world, findings):
    idea = submit(world, findings)
    vote(world, findings, idea)
    product = decide(world, findings, idea)
    shares = influence(world, findings, product)
    sell(world, findings, product)
    settle(world, findings, product, shares)


def submit(world, findings):
    ada, token = world.member("alma")
    body = {
        "title": "A lamp that waters plants", "pitch": "Light and water.", "problem": "Dry plants",
        "solution": "A lamp with a tank", "category": "garden"}
    answer = world.service.call("POST", "/v1/ideas", body, token, key="first-idea")
    idea = answer.json["id"]
    findings.same("an idea is created with 201", answer.status, 201)
    findings.same("Location says where", answer.headers.get("location"), f"/v1/ideas/{idea}")
    again = world.service.call("POST", "/v1/ideas", body, token, key="first-idea")
    findings.same("the same key gives the same answer", (again.status, again.body),
                  (201, answer.body))
    other = world.service.once(
        "POST", "/v1/ideas", body | {"pitch": "Another."}, token,
        [("Idempotency-Key", "first-idea")])
    world.problem(findings, "a key belongs to one request", other, 422)
    read = world.service.get(f"/v1/ideas/{idea}")
    findings.expect("everybody can read it", read["author_id"] == ada and read["votes"] == 0
                    and all(read[key] == body[key] for key in body), read)
    for sort in ("new", "top", "trending"):
        page = world.service.get(f"/v1/ideas?state=open&sort={sort}&limit=5")
        findings.expect(f"the list by {sort} has it", idea in [i["id"] for i in page["ideas"]])
    return idea


def vote(world, findings, idea):
    path = f"/v1/ideas/{idea}/vote"
    own = world.service.once("PUT", path, None, world.member("alma")[1])
    world.problem(findings, "nobody votes on an idea of their own", own, 403)
    for count, handle in enumerate(("bert", "cleo"), 1):
        token = world.member(handle)[1]
        for _ in range(2):
            seen = world.service.call("PUT", path, None, token).json
            findings.same("a vote counts once", seen,
                          {"idea_id": idea, "votes": count, "voted": True,
                           "standing": "counted", "votes_left": None})
    token = world.member("dora")[1]
    world.service.call("PUT", path, None, token)
    for _ in range(2):
        seen = world.service.call("DELETE", path, None, token).json
        findings.same("a vote can be withdrawn, twice too", seen,
                      {"idea_id": idea, "votes": 2, "voted": False, "standing": None,
                       "votes_left": None})


def decide(world, findings, idea):
    path = f"/v1/ideas/{idea}/decisions"
    body = {"decision": "accept", "reason": "People want it."}
    refused = world.service.once("POST", path, body, world.member("bert")[1])
    world.problem(findings, "a member decides nothing", refused, 403)
    recipe = {"slices": [{"slice": "inventor", "ppb": 1, "policy": "named"}], "unclaimed": "house"}
    wrong = world.service.once("POST", path, body | {"recipe": recipe}, world.curator)
    world.problem(findings, "a recipe adds up", wrong, 422, "/recipe/slices")
    answer = world.service.call("POST", path, body, world.curator)
    product = answer.json["product_id"]
    findings.same("accepting makes a product", answer.status, 201)
    again = world.service.once("POST", path, body, world.curator)
    world.problem(findings, "an idea is decided once", again, 409)
    late = world.service.once("PUT", f"/v1/ideas/{idea}/vote", None, world.member("dora")[1])
    world.problem(findings, "a decided idea takes no votes", late, 409)
    findings.same("the idea says so", world.service.get(f"/v1/ideas/{idea}")["state"], "accepted")
    return product


def influence(world, findings, product):
    path = f"/v1/products/{product}"
    findings.same("the product can be read", world.service.get(path)["id"], product)
    ada, bert, cleo = (world.member(handle)[0] for handle in ("alma", "bert", "cleo"))
    events = [("inventor", ada, 1), ("idea_votes", bert, 1), ("idea_votes", cleo, 1)]
    for slice, handle, weight, role in [
            ("naming", "dora", 2, ""), ("naming", "emil", 1, "entry"),
            ("naming", "bert", 1, "vote"), ("naming", "cleo", 3, "vote"),
            ("research", "cleo", 1, ""), ("research", "dora", 1, ""), ("tagline", "emil", 7, "")]:
        member = world.member(handle)[0]
        answer = world.service.call("POST", f"{path}/contributions", {
            "member_id": member, "slice": slice, "weight": weight, "evidence": "entry 1",
            **({"role": role} if role else {}),
            **({"spread": weight} if role == "vote" else {})}, world.curator)
        findings.same("a contribution is recorded", answer.status, 201)
        events.append((slice, member, weight, role))
    wrong = world.service.once("POST", f"{path}/contributions", {
        "member_id": "nobody", "slice": "luck", "weight": 0}, world.curator)
    world.problem(findings, "a contribution's fields are checked", wrong, 422, "/member_id",
                  "/slice", "/weight")
    shares = model.shares(model.STANDARD_RECIPE, events)
    check_influence(world, findings, product, "running", shares)
    lock(world, findings, path)
    check_influence(world, findings, product, "locked", shares)
    return shares


def check_influence(world, findings, product, state, shares):
    seen = world.service.get(f"/v1/products/{product}/influence")
    findings.same(f"influence is {state}", seen["state"], state)
    findings.same("influence is whole", (seen["total_ppb"], sum(s["ppb"] for s in seen["shares"])),
                  (model.WHOLE, model.WHOLE))
    got = {(s["member_id"], model.name(s)): s["ppb"] for s in seen["shares"]}
    wanted = {(member, slice): ppb for (slice, member), ppb in shares.items()}
    findings.same(f"{state} shares are the model's", got, wanted)
    findings.expect("each share has its reason", all(s["reason"] for s in seen["shares"]))


def lock(world, findings, path):
    none = world.service.once("POST", f"{path}/shares/lock", {}, world.curator)
    world.problem(findings, "only proposed shares are locked", none, 409)
    world.service.post(f"{path}/shares/propose", {"dispute_days": 14}, world.curator)
    early = world.service.once("POST", f"{path}/shares/lock", {}, world.curator)
    world.problem(findings, "the dispute window comes first", early, 409)
    member = world.service.once("POST", f"{path}/shares/lock", {}, world.member("alma")[1])
    world.problem(findings, "a member locks nothing", member, 403)
    world.service.post(f"{path}/shares/propose", {"dispute_days": 0}, world.curator)
    for _ in range(2):
        world.service.post(f"{path}/shares/lock", {}, world.curator)


def sell(world, findings, product):
    lines = [
        sale("s1", product, 10, "20.00"), sale("s2", product, 100, "15.00", "retail"),
        sale("s3", product, 1, "5.00", "moon"),
        sale("s4", "prod_01h455vb4pex5vsknk084sn02q", 1, "5.00")]

    def outcomes(lines, source="shop"):
        seen = world.scene.sell(world.finance, source, *lines)["lines"]
        findings.same("an outcome a line, in order", [s["external_id"] for s in seen],
                      [line["external_id"] for line in lines])
        return [s["outcome"] for s in seen], seen
    first, seen = outcomes(lines)
    findings.same("lines are recorded or suspended", first,
                  ["recorded", "recorded", "suspended", "suspended"])
    findings.expect("a suspended line says why", all(s["reason"] for s in seen[2:]), seen)
    findings.same("lines repeat", outcomes(lines[:2])[0], ["repeated", "repeated"])
    changed, seen = outcomes([lines[0] | {"quantity": 11}])
    findings.same("a changed line is a conflict", changed, ["conflict"])
    findings.expect("a conflict says why", seen[0]["reason"], seen)
    answer = world.service.once("POST", "/v1/sales", {"source": "shop", "lines": [
        lines[0] | {"unit_price": 20.5}, lines[1] | {"quantity": 0, "currency": "dollars"}]},
        world.finance)
    world.problem(findings, "prices are strings, and all mistakes come together", answer, 422,
                  "/lines/0/unit_price", "/lines/1/quantity", "/lines/1/currency")
    refused = world.service.once(
        "POST", "/v1/sales", {"source": "shop", "lines": lines}, world.curator)
    world.problem(findings, "only finance records sales", refused, 403)


def settle(world, findings, product, shares):
    before = world.coinvent.run("settle", "--dry-run", "--json", want=[0]).json
    findings.expect("a dry run says what would change", product in json.dumps(before), before)
    pool = model.pool(
        [sale("", "", 10, "20.00"), sale("", "", 100, "15.00", "retail")], model.STANDARD_CONTRACT)
    answer = world.service.call("POST", "/v1/settlements", {}, world.finance)
    seen = answer.json
    findings.same("the settlement says the pool", [
        (c["currency"], c["pool"]) for c in seen["currencies"]], [("USD", model.decimal(pool))])
    again = world.coinvent.run("settle", "--json")
    findings.same("settling again has nothing to do", again.code, 6)
    refused = world.service.once("POST", "/v1/settlements", {}, world.member("alma")[1])
    world.problem(findings, "a member settles nothing", refused, 403)
    for holder, ppb in model.holdings(shares).items():
        if holder:
            check_earnings(world, findings, holder, product, ppb, model.due(pool, ppb))
    other = world.service.once(
        "GET", f"/v1/members/{world.member('alma')[0]}/earnings", None, world.member("bert")[1])
    world.problem(findings, "nobody reads what others earn", other, 403)


def check_earnings(world, findings, member, product, ppb, credited):
    handle, token = next((h, t) for h, (m, t) in world.members.items() if m == member)
    seen = world.scene.earnings(member, token)
    amount = model.decimal(credited)
    findings.same(f"{handle} is named", seen["member_id"], member)
    wanted = {
        "currency": "USD", "credited": amount, "payable": amount, "in_flight": "0.00",
        "paid": "0.00", "held": "0.00", "fees": "0.00"}
    findings.same(f"{handle}'s money by currency", [
        {key: money[key] for key in wanted} for money in seen["currencies"]], [wanted])
    findings.same(f"{handle}'s money by product", seen["products"], [{
        "product_id": product, "currency": "USD", "share_ppb": ppb, "credited": amount,
        "referred": "0.00"}])
    findings.same(f"{handle}'s money by period",
                  [period["credited"] for period in seen["periods"]], [amount])
    findings.expect(f"{handle} reads why nothing was paid", seen["why_not_paid"], seen)
    for name in (handle, member):
        done = world.coinvent.run("earnings", name, "--json", want=[0])
        findings.same("the command says the same as HTTP", done.json, seen)
