"""Kill points of publishing a period and of sealing its settlement: strace kills each at its N-th
send, it is run again, and then every member has one statement, and a proof that holds."""

import json
import shutil
import time
from datetime import date, timedelta

import points

MEMBERS = 12


def run(scene, findings, every):
    if not shutil.which("strace"):
        print("    statements: skipped, strace is not installed", flush=True)
        return
    town = Town(scene, findings)
    point, killed, began = 1, {"publish": 0, "seal": 0}, time.monotonic()
    while True:
        name = town.month()
        dead = {"publish": town.publish(name, point), "seal": town.seal(point)}
        town.look(name, point)
        for what, died in dead.items():
            killed[what] += died
        if not any(dead.values()):
            break
        point += every
    for what, count in killed.items():
        findings.expect(f"some kill points of {what} were tried", count * every > 3, killed)
    findings.same("as many settlements are sealed as there were months", town.sealed(), town.months)
    print(f"    kill points: {killed['publish']} of publishing, {killed['seal']} of sealing, every "
          f"{every} sends, in {time.monotonic() - began:.0f} s", flush=True)


class Town:
    """Members who share a product, month after month."""

    def __init__(self, scene, findings):
        self.scene, self.findings, self.months = scene, findings, 0
        self.key = self.command("proof", "key", "--json", want=[0]).json["key"]
        self.operator = scene.operator("treasurer")
        people = [scene.join(f"holder_{number}") for number in range(MEMBERS)]
        self.members = {member: f"holder_{number}" for number, (member, _) in enumerate(people)}
        self.product = scene.accept(
            scene.propose(people[0][1], "A lamp that folds"), self.operator)
        for member, _ in people[1:]:
            scene.contribute(self.product, member, "naming", self.operator)
        scene.lock(self.product, self.operator)

    def command(self, *words, want=None):
        return self.scene.coinvent.run(*words, want=want)

    def sealed(self):
        rows = self.scene.sql("SELECT count(*) FROM proof_entries WHERE kind = 'lines'")
        return int(rows[0][0])

    def month(self):
        """The next one, sold and approved, and not yet told."""
        self.months += 1
        name = f"town-{self.months}"
        self.scene.sell(self.operator, "town", {
            "external_id": name, "product_id": self.product, "channel": "direct", "quantity": 3,
            "unit_price": "19.99", "currency": "USD", "sold_at": "2025-01-01T12:00:00Z"})
        through = date(2025, 1, 1) + timedelta(days=self.months)
        self.command("period", "open", name, "--through", through, want=[0])
        for step in ["preview", "approve"]:
            self.command("period", step, name, want=[0])
        return name

    def publish(self, name, point):
        """Whether it was killed; either way the period is published in the end."""
        died = points.kill_at(point, self.scene, "period", "publish", name) in points.KILLED
        if died:
            self.holds(f"a publication was killed at send {point}")
            state = self.command("period", "show", name, "--json", want=[0]).json["state"]
            shown = self.listed(next(iter(self.members)), name)
            self.findings.same(f"killed at send {point}, nothing is shown by halves",
                               len(shown), 1 if state == "published" else 0)
        self.resume(lambda: self.command("period", "publish", name))
        return died

    def seal(self, point):
        died = points.kill_at(point, self.scene, "proof", "seal") in points.KILLED
        if died:
            self.holds(f"sealing was killed at send {point}")
        self.resume(lambda: self.command("proof", "seal"))
        return died

    def resume(self, again):
        """A killed run's last statement may still be at work, and hold the lock (exit code 3)."""
        deadline = time.monotonic() + 20
        done = again()
        while done.code == 3 and time.monotonic() < deadline:
            time.sleep(0.1)
            done = again()
        self.findings.expect("it goes on where it was", done.code in (0, 6), done)

    def holds(self, when):
        done = self.command("verify")
        self.findings.expect(f"the books hold after {when}", done.code == 0, done)

    def listed(self, member, name):
        told = self.command("statement", self.members[member], "--json", want=[0, 6])
        return [one for one in told.json["statements"] if one["statement"] == name]

    def look(self, name, point):
        """Everybody has one statement, of one version, and its proof holds."""
        self.holds(f"all was finished, killed at send {point}")
        rows = self.scene.sql(
            "SELECT s.member_id, count(*), max(s.version) FROM statement_seals s "
            f"JOIN periods p ON p.id = s.period_id WHERE p.name = '{name}' GROUP BY s.member_id")
        told = {(count, version) for _, count, version in rows}
        self.findings.same(f"one statement each after a kill at send {point}", told, {("1", "1")})
        self.findings.expect("every holder has one", len(rows) >= MEMBERS, len(rows))
        member = list(self.members)[point % MEMBERS]
        self.findings.same("which is shown", len(self.listed(member, name)), 1)
        path = self.scene.place / "proof.json"
        self.command("proof", self.members[member], "--to", path, want=[0])
        checked = self.command("proof", "check", path, "--key", self.key)
        self.findings.expect(f"the proof holds after a kill at send {point}",
                             checked.code == 0, checked)
        proven = json.loads(path.read_text())["settlements"]
        self.findings.same("and is of every month", len(proven), self.months)
