import Postgres
import TestSupport
import Testing

struct OutageTests {
  private func pool(
    _ url: String, _ configure: (inout PoolConfiguration) -> Void = { _ in }
  ) async throws -> Pool {
    var configuration = PoolConfiguration(url: url, size: 4)
    configure(&configuration)
    let pool = try Pool(configuration, loops: testLoops)
    try await pool.start()
    return pool
  }

  @Test(.timeLimit(.minutes(5)))
  func `statements wait through a short outage, and fail typed in a long one`() async throws {
    try await withScratchServer { server in
      let pool = try await pool(server.url) { $0.waitLimit = .seconds(6) }
      try await pool.execute("CREATE TABLE t (n int)")
      try await pool.transaction { try await $0.execute("INSERT INTO t VALUES (1)") }
      try await loseStatement(pool, server)
      try await waitTooLong(pool)
      try await waitAndReturn(pool, server)
      try await server.crash()
      try await pool.transaction { try await $0.execute("INSERT INTO t VALUES (3)") }
      let count = try await pool.one("SELECT count(*) FROM t", as: Int.self)
      #expect(count == 3)
      let figures = pool.figures
      #expect(figures.waiting == 0 && figures.underWay == 0 && figures.inUse == 0, "\(figures)")
      #expect(figures.lost > 0)
      await pool.stop()
    }
  }

  private func loseStatement(_ pool: Pool, _ server: ScratchServer) async throws {
    let sent = Task { try await pool.execute("SELECT pg_sleep(10)") }
    try await Task.sleep(for: .milliseconds(200))
    try await server.stop()
    let lost = await #expect(throws: DatabaseError.self) { try await sent.value }
    #expect(lost?.isOutcomeUnknown == true)
  }

  private func waitTooLong(_ pool: Pool) async throws {
    let single = Task { try await pool.execute("SELECT 1") }
    let whole = Task { try await pool.transaction { try await $0.execute("SELECT 1") } }
    for task in [single, whole] {
      let error = await #expect(throws: DatabaseError.self) { _ = try await task.value }
      // A connection may still look alive when the statement is sent.
      #expect(error?.kind == .unavailable || error?.kind == .connectionLost)
    }
  }

  private func waitAndReturn(_ pool: Pool, _ server: ScratchServer) async throws {
    let waiting = Task { try await pool.one("SELECT 7", as: Int.self) }
    let writing = Task {
      try await pool.transaction { try await $0.execute("INSERT INTO t VALUES (2)") }
    }
    try await server.start()
    let answer = try await waiting.value
    #expect(answer == 7)
    _ = try await writing.value
  }

  @Test(.timeLimit(.minutes(5)))
  func `a server that is not there is said at the start, without the address`() async throws {
    let nowhere = "postgresql://me:s3cret@/x?host=/nowhere"
    let error = await #expect(throws: DatabaseError.self) { _ = try await pool(nowhere) }
    #expect(error?.kind == .unavailable)
    let text = "\(error?.description ?? "s3cret")"
    #expect(!text.contains("s3cret"))
    let broken = await #expect(throws: DatabaseError.self) {
      _ = try await pool("host=x s3cret")
    }
    #expect("\(broken?.description ?? "s3cret")".contains("s3cret") == false)
  }

  @Test(.timeLimit(.minutes(5)))
  func `of several hosts the one that accepts writes is taken, also after it moved`() async throws {
    try await withScratchServer(settings: ["default_transaction_read_only": "on"]) { first in
      try await withScratchServer { second in
        let url =
          "host=\(first.folder),\(second.folder) user=postgres dbname=postgres"
          + " target_session_attrs=read-write"
        let pool = try await pool(url) { $0.waitLimit = .seconds(20) }
        let folder: Query = "SHOW unix_socket_directories"
        #expect(try await pool.one(folder, as: String.self) == second.folder)
        try await second.stop()
        try await first.stop()
        try await first.start()
        #expect(try await pool.one(folder, as: String.self) == first.folder)
        await pool.stop()
      }
    }
  }
}
