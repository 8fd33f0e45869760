import Coinvent
import Foundation
import Postgres
import Testing

@testable import Mail

/// What a message says, as Python's parser of mails reads it.
@Suite struct MessageTests {
  private static let judge = """
    import email, email.policy, json, sys
    raw = sys.stdin.buffer.read()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    parts = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}
    lines = raw.split(b"\\r\\n")
    json.dump({
        "subject": mail["Subject"], "to": mail["To"].addresses[0].addr_spec,
        "from": mail["From"].addresses[0].addr_spec,
        "name": mail["From"].addresses[0].display_name, "id": mail["Message-ID"],
        "date": mail["Date"].datetime.isoformat(),
        "unsubscribe": mail["List-Unsubscribe"], "post": mail["List-Unsubscribe-Post"],
        "type": mail.get_content_type(), "plain": parts["text/plain"],
        "html": parts["text/html"],
        "fields": ",".join(mail.keys()),
        "defects": ",".join(str(d) for p in mail.walk() for d in p.defects),
        "longest": str(max(len(line) for line in lines)),
        "bare": str(raw.replace(b"\\r\\n", b"").count(b"\\n")
          + raw.replace(b"\\r\\n", b"").count(b"\\r")),
        "ascii": str(raw.isascii()),
    }, sys.stdout)
    """

  private func read(_ message: MailMessage) throws -> [String: String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-c", Self.judge]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(message.bytes))
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode([String: String].self, from: data)
  }

  private func message(subject: String, text: String = "Hello.\r\n") throws -> MailMessage {
    MailMessage(
      id: "mail_01", from: try #require(MailAddress("ideas@example.org")),
      fromName: "Ideen, \"AG\"",
      to: try #require(MailAddress("ada+x@example.net")), subject: subject,
      date: try #require(Timestamp(rfc3339: "2026-11-25T08:00:09Z")), text: text,
      html: "<p>\(text)</p>", unsubscribe: "https://example.org/v1/unsubscribe/abc")
  }

  @Test func `a message is what Python reads in it`() throws {
    let long = String(repeating: "Überraschung für alle 🎈 ", count: 20)
    for subject in [
      "Plain", "Größe", "🎈 up", "=?UTF-8?B?eA==?=", " spaces ", "a, <b>; \"c\"", long,
      String(repeating: "x", count: 300),
    ] {
      let text = subject + "\r\n.\r\n..dots\r\nFrom here\r\n" + long + "\r\n"
      let seen = try read(try message(subject: subject, text: text))
      #expect(seen["subject"] == subject)
      #expect(seen["plain"] == text)
      #expect(seen["html"]?.contains(long) == true)
      #expect(seen["defects"] == "" && seen["bare"] == "0" && seen["ascii"] == "True")
      #expect(Int(seen["longest"] ?? "")! <= 78)
      #expect(seen["to"] == "ada+x@example.net" && seen["from"] == "ideas@example.org")
      #expect(seen["name"] == "Ideen, \"AG\"" && seen["id"] == "<mail_01@example.org>")
      #expect(seen["date"] == "2026-11-25T08:00:09+00:00")
      #expect(seen["unsubscribe"] == "<https://example.org/v1/unsubscribe/abc>")
      #expect(seen["post"] == "List-Unsubscribe=One-Click")
      #expect(seen["type"] == "multipart/alternative")
    }
  }

  @Test func `no text makes a field of its own`() throws {
    let usual = try read(try message(subject: "Plain"))["fields"]
    for subject in ["a\r\nBcc: eve@example.org", "a\nBcc: eve@example.org", "a\r\n\r\nbody", "\0"] {
      let seen = try read(try message(subject: subject))
      #expect(seen["fields"] == usual && seen["plain"] == "Hello.\r\n")
    }
  }

  @Test func `dates are those of the calendar`() throws {
    for (time, text) in [
      ("1970-01-01T00:00:00Z", "Thu, 1 Jan 1970 00:00:00 +0000"),
      ("2024-02-29T23:59:59Z", "Thu, 29 Feb 2024 23:59:59 +0000"),
      ("2026-11-25T08:05:09Z", "Wed, 25 Nov 2026 08:05:09 +0000"),
    ] {
      #expect(MIME.date(try #require(Timestamp(rfc3339: time))) == text)
    }
  }

  @Test func `only plain addresses are mailed`() {
    for good in ["a@b", "ada.l+x@mail.example.org", "o'hara@example.org"] {
      #expect(MailAddress(good) != nil, "\(good)")
    }
    for bad in [
      "", "a", "@b", "a@", "a@b@c", "a b@c", "a\r\nRCPT@b", "a@b>", "<a@b", "a,b@c", "ä@b", "a@ö",
      "-a@b", "a@-b", "a@.b", "a@b.", "\"a\"@b", String(repeating: "x", count: 65) + "@b",
    ] {
      #expect(MailAddress(bad) == nil, "\(bad)")
    }
  }

  @Test func `what a mail shows is escaped`() {
    #expect(
      ComposeMail.escape("<b a=\"1\" c='2'>&\0") == "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp; ")
  }

  @Test func `pauses between tries grow and end`() {
    #expect(MailWorker.pause(after: 1) < .seconds(73))
    #expect(MailWorker.pause(after: 99) <= .seconds(13_000))
    #expect(MailWorker.pause(after: 8) > .seconds(6000))
  }
}
