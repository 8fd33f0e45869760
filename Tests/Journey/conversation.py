"""What is said about an idea: threads, Markdown, marks that earn, official answers and locks."""


def run(world, findings):
    call, get, post = world.service.call, world.service.get, world.service.post
    once = world.service.once
    inventor, author = world.member("tess")
    _, tom = world.member("tom")
    tina, tina_token = world.member("tina")
    idea = world.scene.propose(author, "A lamp that follows the reader")
    path = f"/v1/ideas/{idea}/comments"

    root = post(path, {"text": "Use *LEDs*, @tina. <script>alert(1)</script>"}, tom)
    findings.same(
        "Markdown is rendered, mentions are links and raw HTML is text", root["html"],
        '<p>Use <em>LEDs</em>, <a rel="nofollow ugc noopener" href="/v1/members/tina">@tina</a>. '
        "&lt;script&gt;alert(1)&lt;/script&gt;</p>\n")
    reply = post(path, {"text": "And a lens.", "parent": root["id"]}, tina_token)
    thread = get(path)
    findings.same("a thread shows the reply below its root",
                  [(c["text"], [r["id"] for r in c["replies"]]) for c in thread["comments"]],
                  [(root["text"], [reply["id"]])])
    world.problem(findings, "an empty comment is refused",
                  once("POST", path, {"text": " "}, tom), 422, "/text")

    edited = call("PATCH", f"/v1/comments/{root['id']}", {"text": "Use LEDs.", "version": 1},
                  tom).json
    findings.same("an edit is a version", edited["version"], 2)
    findings.same("which keeps what was read", [
        v["text"] for v in get(f"/v1/comments/{root['id']}/versions")["versions"]],
        [root["text"]])
    reacted = call("PUT", f"/v1/comments/{root['id']}/reactions/heart", None, author).json
    findings.same("a reaction is counted", reacted["reactions"], {"heart": 1})
    world.problem(findings, "nobody else marks a comment helpful", once(
        "PUT", f"/v1/comments/{root['id']}/helpful", None, tina_token), 403)
    marked = call("PUT", f"/v1/comments/{reply['id']}/helpful", None, author).json
    findings.same("the author marks a helpful one", marked["helpful"], 1)

    call("PUT", f"{path}/lock", {"reason": "We have heard enough."}, world.curator)
    world.problem(findings, "a locked conversation takes nothing",
                  once("POST", path, {"text": "More."}, tom), 409)
    post(path, {"text": "We build it.", "official": True}, world.curator)
    findings.same("but an official answer, which comes first",
                  [c["text"] for c in get(path)["official"]], ["We build it."])
    call("DELETE", f"{path}/lock?reason=Calm", None, world.curator)
    call("DELETE", f"/v1/comments/{root['id']}", None, tom)
    gone = get(path)["comments"][-1]
    findings.same("a deleted comment leaves its place", (
        gone["state"], gone["text"], [r["id"] for r in gone["replies"]]),
        ("deleted", None, [reply["id"]]))

    product = post(f"/v1/ideas/{idea}/decisions", {
        "decision": "accept", "reason": "A fine lamp."}, world.curator)["product_id"]
    shares = get(f"/v1/products/{product}/influence")["shares"]
    findings.same("the helpful comment has earned its slice", [
        share["member_id"] for share in shares if share["slice"] == "idea_discussion"], [tina])
    world.problem(findings, "and its mark is not taken back", once(
        "DELETE", f"/v1/comments/{reply['id']}/helpful", None, author), 409)
