"""Loads beside those of `load.py`: reports that are taken back, shops that sign their deliveries,
products under contracts with terms, periods, and the hash chain."""

import base64
import hashlib
import hmac
import json
import time

from load import Importing, Load, Selling

# Everything whose pool depends on the order of its lines, on time, or on another product.
TERMS = {
    "base": "net", "rates": {"direct": 100_000, "retail": 80_000},
    "deductions": [{"name": "discount"}, {"name": "shipping", "cap_ppm": 50_000}],
    "deductions_cap_ppm": 150_000,
    "rules": [
        {"channel": "direct", "territory": "US", "rate_ppm": 120_001, "by": "units",
         "counter": "direct", "steps": [{"above": "300", "rate_ppm": 200_003},
                                        {"above": "2000", "rate_ppm": 90_001}]},
        {"channel": "retail", "format": "boxed", "rate_ppm": 90_001, "by": "money",
         "currency": "USD", "steps": [{"above": "5000.00", "rate_ppm": 150_007}]},
        {"channel": "retail", "territory": "DE", "rate_ppm": 100_000,
         "minimum_per_unit": {"USD": "2.50"}}],
    "opening": [{"counter": "direct", "units": "100"}],
    "advances": [{"name": "launch", "amount": "5000.00", "currency": "USD", "order": 2}],
    "costs": [{"name": "mould", "amount": "3000.00", "currency": "USD", "order": 1,
               "share_ppm": 500_001}],
    "guarantees": [{"name": "start", "amount": "90000.00", "currency": "USD", "from": "2026-10",
                    "until": "2026-12"}],
    "reserve": {"ppm": 200_003, "period": "month", "held": 1}, "collateral": "series"}
LIST = {
    "base": "list", "rates": {"direct": 100_000, "retail": 50_000},
    "list_prices": {"USD": "123.45"}, "collateral": "series",
    "costs": [{"name": "print", "amount": "900.00", "currency": "USD"}]}
STEPS = {
    "base": "gross", "rates": {"direct": 100_000, "retail": 50_000}, "referral_ppm": 0,
    "rules": [{"channel": "direct", "rate_ppm": 100_000, "by": "units",
               "steps": [{"above": "100", "rate_ppm": 250_000}]}]}


class OfTerms:
    """Sales of products under such contracts: later ones, with what only they look at."""

    def sale(self):
        line = super().sale()
        if self.random.random() < 0.3:
            return line  # a plain product's
        line["product_id"] = self.random.choice(self.world.termed)
        month = self.random.choice(("2026-10", "2026-11", "2026-12", "2027-01"))
        line["sold_at"] = f"{month}-{self.random.randint(1, 28):02d}T10:00:00Z"
        line["territory"] = self.random.choice(("US", "DE", "FR"))
        line["format"] = self.random.choice(("boxed", "paper"))
        if self.random.random() < 0.2:
            line["list_price"] = "99.90"
        return line


class SellingOfTerms(OfTerms, Selling):
    def __init__(self, world, number):
        super().__init__(world, number)
        self.name = f"terms-{number}"


class Withdrawing(OfTerms, Importing):
    """Reports, by file or over HTTP; some are withdrawn, and some of those come corrected."""

    def __init__(self, world, number):
        super().__init__(world, number)
        self.name = f"reports-{number}"
        self.file = world.scene.place / f"{self.name}.csv"
        self.counted, self.withdrawn, self.number = [], 0, 0

    def counting(self):
        return self.counted

    def turn(self):
        lines = [self.line() for _ in range(self.random.randint(1, 6))]
        report = self.report(lines)
        if self.random.random() < 0.4:
            time.sleep(self.random.random() * 0.5)
            self.withdraw(report)
            if self.random.random() < 0.5:
                lines = [line | {"quantity": line["quantity"] * 2} for line in lines
                         if line["quantity"] > 0]
                if lines:
                    self.report(lines)
                    self.keep(lines)
            return
        self.keep(lines)
        time.sleep(self.random.random() * 0.06)

    def keep(self, lines):
        gone = {line["return_of"] for line in lines}
        self.counted += lines
        self.sold += [line for line in lines
                      if line["quantity"] > 0 and line["external_id"] not in gone]

    def report(self, lines):
        """Sends it until it is there. Returns its id."""
        self.number += 1
        self.lines += lines
        if self.random.random() < 0.5:
            report = self.send(lines, ())
        else:
            answer, _ = self.insist("POST", "/v1/sales", {
                "source": self.name, "report": f"{self.number}", "lines": lines},
                self.world.operator)
            if answer.status >= 300:
                raise AssertionError(f"a report was answered {answer}")
            self.count += len(lines)
            report = answer.json["report_id"]
        return report

    def withdraw(self, report):
        self.withdrawn += 1
        if self.random.random() < 0.5:
            self.command("sales", "withdraw", report, "--reason", "of another shop")
            return
        answer, _ = self.insist(
            "POST", f"/v1/sales/reports/{report}/withdrawal", {"reason": "of another shop"},
            self.world.operator)
        if answer.status >= 300:
            raise AssertionError(f"a withdrawal was answered {answer}")


