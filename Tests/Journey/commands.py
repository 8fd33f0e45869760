"""Exit codes and --json of the commands, imports, and that verify has teeth."""

import json

import examples
from service import uuid_of
from story import sale

SETTLE_LOCK = 0x636F696E0002


def run(world, findings):
    exit_codes(world, findings)
    imports(world, findings)
    teeth(world, findings)


def exit_codes(world, findings):
    def ends(sentence, code, *words, **more):
        done = world.coinvent.run(*words, **more)
        findings.same(sentence, done.code, code)
        return done
    ends("help ends with 0", 0, "--help")
    ends("version ends with 0", 0, "--version")
    ends("an unknown command ends with 2", 2, "setle")
    ends("an unknown option ends with 2", 2, "settle", "--slowly")
    ends("a wrong value ends with 2", 2, "settle", "--through", "yesterday")
    ends("an unknown member ends with 1", 1, "earnings", "nobody_at_all")
    ends("a taken handle ends with 3", 3, "members", "create", "--handle", "alma")
    ends("nothing to settle ends with 6", 6, "settle", "--json")
    for words in [["verify"], ["settle", "--dry-run"], ["payouts", "list"], ["doctor"]]:
        done = world.coinvent.run(*words, "--json")
        try:
            findings.expect(f"{words[0]} speaks JSON", isinstance(done.json, dict), done)
        except ValueError:
            findings.expect(f"{words[0]} speaks JSON", False, done)
    done = ends("a failure speaks JSON too", 1, "earnings", "nobody_at_all", "--json")
    findings.same("with its exit code", json.loads(done.err)["error"]["exit"], 1)
    help_of_every_command(world, findings)
    busy(world, findings)
    held(world, findings)


def help_of_every_command(world, findings):
    for words in ["settle", "earnings", "worker", "verify", "sales import", "payouts list",
                  "payouts request", "payouts show", "members create", "tokens create", "serve",
                  "migrate", "doctor"]:
        done = world.coinvent.run(*words.split(), "--help")
        findings.expect(f"help of {words} has examples first", done.code == 0
                        and "EXAMPLES" in done.out.split("USAGE")[0].upper(), done)
    for shell in ("bash", "zsh", "fish"):
        done = world.coinvent.run("completions", shell)
        findings.expect(f"completions for {shell}", done.code == 0 and "settle" in done.out, done)


def busy(world, findings):
    """Another settlement in progress, which holds the lock."""
    import subprocess
    holder = subprocess.Popen(
        ["psql", "-XAtq", "-d", world.scene.database()], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True)
    holder.stdin.write(f"SELECT pg_advisory_lock({SETTLE_LOCK});\n\\echo held\n")
    holder.stdin.flush()
    while "held" not in holder.stdout.readline():
        pass
    findings.same("another run in progress ends with 3",
                  world.coinvent.run("settle", "--json").code, 3)
    answer = world.service.once("POST", "/v1/settlements", {}, world.finance)
    world.problem(findings, "and is 409 over HTTP", answer, 409)
    holder.communicate()


def held(world, findings):
    rich = examples.Example(
        world, 13, examples.EVERYTHING, examples.ALL_OF_IT, "A product to be held").lock()
    rich.sell(1, "40.00")
    examples.settle(world)

    def ask():
        return world.coinvent.run("payouts", "request", rich.handle, "--currency", "USD",
                                  "--amount", "20.00", "--key", "wish", "--json")
    world.coinvent.run("payouts", "hold", rich.handle, "--because", "a check", want=[0])
    findings.same("a payout on hold ends with 4", ask().code, 4)
    findings.expect("and everybody reads why", "a check" in json.dumps(rich.money()[1]))
    world.coinvent.run("payouts", "resume", rich.handle, want=[0])
    first, second = ask(), ask()
    findings.same("a request with a key is made once", (first.code, second.code, first.json["id"]),
                  (0, 0, second.json["id"]))
    findings.same("less than the minimum ends with 6", world.coinvent.run(
        "payouts", "request", rich.handle, "--currency", "USD", "--amount", "1.00").code, 6)


def imports(world, findings):
    product = examples.Example(
        world, 14, examples.EVERYTHING, examples.ALL_OF_IT, "A product of many lines").lock()
    lines = [sale(f"row-{n}", product.product, 1, "0.10") for n in range(1_000)]
    path = world.scene.place / "sales.csv"
    fields = list(lines[0])

    def write(rows):
        path.write_text(",".join(fields) + "\n" + "".join(
            ",".join(str(row[f] or "") for f in fields) + "\n" for row in rows))

    def run(*options):
        return world.coinvent.run("sales", "import", path, "--source", "file", "--json", *options)
    write(lines)
    dry = run("--dry-run")
    examples.settle(world)
    findings.same("a dry run imports nothing", (dry.code, product.credited()), (0, "0.00"))
    findings.same("an import ends with 0", run().code, 0)
    again = run()
    findings.expect("it repeats without effect", again.code in (0, 6), again)
    examples.settle(world)
    findings.same("imported lines are paid for", product.credited(), "100.00")
    write([sale("row-x", product.product, 1, "1.00", "moon"), sale(
        "row-y", product.product, 1, "1.00")])
    partial = run()
    findings.same("a suspended line makes it partial", partial.code, 7)


def teeth(world, findings):
    """A balance changed behind the books' back is found and named."""
    clean = world.coinvent.run("verify", "--json")
    findings.same("verify is clean", clean.code, 0)
    member = world.member("alma")[0]
    where = f"WHERE owner = '{uuid_of(member)}' AND kind = 'member_payable'"
    world.scene.sql(f"UPDATE balances SET balance = balance + 1 {where}")
    done = world.coinvent.run("verify", "--json")
    findings.same("a nano too much ends with 5", done.code, 5)
    findings.expect("and is named", uuid_of(member) in done.out + done.err
                    or member in done.out + done.err, done)
    world.scene.sql(f"UPDATE balances SET balance = balance - 1 {where}")
    findings.same("verify is clean again", world.coinvent.run("verify").code, 0)
