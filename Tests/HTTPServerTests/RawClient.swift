import Glibc

/// A socket that sends exactly what a test says and reads what comes back.
final class RawClient {
  let descriptor: Int32
  private var unread: [UInt8] = []

  init(port: UInt16, receiveBuffer: Int32? = nil) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = inet_addr("127.0.0.1")
    if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4) }
    let result = withUnsafeBytes(of: &name) {
      connect(
        descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    precondition(result == 0, "connect: \(errno)")
  }

  deinit { close(descriptor) }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// False when the server has closed.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// One answer as text, head and body; nil when the server closes before one is whole.
  func answer(head: Bool = false, within seconds: Double = 15) async -> String? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      if let whole = takeAnswer(head: head) { return whole }
      if await !fill(until: deadline) { return nil }
    }
  }

  /// Everything until the server closes; nil when it does not close in time.
  func everything(within seconds: Double = 15) async -> String? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while await fill(until: deadline) {}
    guard isClosed else { return nil }
    defer { unread = [] }
    return String(decoding: unread, as: UTF8.self)
  }

  /// What has come so far, once it contains `text`; nil when it does not come.
  func text(containing text: String, within seconds: Double = 15) async -> String? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let all = String(decoding: unread, as: UTF8.self)
      if all.contains(text) { return all }
      if await !fill(until: deadline) { return nil }
    }
  }

  private(set) var isClosed = false

  /// Waits without holding a thread, of which the tests have few.
  private func fill(until deadline: ContinuousClock.Instant) async -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      if count > 0 {
        unread += bytes[..<count]
        return true
      }
      if count == 0 || errno != EAGAIN {
        isClosed = true
        return false
      }
      if ContinuousClock.now > deadline { return false }
      try? await Task.sleep(for: .milliseconds(1))
    }
  }

  private func takeAnswer(head: Bool) -> String? {
    guard let end = index(of: Array("\r\n\r\n".utf8)) else { return nil }
    let text = String(decoding: unread[..<end], as: UTF8.self)
    var length = 0
    for line in text.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
      length = Int(line.dropFirst(15).drop { $0 == " " }) ?? 0
    }
    let size = end + 4 + (head ? 0 : length)
    guard unread.count >= size else { return nil }
    defer { unread.removeFirst(size) }
    return String(decoding: unread[..<size], as: UTF8.self)
  }

  private func index(of pattern: [UInt8]) -> Int? {
    guard unread.count >= pattern.count else { return nil }
    return (0...(unread.count - pattern.count)).first {
      unread[$0..<$0 + pattern.count].elementsEqual(pattern)
    }
  }
}

extension String {
  /// The status of an answer; 0 for anything else.
  var status: Int {
    let parts = split(separator: " ", maxSplits: 2)
    return parts.count > 1 && hasPrefix("HTTP/1.1 ") ? Int(parts[1]) ?? 0 : 0
  }

  var bodyText: String {
    guard let place = range(ofText: "\r\n\r\n") else { return "" }
    return String(self[place...].dropFirst(1))
  }

  func field(_ name: String) -> String? {
    for line in split(separator: "\r\n", omittingEmptySubsequences: false) {
      if line.isEmpty { return nil }
      let sides = line.split(separator: ":", maxSplits: 1)
      if sides.count == 2, sides[0].lowercased() == name.lowercased() {
        return String(sides[1].drop { $0 == " " })
      }
    }
    return nil
  }

  // CR LF CR LF are two Characters.
  private func range(ofText text: String) -> Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) { return self.index(after: index) }
      index = self.index(after: index)
    }
    return nil
  }
}
