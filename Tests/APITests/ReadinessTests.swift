import API
import Coinvent
import Postgres
import TestSupport
import Testing

@Suite struct ReadinessTests {
  @Test(.timeLimit(.minutes(5)))
  func `readyz fails quickly while the database is gone and recovers by itself`() async throws {
    try await withApplication { client in
      let name = try await client.pool.one("SELECT current_database()::text", as: String.self)
      #expect(try await client.get("/readyz").status == 200)
      try await close(name)
      let clock = ContinuousClock()
      var gone = try await client.get("/readyz")
      let took = try await clock.measure { gone = try await client.get("/readyz") }
      #expect(gone.status == 503)
      #expect(gone.headers["Retry-After"] != nil)
      #expect(took < .seconds(15))  // the wait is a second; a busy machine adds to it
      #expect(try await client.get("/healthz").status == 200)
      let read = try await client.get("/v1/ideas/\(IdeaID.new())")
      #expect(read.status == 503 && read.headers["Retry-After"] != nil)
      try await open(name)
      var status = 0
      for _ in 0..<100 where status != 200 {
        status = try await client.get("/readyz").status
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(status == 200)
      #expect(try await client.get("/v1/ideas").status == 200)
    }
  }

  @Test func `old sessions and kept answers are forgotten, tokens and young ones are not`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let start = Timestamp.now - .seconds(1000)
      for kind in Token.Kind.allCases {
        _ = try await CreateToken.run(
          for: ada, kind: kind, lasting: .seconds(10), at: start, in: pool)
        _ = try await CreateToken.run(
          for: ada, kind: kind, lasting: .seconds(5000), at: start, in: pool)
      }
      #expect(try await ForgetTokens.run(endedBefore: .now, in: pool) == 1)
      #expect(try await ListTokens.run(of: ada, all: true, in: pool).count == 3)

      for age in [10, 1000] {
        try await pool.transaction { tx in
          _ = try await KeptAnswer.claim(
            "\(age)", of: ada, fingerprint: Digest.sha256([]), at: .now - .seconds(age), in: tx)
        }
      }
      #expect(try await KeptAnswer.forget(before: .now - .seconds(100), in: pool) == 1)
    }
  }

  private func close(_ database: String) async throws {
    try await onServer("ALTER DATABASE \(database) ALLOW_CONNECTIONS false")
    try await onServer(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(database)'")
  }

  private func open(_ database: String) async throws {
    try await onServer("ALTER DATABASE \(database) ALLOW_CONNECTIONS true")
  }

  private func onServer(_ sql: String) async throws {
    let pool = try Pool(
      PoolConfiguration(url: TestDatabase.serverURL, size: 2), loops: [testLoops[1]])
    try await pool.start()
    try await pool.execute(Query(unsafeSQL: sql))
    await pool.stop()
  }
}
