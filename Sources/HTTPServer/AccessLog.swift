import EventLoop
import Glibc

/// One line of JSON for each request, written by a thread of its own so that no loop waits for a
/// slow disk or pipe.
///
/// A line has `time` (UTC, microseconds), `method`, `path` (as sent, without the query, which may
/// hold secrets), `status` (499 when the client went away before its answer), `bytes` of the body,
/// `duration_us` from the end of the request line to the end of the answer, `request_id`,
/// `trace_id`, `span_id` and `address`. When the writer cannot keep up, 8 MiB are kept and further
/// lines are dropped and counted.
public final class AccessLog: Sendable {
  private static let limit = 8 * 1024 * 1024
  private struct State {
    var buffer: [UInt8] = []
    var isWriting = false
    var dropped = 0
  }

  private let descriptor: Int32
  private let state = Locked<State>(State())
  private let thread = BlockingPool(name: "access-log", threads: 1, queueLimit: 4)

  /// - Parameter descriptor: stays the caller's; 1 is the standard output.
  public init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Lines lost because the reader of the log was too slow, or because it could not be written.
  public var dropped: Int { state.withLock { $0.dropped } }

  /// Adds a line, with its line break.
  func add(_ line: [UInt8]) {
    let starts = state.withLock { state in
      guard state.buffer.count + line.count <= AccessLog.limit else {
        state.dropped += 1
        return false
      }
      state.buffer += line
      if state.isWriting { return false }
      state.isWriting = true
      return true
    }
    if starts && !thread.submit({ self.writeAll() }) { state.withLock { $0.isWriting = false } }
  }

  /// Writes what is left and ends the thread. Lines added later are lost.
  public func close() async {
    await withCheckedContinuation { continuation in
      let queued = thread.submit {
        self.writeAll()
        continuation.resume()
      }
      if !queued { continuation.resume() }
    }
    thread.stop()
  }

  private func writeAll() {
    // A short wait gathers lines: one write for many requests.
    usleep(20_000)
    while true {
      let bytes = state.withLock { state in
        let bytes = state.buffer
        state.buffer.removeAll(keepingCapacity: true)
        if bytes.isEmpty { state.isWriting = false }
        return bytes
      }
      if bytes.isEmpty { return }
      if !writeFully(bytes) { state.withLock { $0.dropped += bytes.count { $0 == 10 } } }
    }
  }

  private func writeFully(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { raw in
      var rest = raw[...]
      while !rest.isEmpty {
        let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress
        let count = write(descriptor, start, rest.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          Glibc.poll(&poll, 1, 1000)
        } else if errno != EINTR {
          return false
        }
      }
      return true
    }
  }
}
