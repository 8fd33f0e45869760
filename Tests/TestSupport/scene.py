"""A service of a test's own: a throw-away cluster, server, provider and commands on it."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Scripts" / "lib"))

from service import Coinvent, Service, free_port  # noqa: E402

PASSWORD = "correct horse battery staple"


class Scene:
    """Starts what a test needs in `place`, a folder that its run script removes again."""

    def __init__(self, place, **environment):
        self.place = Path(place)
        self.data = self.place / "data"
        self.port, self.provider_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.provider_url = f"http://127.0.0.1:{self.provider_port}"
        self.provider_state = self.place / "provider"
        self.coinvent = Coinvent(data=self.data, environment={
            "COINVENT_RAIL": "sandbox", "COINVENT_RAIL_URL": self.provider_url, **environment})
        self.service = Service(self.url)
        self.provider = Service(self.provider_url)
        self.running = {}

    def begin(self):
        """A migrated cluster and a running server."""
        self.cluster("start", "--throwaway")
        self.coinvent.run("migrate", want=[0])
        self.serve()
        return self

    def cluster(self, action, *options):
        done = subprocess.run(
            [ROOT / "Scripts" / "cluster", action, "--data", self.data, *options],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"Scripts/cluster {action}: {done.stderr}{done.stdout}")
        return done.stdout.strip()

    def database(self, superuser=True):
        """The URL of its database."""
        url = self.cluster("url", *(["--superuser"] if superuser else []))
        return url.replace(":///postgres?", ":///coinvent?")

    def sql(self, text):
        """Rows of texts, asked as the superuser: what a test may see and the service must not."""
        done = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-d", self.database()],
            input=text, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines()]

    # Processes

    def start(self, name, *words):
        self.running[name] = self.coinvent.start(*words, log=self.place / f"{name}.log")
        return self.running[name]

    def serve(self, wait=True):
        process = self.start("server", "serve", "--port", self.port)
        if wait:
            self.service.wait_ready()
        return process

    def provide(self, *options):
        process = self.start(
            "provider", "sandbox-provider", "--port", self.provider_port,
            "--state", self.provider_state, *options)
        self.wait_provider()
        return process

    def wait_provider(self, seconds=20):
        deadline = time.monotonic() + seconds
        while True:
            try:
                if self.provider.once("GET", "/v1/transfers?after=0&limit=1").status == 200:
                    return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"the provider did not come up: {error}") from error
            time.sleep(0.05)

    def kill(self, name, signal=9):
        """Ends a process and waits for its end."""
        process = self.running.pop(name, None)
        if process:
            process.send_signal(signal)
            process.wait(60)

    def end(self):
        for name in list(self.running):
            self.kill(name, 15)

    def log(self, name, lines=20):
        path = self.place / f"{name}.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])

    # People

    def operator(self, handle="operator", role="admin"):
        """A member made from the command line. Returns a token."""
        self.coinvent.run("members", "create", "--handle", handle, "--role", role, want=[0])
        return self.token(handle)

    def token(self, handle):
        return self.coinvent.run(
            "tokens", "create", "--member", handle, "--json", want=[0]).json["token"]

    def join(self, handle):
        """A member made over HTTP. Returns (id, token)."""
        made = self.service.post("/v1/members", {
            "handle": handle, "display_name": handle.title(), "password": PASSWORD,
            "email": f"{handle}@example.org"})
        session = self.service.post(
            "/v1/sessions", {"login": handle, "password": PASSWORD})
        return made["id"], session["token"]

    # The story

    def propose(self, token, title):
        return self.service.post("/v1/ideas", {
            "title": title, "pitch": "It helps.", "problem": "There is one.",
            "solution": "There is one too.", "category": "household"}, token)["id"]

    def accept(self, idea, token, recipe=None, contract=None):
        body = {"decision": "accept", "reason": "People want it."}
        if recipe:
            body["recipe"] = recipe
        if contract:
            body["contract"] = contract
        return self.service.post(f"/v1/ideas/{idea}/decisions", body, token)["product_id"]

    def contribute(self, product, member, slice, token, weight=1, evidence="adopted",
                   role=None):
        return self.service.post(f"/v1/products/{product}/contributions", {
            "member_id": member, "slice": slice, "weight": weight, "evidence": evidence,
            **({"role": role} if role else {})}, token)

    def lock(self, product, token):
        self.service.post(f"/v1/products/{product}/shares/propose", {"dispute_days": 0}, token)
        return self.service.post(f"/v1/products/{product}/shares/lock", {}, token)

    def sell(self, token, source, *lines):
        return self.service.post("/v1/sales", {"source": source, "lines": list(lines)}, token)

    def earnings(self, member, token):
        return self.service.get(f"/v1/members/{member}/earnings", token)


class Findings:
    """Counts what holds and prints what does not."""

    def __init__(self, show=False):
        self.passed, self.failed, self.show = 0, 0, show

    def expect(self, sentence, truth, seen=""):
        if truth:
            self.passed += 1
            if self.show:
                print(f"  ok      {sentence}", flush=True)
        else:
            self.failed += 1
            print(f"  FAILED  {sentence}" + (f": {seen}" if seen != "" else ""), flush=True)
        return bool(truth)

    def same(self, sentence, seen, wanted):
        return self.expect(sentence, seen == wanted, f"{seen!r} instead of {wanted!r}")

    def end(self, name):
        print(f"{name}: {self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0
