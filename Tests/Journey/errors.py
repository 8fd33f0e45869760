"""What the service says when it says no."""


def run(world, findings):
    service, ada = world.service, world.member("alma")

    def no(sentence, status, pointers, method, path, body=None, token=None, headers=()):
        answer = service.once(method, path, body, token, headers)
        world.problem(findings, sentence, answer, status, *pointers)
        return answer

    no("all bad fields are named together", 422, ["/handle", "/email", "/password"],
       "POST", "/v1/members",
       {"handle": "A!", "display_name": "Ada", "email": "alma", "password": "short"})
    no("missing fields are named", 422, ["/handle", "/display_name", "/email", "/password"],
       "POST", "/v1/members", {})
    no("unknown fields are named", 422, ["/colour"], "POST", "/v1/sessions",
       {"login": "alma", "password": "x", "colour": "red"})
    no("what is no JSON is malformed", 400, [], "POST", "/v1/members", b"{")
    no("a body is JSON", 415, [], "POST", "/v1/members", b"handle=ada",
       headers=[("Content-Type", "application/x-www-form-urlencoded")])
    no("a handle is taken once", 409, ["/handle"], "POST", "/v1/members",
       {"handle": "alma", "display_name": "Ada", "email": "other@example.org",
        "password": "correct horse battery staple"})
    no("a wrong password is refused", 401, [], "POST", "/v1/sessions",
       {"login": "alma", "password": "not the password"})
    no("an unknown login is refused alike", 401, [], "POST", "/v1/sessions",
       {"login": "nobody", "password": "not the password"})
    answer = no("a token is needed", 401, [], "GET", "/v1/me")
    findings.expect("401 says how", "www-authenticate" in answer.headers, answer.headers)
    no("a bad token is refused", 401, [], "GET", "/v1/me", token="cvt_1_2")
    no("an unknown path is not found", 404, [], "GET", "/v1/nothing")
    answer = no("an unknown method is refused", 405, [], "DELETE", "/v1/ideas", token=ada[1])
    findings.expect("405 says which are there", "GET" in answer.headers.get("allow", ""),
                    answer.headers)
    no("an unknown idea is not found", 404, [], "GET", "/v1/ideas/idea_01h455vb4pex5vsknk084sn02q")
    no("another thing's id is not found", 404, [], "GET", f"/v1/ideas/{ada[0]}")
    no("an unknown product is not found", 404, [], "GET",
       "/v1/products/prod_01h455vb4pex5vsknk084sn02q/influence")
    no("a list's wishes are checked", 422, [], "GET", "/v1/ideas?sort=luck&limit=0")
    me = service.get("/v1/me", ada[1])
    findings.expect("everybody can ask who they are",
                    me["id"] == ada[0] and me["handle"] == "alma" and me["role"] == "member", me)
    findings.same("it is healthy", service.once("GET", "/healthz").status, 200)
    findings.same("it is ready", service.once("GET", "/readyz").status, 200)
