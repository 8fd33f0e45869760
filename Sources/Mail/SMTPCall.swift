import CCurl
import Curl
import Glibc

/// Where mails are handed over, and how.
public struct SMTPServer: Sendable {
  public enum Security: String, CaseIterable, Sendable {
    /// Nothing is sent in the clear: smtps, or STARTTLS right after the greeting.
    case required
    /// STARTTLS where the server offers it.
    case offered
  }

  /// `smtp://host[:port]` or `smtps://host[:port]`
  public var url: String
  public var user: String?
  public var password: String?
  public var security: Security
  /// For one message, from the name's look-up to the server's word.
  public var patience: Duration

  public init(
    url: String, user: String? = nil, password: String? = nil, security: Security = .required,
    patience: Duration = .seconds(30)
  ) {
    self.url = url
    self.user = user
    self.password = password
    self.security = security
    self.patience = patience
  }
}

/// What the server said to a message.
public enum SMTPAnswer: Sendable, Equatable {
  case accepted
  /// 5xx: it will never take this message.
  case refused(String)
  /// 4xx, or no whole conversation came about: try again.
  case later(String)
}

/// Hands one message to the server, on the calling thread, which it blocks.
struct SMTPCall {
  let server: SMTPServer
  let from: String
  let to: String
  let message: [UInt8]

  func perform(on handle: CurlHandle) -> SMTPAnswer {
    let state = State(message)
    let recipients = curl_slist_append(nil, "<\(to)>")
    defer { curl_slist_free_all(recipients) }
    prepare(handle.easy, state, recipients)
    // The connection stays for the next message; the options do not.
    defer { curl_easy_reset(handle.easy) }
    let code = curl_easy_perform(handle.easy)
    if code == CURLE_OK { return .accepted }
    var status = 0
    coinvent_curl_get_long(handle.easy, CURLINFO_RESPONSE_CODE, &status)
    let failure = String(cString: curl_easy_strerror(code))
    // A refused sign-in or a server that cannot do TLS is this side's to mend, not the message's.
    let isAboutMessage =
      code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY
      || code == CURLE_RECV_ERROR
    let line = state.refusal
    if isAboutMessage, (500...599).contains(status) { return .refused(line) }
    return .later((400...599).contains(status) ? "\(failure): \(line)" : failure)
  }

  private final class State {
    let message: [UInt8]
    var sent = 0
    var refusal = ""

    init(_ message: [UInt8]) { self.message = message }
  }

  private func prepare(
    _ easy: UnsafeMutableRawPointer?, _ state: State,
    _ recipients: UnsafeMutablePointer<curl_slist>?
  ) {
    let (seconds, attoseconds) = server.patience.components
    let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    coinvent_curl_set_string(easy, CURLOPT_URL, server.url)
    coinvent_curl_set_string(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    coinvent_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    coinvent_curl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, milliseconds))
    let security = server.security == .required ? CURLUSESSL_ALL : CURLUSESSL_TRY
    coinvent_curl_set_long(easy, CURLOPT_USE_SSL, Int(security.rawValue))
    if let user = server.user { coinvent_curl_set_string(easy, CURLOPT_USERNAME, user) }
    if let password = server.password {
      coinvent_curl_set_string(easy, CURLOPT_PASSWORD, password)
    }
    coinvent_curl_set_string(easy, CURLOPT_MAIL_FROM, "<\(from)>")
    coinvent_curl_set_pointer(easy, CURLOPT_MAIL_RCPT, recipients)
    coinvent_curl_set_long(easy, CURLOPT_UPLOAD, 1)
    let context = Unmanaged.passUnretained(state).toOpaque()
    coinvent_curl_set_pointer(easy, CURLOPT_READDATA, context)
    coinvent_curl_set_read(easy) { space, size, count, context in
      guard let space, let context else { return 0 }
      let state = Unmanaged<State>.fromOpaque(context).takeUnretainedValue()
      let length = min(size * count, state.message.count - state.sent)
      state.message.withUnsafeBytes { bytes in
        guard length > 0, let start = bytes.baseAddress else { return }
        memcpy(space, start + state.sent, length)
      }
      state.sent += length
      return length
    }
    coinvent_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    coinvent_curl_set_header(easy) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let state = Unmanaged<State>.fromOpaque(context).takeUnretainedValue()
      let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
      // Not its farewell, which comes after a no.
      guard line.first == UInt8(ascii: "4") || line.first == UInt8(ascii: "5") else {
        return size * count
      }
      let text = line.filter { (32...126).contains($0) }.prefix(300)
      state.refusal = String(decoding: text, as: UTF8.self)
      return size * count
    }
  }
}
