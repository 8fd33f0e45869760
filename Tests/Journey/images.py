"""Pictures of an idea: sent, cleaned, shown, ordered, refused and hidden."""

import http.client
import json
import struct
import subprocess
import zlib


def png(width, height, author=b"Ada"):
    """A whole PNG with a name in it."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(
            ">I", zlib.crc32(name + body))
    rows = (b"\0" + bytes([200, 40, 40]) * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"Author\0" + author) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


class Desk:
    """Sends and gets bytes, which the other parts of the journey do not."""

    def __init__(self, world, token):
        self.port, self.token = world.scene.port, token

    def ask(self, method, path, body=None, token=None, **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), data

    def announce(self, path, length):
        """What is said to a head alone; the body never comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest("POST", path)
        connection.putheader("Authorization", f"Bearer {self.token}")
        connection.putheader("Content-Type", "image/png")
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        status = connection.getresponse().status
        connection.close()
        return status

    def add(self, path, body, token=None, kind="image/png"):
        status, _, data = self.ask("POST", path, body, token or self.token, Content_Type=kind)
        return status, json.loads(data)


def run(world, findings):
    _, token = world.member("iris")
    _, other = world.member("ines")
    idea = world.scene.propose(token, "A frame that hangs straight")
    desk, path = Desk(world, token), f"/v1/ideas/{idea}/images"

    status, image = desk.add(path + "?description=A%20frame", png(1500, 500))
    findings.same("a picture is added", (status, image.get("width"), image.get("description")),
                  (201, 1500, "A frame"))
    findings.same("the same bytes are the same image",
                  [desk.add(path, png(1500, 500))[1]["id"]], [image["id"]])
    status, headers, data = desk.ask("GET", image["url"])
    findings.expect("the image comes without its author's name",
                    status == 200 and b"Ada" not in data and len(data) == image["bytes"], status)
    findings.same("and to stay", (headers["Cache-Control"], headers["X-Content-Type-Options"]),
                  ("public, max-age=31536000, immutable", "nosniff"))
    findings.same("who has it gets 304", desk.ask(
        "GET", image["url"], If_None_Match=headers["ETag"])[0], 304)
    for side in ("320", "1280"):
        status, headers, data = desk.ask("GET", image[f"url_{side}"])
        findings.same(f"a thumbnail of {side} pixels is WebP",
                      (status, headers["Content-Type"], data[8:12]), (200, "image/webp", b"WEBP"))

    findings.same("HTML is no image, whatever it says it is",
                  desk.add(path, b"<!DOCTYPE html><script>", kind="image/png")[0], 422)
    bomb = png(4, 4).replace(struct.pack(">II", 4, 4), struct.pack(">II", 60000, 60000), 1)
    findings.same("a bomb is refused", desk.add(path, bomb)[0], 422)
    findings.same("10 MiB are taken, and refused for what they are",
                  desk.add(path, b"x" * 10485760)[0], 422)
    findings.same("a byte more is too large", desk.announce(path, 10485761), 413)
    findings.same("others add nothing", desk.add(path, png(3, 3), other)[0], 403)

    second = desk.add(path, png(20, 10))[1]
    world.service.call("PATCH", second["url"], {"place": 1}, token)
    listed = world.service.get(path)["images"]
    findings.same("the author orders them", [one["id"] for one in listed],
                  [second["id"], image["id"]])
    world.service.call("DELETE", second["url"], None, token)
    findings.same("a deleted one is gone", desk.ask("GET", second["url"])[0], 404)

    linked = subprocess.run(["ldd", world.coinvent.binary], capture_output=True, text=True)
    findings.expect("the server is not linked with an image decoder",
                    "libpq" in linked.stdout and "vips" not in linked.stdout, linked.stdout)
