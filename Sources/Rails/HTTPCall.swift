import CCurl
import Curl
import Glibc

/// One request to a provider, over libcurl, on the calling thread, which it blocks.
struct HTTPCall: Sendable {
  enum Verb: String, Sendable { case get = "GET", post = "POST" }

  struct Answer: Sendable {
    let status: Int
    let body: [UInt8]
  }

  /// No whole answer came. Whether the request had its effect is not known.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let verb: Verb
  let url: String
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  /// For the whole exchange, from the name's look-up to the last byte.
  let patience: Duration

  /// An answer longer than this is not one.
  static let bodyLimit = 4 << 20

  func perform(on handle: CurlHandle) throws(Failure) -> Answer {
    let received = Received()
    let list = try fields()
    defer { curl_slist_free_all(list) }
    prepare(handle.easy, received, list)
    defer { curl_easy_reset(handle.easy) }
    let code = curl_easy_perform(handle.easy)
    guard code == CURLE_OK else {
      throw Failure(description: String(cString: curl_easy_strerror(code)))
    }
    var status = 0
    coinvent_curl_get_long(handle.easy, CURLINFO_RESPONSE_CODE, &status)
    return Answer(status: status, body: received.bytes)
  }

  private final class Received {
    var bytes: [UInt8] = []
  }

  private func fields() throws(Failure) -> UnsafeMutablePointer<curl_slist>? {
    // Without this, curl asks for a 100 before long bodies and waits a second for it.
    var list = curl_slist_append(nil, "Expect:")
    for (name, value) in headers {
      guard !value.utf8.contains(where: { $0 < 32 }) else {
        curl_slist_free_all(list)
        throw Failure(description: "the value of \(name) cannot be sent")
      }
      list = curl_slist_append(list, "\(name): \(value)")
    }
    return list
  }

  private func prepare(
    _ easy: UnsafeMutableRawPointer?, _ received: Received,
    _ list: UnsafeMutablePointer<curl_slist>?
  ) {
    let (seconds, attoseconds) = patience.components
    let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    coinvent_curl_set_string(easy, CURLOPT_URL, url)
    coinvent_curl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    coinvent_curl_set_string(easy, CURLOPT_USERAGENT, "coinvent")
    coinvent_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    coinvent_curl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, milliseconds))
    coinvent_curl_set_pointer(easy, CURLOPT_HTTPHEADER, list)
    coinvent_curl_set_pointer(
      easy, CURLOPT_WRITEDATA, Unmanaged.passUnretained(received).toOpaque())
    coinvent_curl_set_write(easy) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let received = Unmanaged<Received>.fromOpaque(context).takeUnretainedValue()
      guard received.bytes.count + size * count <= HTTPCall.bodyLimit else { return 0 }
      received.bytes += UnsafeRawBufferPointer(start: bytes, count: size * count)
      return size * count
    }
    guard verb == .post else { return }
    coinvent_curl_set_long(easy, CURLOPT_POSTFIELDSIZE, body.count)
    body.withUnsafeBytes {
      let start = UnsafeMutableRawPointer(mutating: $0.baseAddress)
      _ = coinvent_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, start)
    }
  }
}
