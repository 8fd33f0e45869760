"""What the benchmark measures with: PostgreSQL's tools, the server and the load generator."""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PLACE = os.environ.get("BENCH_PLACE", "")
PG_BIN = os.environ.get("BENCH_PG_BIN", "")
BINARY = os.environ.get("BENCH_BINARY", "")
LOAD = os.environ.get("BENCH_LOAD", "")
TICK = os.sysconf("SC_CLK_TCK")


class Wrong(Exception):
    """Something was counted wrong or broke: the benchmark's figures are worth nothing."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(words, **more):
    done = subprocess.run(words, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise Wrong(f"{' '.join(map(str, words))[:200]} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def url(database):
    return f"postgresql:///{database}?host={PLACE}&port=5432&user=postgres"


def psql(database, *commands):
    words = [f"{PG_BIN}/psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url(database)]
    for command in commands:
        words += ["-c", command]
    return run(words).strip()


def rows(database, query):
    return [line.split("|") for line in psql(database, query).splitlines()]


def coinvent(*words, database):
    return run([BINARY, *map(str, words), "--database-url", url(database)])


def make(database, *options, template=None):
    """A fresh database: migrated and filled, or a copy."""
    psql("postgres", f"DROP DATABASE IF EXISTS {database}")
    if template:
        psql("postgres", f"CREATE DATABASE {database} TEMPLATE {template}")
        return
    psql("postgres", f"CREATE DATABASE {database}")
    coinvent("migrate", database=database)
    coinvent("generate", *options, database=database)
    psql(database, "VACUUM ANALYZE", "CHECKPOINT")


def drop(*databases):
    for database in databases:
        psql("postgres", f"DROP DATABASE IF EXISTS {database}")


def pgbench(database, script, clients, seconds):
    """Transactions a second of a script file, prepared."""
    text = run([f"{PG_BIN}/pgbench", "-n", "-M", "prepared", "-f", script, "-c", str(clients), "-j",
                "2", "-T", str(seconds), url(database)])
    return float(text.split("tps = ")[1].split()[0])


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Server:
    """The release binary as it is delivered, its access log thrown away."""

    port = 18080

    def __init__(self, database):
        self.database = database
        self.start()

    def start(self):
        environment = dict(os.environ, COINVENT_CONNECTIONS_PER_ADDRESS="2000")
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [BINARY, "serve", "--port", str(self.port), "--database-url", url(self.database)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz") as answer:
                    if answer.status == 200:
                        break
            except OSError:
                time.sleep(0.002)
            if self.process.poll() is not None or time.perf_counter() - began > 20:
                raise Wrong("the server does not become ready")
        self.ready_ms = (time.perf_counter() - began) * 1000

    def memory_mib(self):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        return 0

    def seconds(self):
        return processor_seconds(self.process.pid)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def post(path, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{Server.port}{path}", data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def start_load(plan, **options):
    words = [LOAD, "--plan", plan, "--port", str(Server.port)]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), str(value)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish_load(process, expect=(200, 304)):
    out, error = process.communicate()
    if process.returncode != 0:
        raise Wrong(f"the load generator failed: {error}")
    report = json.loads(out)
    strange = {s: n for s, n in report["statuses"].items()
               if int(s) not in expect and int(s) != 403}
    if expect and strange:
        raise Wrong(f"unexpected answers: {strange}")
    return report


def load(plan, expect=(200, 304), **options):
    return finish_load(start_load(plan, **options), expect)


def median(values):
    return statistics.median(values)


def spread(values):
    """The distance between the extremes, as a part of the median."""
    return (max(values) - min(values)) / median(values) if values and median(values) else 0.0
