import Postgres
import TestSupport
import Testing

struct ListenTests {
  @Test func `a listener hears what is notified, and hears of a reconnection`() async throws {
    try await withDatabase(empty: true) { pool in
      let stream = try await pool.listen("odd \"name\"")
      var heard = stream.makeAsyncIterator()
      try await pool.execute("SELECT pg_notify('odd \"name\"', \("first")::text)")
      guard case .message(_, "first", _) = await heard.next() else {
        Issue.record("the first notification did not come")
        return
      }
      let lister = try await pool.one(
        """
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%'
        """, as: Int.self)
      try await pool.execute("SELECT pg_terminate_backend(\(Int32(lister)))")
      #expect(await heard.next() == .reconnected)
      try await pool.execute("SELECT pg_notify('odd \"name\"', \("second")::text)")
      guard case .message(_, "second", _) = await heard.next() else {
        Issue.record("the second notification did not come")
        return
      }
    }
  }
}
