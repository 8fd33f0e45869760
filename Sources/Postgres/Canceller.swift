import CLibPQ
import EventLoop

/// What asks the server to cancel the statement a connection is running. libpq does this over a
/// connection of its own and blocks, so it is called on a thread for such work.
final class Canceller: @unchecked Sendable {
  static let pool = BlockingPool(name: "pg-cancel", threads: 2, queueLimit: 4096)

  private let handle: OpaquePointer?

  init(_ pg: OpaquePointer) { handle = PQgetCancel(pg) }

  deinit { PQfreeCancel(handle) }

  func cancel() {
    guard let handle else { return }
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
      _ = PQcancel(handle, text.baseAddress, 256)
    }
  }
}