class Hooking(OfTerms, Selling):
    """A shop that signs each delivery, and sends some again."""

    def __init__(self, world, number):
        super().__init__(world, number)
        self.name = f"hook-{number}"
        done = world.scene.coinvent.run("sales", "hook", "add", self.name, "--json", want=[0])
        secret = done.json["secret"].removeprefix("whsec_")
        self.secret = base64.b64decode(secret + "=" * (-len(secret) % 4))

    def send(self, lines, good):
        body = json.dumps({"lines": lines}).encode()
        name = f"msg_{self.name_line()}"
        for _ in range(2 if self.random.random() < 0.2 else 1):
            answer = self.deliver(name, body)
            if not answer.json["repeated"] and any(
                    line["outcome"] not in ("recorded", "repeated")
                    for line in answer.json["lines"]):
                raise AssertionError(f"a delivery was answered {answer}")
        self.count += len(lines)

    def deliver(self, name, body):
        while True:
            now = str(int(time.time()))
            mark = hmac.new(self.secret, f"{name}.{now}.".encode() + body, hashlib.sha256)
            headers = [("webhook-id", name), ("webhook-timestamp", now),
                       ("webhook-signature", "v1," + base64.b64encode(mark.digest()).decode()),
                       ("Content-Type", "application/json")]
            try:
                answer = self.service.once(
                    "POST", f"/v1/hooks/sales/{self.name}", body, None, headers)
                if answer.status < 300:
                    return answer
                if answer.status < 500 and answer.status != 429:
                    raise AssertionError(f"a delivery was answered {answer}")
            except OSError:
                pass
            time.sleep(0.05)
            if self.world.over.is_set():
                raise TimeoutError(f"{self.name} got no delivery in")


class Publishing(Load):
    """Periods from open to published, some reopened, beside whoever settles without asking.

    A settlement takes a preview back and holds the lock nearly always, so most of the time the
    settlers begin none while a step is tried; else there would be no publication to look at."""

    def __init__(self, world):
        super().__init__(world, "periods")
        self.day, self.published, self.reopened = 0, 0, 0

    def turn(self):
        if self.random.random() < 0.7:
            self.world.periods_wait.set()
        try:
            for _ in range(self.random.randint(1, 4)):
                self.move_on()
        finally:
            self.world.periods_wait.clear()
        self.count += 1
        time.sleep(self.random.random() * 3)

    def move_on(self):
        periods = self.world.scene.coinvent.run("period", "list", "--json")
        if periods.code == 1:
            return time.sleep(0.1)
        periods = periods.json["periods"][::-1]
        work = [p for p in periods if p["state"] in ("open", "previewed")]
        told = [p for p in periods if p["state"] == "approved"]
        if work:
            is_open = work[0]["state"] == "open" or self.random.random() < 0.2
            if is_open:  # its days are ahead of the clock
                self.step("preview", work[0]["name"], "--ahead")
            else:
                self.step("approve", work[0]["name"])
        elif told:
            self.published += self.step("publish", told[0]["name"])
        elif periods and self.random.random() < 0.3:
            self.reopened += self.step("reopen", periods[-1]["name"], "--reason", "late")
        else:
            self.day += 1
            first = time.strptime("2026-11-30", "%Y-%m-%d")
            day = time.strftime(
                "%Y-%m-%d", time.localtime(time.mktime(first) + 86_400 * self.day + 43_200))
            self.step("open", f"day-{self.day:04d}", "--through", day, "--ahead")

    def publish_all(self):
        """Everything that is not told yet, when nobody is in the way any more."""
        listed = self.world.scene.coinvent.run("period", "list", "--json", want=[0]).json
        for period in listed["periods"][::-1]:
            words = {"open": ("preview", "approve", "publish"),
                     "previewed": ("preview", "approve", "publish"),
                     "approved": ("publish",)}.get(period["state"], ())
            for word in words:
                more = ["--ahead"] if word == "preview" else []
                self.world.scene.coinvent.run("period", word, period["name"], *more, want=[0])

    def step(self, what, name, *more):
        """Whether it was done; somebody else's settlement is in the way most of the time."""
        for _ in range(12):
            done = self.world.scene.coinvent.run("period", what, name, *more)
            if done.code not in (0, 1, 3):
                raise AssertionError(repr(done))
            if done.code == 0 or self.world.calm.is_set():
                break
        return done.code == 0


class SettlingByRequest(Load):
    """Settlements that finance asks for, beside those from the command line."""

    def __init__(self, world):
        super().__init__(world, "requests")

    def turn(self):
        answer = self.ask("POST", "/v1/settlements", {}, self.world.operator)
        if answer and answer.status not in (200, 201, 409):
            raise AssertionError(f"a settlement was answered {answer}")
        self.count += bool(answer and answer.status == 201)
        time.sleep(self.random.random() * 0.5)
        self.world.wait_for_periods()


class Sealing(Load):
    """The chain and its trees, by hand beside the worker and the settlers."""

    def __init__(self, world):
        super().__init__(world, "seals")

    def turn(self):
        done = self.world.scene.coinvent.run("proof", "seal")
        if done.code not in (0, 1, 6):
            raise AssertionError(repr(done))
        self.count += done.code == 0
        time.sleep(self.random.random())
