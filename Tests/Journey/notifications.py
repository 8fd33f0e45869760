"""Followers, the inbox, preferences, and mails as a mail server gets them."""

import email
import email.policy
import re
import socketserver
import threading
from urllib.parse import urlsplit

from scene import free_port


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mails over SMTP and keeps them. Addresses say what it answers: `never…` is refused for
    good, `busy…` is put off the first time."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        self.port = free_port()
        self.mails, self.refused, self.busy = [], [], set()
        super().__init__(("127.0.0.1", self.port), Session)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 test")
        receiver = None
        while line := self.rfile.readline():
            verb = line.decode().strip()
            if verb.startswith("EHLO"):
                self.say("250-test")
                self.say("250 8BITMIME")
            elif verb.startswith("RCPT TO:"):
                receiver = verb[8:].strip("<>")
                if receiver.startswith("never"):
                    self.server.refused.append(receiver)
                    self.say("550 5.1.1 nobody of that name")
                elif receiver.startswith("busy") and receiver not in self.server.busy:
                    self.server.busy.add(receiver)
                    self.say("451 4.3.0 come back later")
                else:
                    self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part[1:] if part.startswith(b".") else part)
                self.server.mails.append((receiver, b"".join(lines)))
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


def run(world, findings):
    author, token = world.member("nora")
    fans = {handle: world.member(handle)[1] for handle in ("nick", "never_n", "busy_n")}
    call, get, post = world.service.call, world.service.get, world.service.post
    server = MailServer()
    options = ["--smtp-url", f"smtp://127.0.0.1:{server.port}", "--smtp-tls", "offered",
               "--mail-from", "Ideen, jetzt <ideas@example.org>", "--public-url", world.scene.url]

    def drain(*more):
        done = world.coinvent.run("worker", "--drain", "--json", *more, want=[0, 6, 7])
        return done.json["notices"]

    idea = world.scene.propose(token, "Ein Gerät für Übergrößen <b>")
    drain()
    findings.same("an author follows the own idea", [
        follow["idea_id"] for follow in get("/v1/me/follows", token)["follows"]], [idea])
    for fan in fans.values():
        call("PUT", f"/v1/ideas/{idea}/follow", None, fan)
        call("PUT", "/v1/me/preferences", {"time_zone": "Europe/Zurich", "kinds": [
            {"kind": "idea_state", "in_app": True, "email": "at_once"}]}, fan)
    post(f"/v1/ideas/{idea}/moves", {"to": "in_review", "reason": "It is time."}, world.admin)
    told = drain(*options)
    findings.same("who follows is told, and who did it is not",
                  [told[key] for key in ("handed_out", "notifications")], [1, 4])
    findings.same("mails are taken, refused and put off",
                  [told[key] for key in ("mails_sent", "mails_failed", "mails_put_off")],
                  [1, 1, 1])
    inbox = get("/v1/me/notifications", fans["nick"])
    findings.same("the inbox tells it", [
        (one["kind"], one["detail"]) for one in inbox["notifications"]],
        [("idea_state", "in_review")])
    findings.same("one is unread", inbox["unread"], 1)
    read = post("/v1/me/notifications/read", {"all": True}, fans["nick"])
    findings.same("and read then", read["read"], 1)
    read_mail(world, findings, server, fans["nick"], idea)
    failures(world, findings, server, drain, options)
    digest(world, findings, server, token, drain, options)
    server.shutdown()


def read_mail(world, findings, server, fan, idea):
    receiver, raw = server.mails[0]
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    parts = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}
    findings.same("the mail is for the member", receiver.split("@")[0], "nick")
    findings.same("its subject is whole", mail["Subject"],
                  "New state: Ein Gerät für Übergrößen <b>")
    findings.same("its sender is named", str(mail["From"].addresses[0]),
                  '"Ideen, jetzt" <ideas@example.org>')
    findings.same("it is text and HTML", sorted(parts), ["text/html", "text/plain"])
    findings.same("a parser finds no defect", [
        defect for part in mail.walk() for defect in part.defects], [])
    findings.expect("its HTML is escaped", "&lt;b&gt;" in parts["text/html"], parts["text/html"])
    findings.expect("it links to the idea", f"{world.scene.url}/v1/ideas/{idea}"
                    in parts["text/plain"], parts["text/plain"])
    findings.same("one click ends such mails", mail["List-Unsubscribe-Post"],
                  "List-Unsubscribe=One-Click")
    link = re.fullmatch(r"<(\S+)>", mail["List-Unsubscribe"].strip())[1]
    path = urlsplit(link).path

    def chosen():
        kinds = world.service.get("/v1/me/preferences", fan)["kinds"]
        return next(kind["email"] for kind in kinds if kind["kind"] == "idea_state")

    findings.same("the link asks first", world.service.once("GET", path).status, 200)
    findings.same("and has changed nothing", chosen(), "at_once")
    findings.same("a click ends them", world.service.once("POST", path, {}).status, 200)
    findings.same("for that kind", chosen(), "off")
    wrong = path[:-1] + ("A" if path[-1] != "A" else "B")
    findings.same("a forged link is none", world.service.once("POST", wrong, {}).status, 404)


def failures(world, findings, server, drain, options):
    listed = world.coinvent.run("mail", "list", "--state", "failed", "--json", want=[0])
    failed = listed.json["mails"]
    findings.same("the server's reason is seen", [mail["last_error"] for mail in failed],
                  ["550 5.1.1 nobody of that name"])
    waiting = world.coinvent.run(
        "mail", "list", "--state", "waiting", "--json", want=[0]).json["mails"]
    findings.same("what is put off waits", [mail["tries"] for mail in waiting], [1])
    findings.same("and is not due at once", drain(*options)["mails_sent"], 0)
    world.scene.sql("UPDATE mails SET due_at = now() WHERE state = 'waiting'")
    findings.same("later it is taken", drain(*options)["mails_sent"], 1)
    world.coinvent.run("mail", "retry", failed[0]["id"], want=[0])
    findings.same("a retry asks again", drain(*options)["mails_failed"], 1)
    findings.same("of the same address", len(server.refused), 2)
    # A worker that died between the server's word and its note: the same message once more.
    world.scene.sql("UPDATE mails SET state = 'waiting', ended_at = NULL, due_at = now() "
                    "FROM members m WHERE m.id = member_id AND handle = 'busy_n'")
    first = server.mails[-1]
    drain(*options)
    findings.same("a mail that is sent twice is the same, byte for byte", server.mails[-2:],
                  [first, first])


def digest(world, findings, server, token, drain, options):
    idea = world.scene.propose(token, "A second idea of Nora's")
    post = world.service.post
    for state in ("in_review", "open"):
        post(f"/v1/ideas/{idea}/moves", {"to": state, "reason": "It is time."}, world.admin)
    before = len(server.mails)
    drain(*options)
    findings.same("what is for the digest waits for the morning", len(server.mails), before)
    world.scene.sql("UPDATE digest_work SET due_at = now()")
    drain(*options)
    mine = [raw for receiver, raw in server.mails[before:] if receiver.startswith("nora")]
    findings.same("then it is one mail", len(mine), 1)
    mail = email.message_from_bytes(mine[0], policy=email.policy.default)
    findings.same("about all that is unread", mail["Subject"], "Your day in ideas: 3 notices")
    findings.same("and none comes again", drain(*options)["mails_sent"], 0)
