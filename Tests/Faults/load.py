"""What goes on while things are killed, and what was acknowledged of it.

Each kind of load is a thread with a generator of its own, so that a seed decides its choices.
"""

import csv
import random
import subprocess
import threading
import time

CHANNELS = ("direct", "retail")


class Load(threading.Thread):
    """Does something over and over until `calm`, then finishes what it has begun."""

    def __init__(self, world, name, number=0):
        super().__init__(name=f"{name}-{number}", daemon=True)
        self.world, self.service = world, world.scene.service
        self.random = random.Random(f"{world.seed}/{self.name}")
        self.failure, self.count = None, 0

    def run(self):
        try:
            while not self.world.calm.is_set():
                self.turn()
            self.finish()
        except BaseException as error:
            self.failure = error

    def turn(self):
        raise NotImplementedError

    def finish(self):
        pass

    def ask(self, method, path, body=None, token=None, key=None):
        """One try. None when it is unknown what became of it."""
        try:
            answer = self.service.once(
                method, path, body, token, [("Idempotency-Key", key)] if key else [])
        except OSError:
            time.sleep(0.02)
            return None
        if answer.status >= 500 or answer.status == 429:
            time.sleep(0.02)
            return None
        return answer

    def command(self, *words):
        """Runs it until it says that it is done."""
        while True:
            done = self.world.scene.coinvent.run(*words)
            if done.code == 0:
                return done
            if done.code != 1:
                raise AssertionError(repr(done))
            if self.world.over.is_set():
                raise TimeoutError(f"{self.name} could not end {done}")
            time.sleep(0.05)

    def insist(self, *request):
        """Tries until there is an answer. Returns it and whether it was the first try's."""
        first = True
        while True:
            answer = self.ask(*request)
            if answer:
                return answer, first
            first = False
            if self.world.over.is_set():
                raise TimeoutError(f"{self.name} got no answer to {request[:2]}")


class Voting(Load):
    """Votes and withdrawals of some members. A pair that had an unknown outcome is repeated until
    it is acknowledged and then left alone: what still runs for it can change nothing."""

    def __init__(self, world, number, members):
        super().__init__(world, "votes", number)
        self.pairs = [(idea, member) for idea in world.open_ideas for member in members]
        self.voted = {}

    def turn(self):
        if not self.pairs:
            time.sleep(0.1)
            return
        place = self.random.randrange(len(self.pairs))
        idea, member = self.pairs[place]
        wish = not self.voted.get((idea, member), False)
        answer, first = self.insist(
            "PUT" if wish else "DELETE", f"/v1/ideas/{idea}/vote", None,
            self.world.tokens[member])
        if answer.status != 200 or answer.json["voted"] != wish:
            raise AssertionError(f"a vote was answered {answer}")
        self.voted[idea, member] = wish
        self.count += 1
        if not first:
            self.pairs[place] = self.pairs[-1]
            self.pairs.pop()


class Selling(Load):
    """Sale lines and returns, each report sent until it is acknowledged, some sent once more."""

    def __init__(self, world, number):
        super().__init__(world, "sales", number)
        self.lines, self.sold = [], []

    def turn(self):
        lines = [self.line() for _ in range(self.random.randint(1, 6))]
        if self.random.random() < 0.2:
            # One comes back before anybody hears that it was sold.
            sale = self.sale()
            early = self.back(sale)
            self.send([early], ("recorded", "repeated"))
            self.lines.append(early)
            lines.append(sale)
            time.sleep(self.random.random() * 0.2)
        self.send(lines, ("recorded", "repeated"))
        self.lines += lines
        gone = {line["return_of"] for line in self.lines}
        self.sold += [line for line in lines
                      if line["quantity"] > 0 and line["external_id"] not in gone]
        if self.random.random() < 0.2:
            self.send(self.random.sample(self.lines, 1), ("repeated",))
        time.sleep(self.random.random() * 0.06)

    def counting(self):
        """The lines that count in the end."""
        return self.lines

    def send(self, lines, good):
        answer, _ = self.insist(
            "POST", "/v1/sales", {"source": self.name, "lines": lines}, self.world.operator)
        if answer.status >= 300:
            raise AssertionError(f"sales were answered {answer}")
        for line, seen in zip(lines, answer.json["lines"]):
            if seen["outcome"] not in good or seen["external_id"] != line["external_id"]:
                raise AssertionError(f"{line} was answered {seen}")
            self.count += 1

    def line(self):
        """A sale; now and then one that comes back."""
        if self.sold and self.random.random() < 0.15:
            return self.back(self.sold.pop(self.random.randrange(len(self.sold))))
        return self.sale()

    def name_line(self):
        return f"{len(self.lines)}-{self.random.getrandbits(48):012x}"

    def back(self, sold):
        return sold | {"external_id": self.name_line(), "quantity": -sold["quantity"],
                       "return_of": sold["external_id"]}

    def sale(self):
        quantity, price = self.random.randint(1, 9), self.random.randint(1, 500_00)
        return {
            "external_id": self.name_line(), "product_id": self.random.choice(self.world.products),
            "channel": self.random.choice(CHANNELS), "quantity": quantity,
            "unit_price": f"{price // 100}.{price % 100:02d}",
            "discount": f"{self.random.randint(0, price) // 100}.00", "allowance": "0.01",
            "currency": "USD", "sold_at": f"2026-0{self.random.randint(1, 9)}-11T10:00:00Z",
            "return_of": None}


