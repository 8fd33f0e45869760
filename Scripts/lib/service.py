"""A small client of Coinvent for scripts and tests: HTTP with keep-alive, and the command."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent


class Answer:
    """What came back: status, headers (names in small letters) and the body."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    def __repr__(self):
        return f"{self.status} {self.body[:500].decode(errors='replace')}"


class Refused(Exception):
    """An answer that is not what the caller came for."""

    def __init__(self, asked, answer):
        super().__init__(f"{asked} was answered {answer}")
        self.answer = answer


class Connection:
    """One keep-alive connection. Any failure closes it; the next call opens another."""

    def __init__(self, host, port, timeout=60):
        self.address, self.timeout = (host, port), timeout
        self.host = f"{host}:{port}"
        self.socket, self.rest = None, b""

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket, self.rest = None, b""

    def call(self, method, path, body=None, token=None, headers=()):
        """Sends one request once.

        :raises OSError: when there is no whole answer; what happened there is unknown then.
        """
        head = [f"{method} {path} HTTP/1.1", f"Host: {self.host}"]
        if token:
            head.append(f"Authorization: Bearer {token}")
        data = b""
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            if not any(name.lower() == "content-type" for name, _ in headers):
                head.append("Content-Type: application/json")
        if body is not None or method in ("POST", "PUT"):
            head.append(f"Content-Length: {len(data)}")
        head += [f"{name}: {value}" for name, value in headers]
        try:
            if not self.socket:
                self.socket = socket.create_connection(self.address, self.timeout)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + data)
            return self._read()
        except (OSError, ValueError) as error:
            self.close()
            raise error if isinstance(error, OSError) else ConnectionError(str(error))

    def _more(self):
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionResetError("the connection was closed before the answer was whole")
        self.rest += part

    def _read(self):
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ", 2)[1])
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if "content-length" not in headers and status not in (204, 304):
            raise ValueError("the answer has no Content-Length")
        length = int(headers.get("content-length", 0)) if status not in (204, 304) else 0
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, body)


class Service:
    """The service at an address. Each thread has a connection of its own."""

    def __init__(self, url, timeout=60):
        parts = urlsplit(url)
        self.url, self.timeout = url.rstrip("/"), timeout
        self.host, self.port = parts.hostname, parts.port or 80
        self._local = threading.local()

    def once(self, method, path, body=None, token=None, headers=()):
        """One try: an answer of any status, or OSError."""
        if not hasattr(self._local, "connection"):
            self._local.connection = Connection(self.host, self.port, self.timeout)
        return self._local.connection.call(method, path, body, token, headers)

    def call(self, method, path, body=None, token=None, key=None, want=None, patience=60):
        """Tries again while nobody answers or the answer is 429 or 503: for requests that may be
        repeated, by their nature or by an Idempotency-Key.

        :param want: the statuses that are good; anything below 300 when it is None.
        """
        headers = [("Idempotency-Key", key)] if key else []
        deadline, pause = time.monotonic() + patience, 0.05
        while True:
            try:
                answer = self.once(method, path, body, token, headers)
                if answer.status not in (429, 503):
                    break
                pause = max(pause, min(5, float(answer.headers.get("retry-after", 0))))
            except OSError as error:
                if time.monotonic() > deadline:
                    raise ConnectionError(f"{self.url} does not answer: {error}") from error
            if time.monotonic() > deadline:
                break
            time.sleep(pause)
            pause = min(2, pause * 2)
        good = answer.status < 300 if want is None else answer.status in want
        if not good:
            raise Refused(f"{method} {path}", answer)
        return answer

    def get(self, path, token=None, **more):
        return self.call("GET", path, None, token, **more).json

    def post(self, path, body, token=None, **more):
        return self.call("POST", path, body, token, **more).json

    def wait_ready(self, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            try:
                answer = self.once("GET", "/readyz")
                if answer.status == 200:
                    return
                last = answer
            except OSError as error:
                last = error
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.url} was not ready within {seconds} s: {last}")
            time.sleep(0.05)


class Done:
    """How a command ended."""

    def __init__(self, words, code, out, err):
        self.words, self.code, self.out, self.err = words, code, out, err

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"“coinvent {' '.join(self.words)}” ended with {self.code}: {self.err or self.out}"


class Coinvent:
    """The command, with the settings that every call of it gets."""

    def __init__(self, binary=None, data=None, environment=()):
        self.binary = str(binary or find_binary())
        self.environment = {**os.environ, **dict(environment)}
        if data:
            self.environment["COINVENT_DATA"] = str(data)

    def run(self, *words, want=None, timeout=900):
        """:param want: the exit codes that are good; any when it is None."""
        words = [str(word) for word in words]
        done = subprocess.run(
            [self.binary, *words], env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=timeout)
        result = Done(words, done.returncode, done.stdout, done.stderr)
        if want is not None and result.code not in want:
            raise RuntimeError(repr(result))
        return result

    def start(self, *words, log=None):
        """Starts it in the background. It dies with this process, however that ends."""
        out = open(log, "ab") if log else subprocess.DEVNULL
        try:
            return subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", self.binary, *map(str, words)],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        finally:
            if log:
                out.close()


def find_binary():
    for name in ("COINVENT_BIN", "COINVENT_BINARY"):
        if os.environ.get(name):
            return os.environ[name]
    for kind in ("release", "debug"):
        path = ROOT / ".build" / kind / "coinvent"
        if path.exists():
            return path
    found = shutil.which("coinvent")
    if found:
        return found
    raise FileNotFoundError("the command coinvent (COINVENT_BIN names another)")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def each(items, work, threads=16, label=None):
    """Does `work` on every item with several threads.

    :returns: the results in the items' order; the first failure ends it all.
    """
    items = list(items)
    progress = Progress(label, len(items))

    def one(item):
        result = work(item)
        progress.step()
        return result

    with ThreadPoolExecutor(max_workers=max(1, min(threads, len(items) or 1))) as pool:
        futures = [pool.submit(one, item) for item in items]
        try:
            results = [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    progress.end()
    return results


class Progress:
    """A line on stderr that moves on a terminal, and one every ten seconds elsewhere."""

    def __init__(self, label, total):
        self.label, self.total, self.count = label, total, 0
        self.began = self.shown = time.monotonic()
        self.lock = threading.Lock()
        self.terminal = sys.stderr.isatty()

    def step(self):
        with self.lock:
            self.count += 1
            now = time.monotonic()
            if self.label and now - self.shown >= (0.2 if self.terminal else 10):
                self.shown = now
                self._show("\r" if self.terminal else "", "" if self.terminal else "\n")

    def _show(self, before, after):
        share = 100 * self.count // max(1, self.total)
        text = f"{before}    {self.label}: {self.count} of {self.total} ({share} %)"
        print(text, end=after, file=sys.stderr, flush=True)

    def end(self):
        if self.label and self.terminal and self.shown > self.began:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def uuid_of(identifier):
    """The UUID inside a TypeID such as mem_01h455vb4pex5vsknk084sn02q."""
    number = 0
    for letter in identifier.rpartition("_")[2]:
        number = number << 5 | "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
