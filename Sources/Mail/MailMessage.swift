import Postgres

/// One message, in plain text and in HTML.
public struct MailMessage: Sendable {
  public var id: String
  public var from: MailAddress
  public var fromName: String
  public var to: MailAddress
  public var subject: String
  public var date: Timestamp
  public var text: String
  public var html: String
  /// Where one click ends such mails (RFC 8058).
  public var unsubscribe: String

  /// The whole message as it travels: CRLF line ends, 7-bit, the same bytes each time.
  public var bytes: [UInt8] {
    let boundary = "=_\(id)"
    var lines = [
      "From: \(MIME.phrase(fromName)) <\(from.text)>",
      "To: <\(to.text)>",
      "Subject: \(MIME.words(subject))",
      "Date: \(MIME.date(date))",
      "Message-ID: <\(id)@\(from.host)>",
      "Auto-Submitted: auto-generated",
      "List-Unsubscribe: <\(unsubscribe)>",
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
      "MIME-Version: 1.0",
      "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"",
      "",
    ]
    for (kind, content) in [("plain", text), ("html", html)] {
      lines += [
        "--\(boundary)",
        "Content-Type: text/\(kind); charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        MIME.base64(content),
      ]
    }
    lines += ["--\(boundary)--", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }
}