class Importing(Selling):
    """The same from files, each imported until the command says that it is."""

    def __init__(self, world, number):
        super().__init__(world, number)
        self.name = f"import-{number}"
        self.file = world.scene.place / f"{self.name}.csv"

    def send(self, lines, good):
        with self.file.open("w", newline="") as file:
            writer = csv.DictWriter(file, sorted({name for line in lines for name in line}))
            writer.writeheader()
            writer.writerows(lines)
        done = self.command("sales", "import", self.file, "--source", self.name, "--json")
        self.count += len(lines)
        return done.json["report_id"]


class Settling(Load):
    """Settlements from the command line, on some connections, up to some day or all, most of them
    killed at some point where things are killed; a few over HTTP, a few only looked at."""

    def __init__(self, world, number):
        super().__init__(world, "settle", number)
        self.killed = 0

    def turn(self):
        if self.random.random() < 0.15:
            answer = self.ask("POST", "/v1/settlements", {}, self.world.operator)
            if answer and answer.status not in (200, 201, 409):
                raise AssertionError(f"a settlement was answered {answer}")
        words = ["settle", "--jobs", str(self.random.randint(1, 3))]
        if self.random.random() < 0.3:
            words += ["--through", f"2026-0{self.random.randint(1, 9)}-20"]
        if self.random.random() < 0.1:
            words += ["--dry-run"]
        process = subprocess.Popen(
            [self.world.scene.coinvent.binary, *words],
            env=self.world.scene.coinvent.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.count += 1
        if self.world.kills_anything and self.random.random() < 0.6:
            try:
                process.wait(self.random.random() * self.world.settle_takes * 1.2)
            except subprocess.TimeoutExpired:
                process.kill()
                self.killed += 1
        code = process.wait(120)
        if code not in (0, 1, 3, 6, -9):
            raise AssertionError(f"settle ended with {code}")
        time.sleep(0.02)
        self.world.wait_for_periods()


class Paying(Load):
    """Members whose last payout failed or came back go on, and finance asks for payouts."""

    def __init__(self, world):
        super().__init__(world, "payouts")

    def turn(self):
        member = self.random.choice(self.world.members)
        if self.random.random() < 0.5:
            done = self.world.scene.coinvent.run("payouts", "resume", member)
            if done.code not in (0, 1):
                raise AssertionError(repr(done))
        for _ in range(3):
            cents = self.random.randint(100, 2_000)
            amount = {"amount": f"{cents // 100}.{cents % 100:02d}", "currency": "USD"}
            answer, _ = self.insist(
                "POST", "/v1/payouts", {"member_id": member, "amount": amount},
                self.world.operator, f"wish-{self.count}")
            if answer.status not in (201, 403, 409):
                raise AssertionError(f"a payout was answered {answer}")
            self.count += 1
        time.sleep(self.random.random() * 0.1)


class Verifying(Load):
    """The books may never be seen broken, whatever was killed."""

    def __init__(self, world):
        super().__init__(world, "verify")

    def turn(self):
        done = self.world.scene.coinvent.run("verify")
        if done.code not in (0, 1):
            raise AssertionError(repr(done))
        self.count += done.code == 0
        time.sleep(0.5)
