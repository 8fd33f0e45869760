import CCurl
import Synchronization

/// A libcurl handle; it keeps its connection open between calls. One thread at a time uses it.
package final class CurlHandle: @unchecked Sendable {
  private static let started = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  package let easy: UnsafeMutableRawPointer?

  package init() {
    precondition(CurlHandle.started, "libcurl did not start")
    easy = curl_easy_init()
    precondition(easy != nil, "libcurl has no memory for a handle")
  }

  deinit { curl_easy_cleanup(easy) }
}

/// Handles that wait for their next call.
package final class CurlHandles: Sendable {
  private let idle = Mutex<[CurlHandle]>([])

  package init() {}

  package func with<Value>(_ body: (CurlHandle) throws -> Value) rethrows -> Value {
    let handle = idle.withLock { $0.popLast() } ?? CurlHandle()
    defer { idle.withLock { $0.append(handle) } }
    return try body(handle)
  }
}
