import Postgres
import TestSupport
import Testing

struct CancellationTests {
  @Test(.timeLimit(.minutes(5)))
  func `a cancelled statement ends at once and on the server too`() async throws {
    try await withDatabase(empty: true) { pool in
      let task = Task { try await pool.execute("SELECT pg_sleep(30)") }
      try await Task.sleep(for: .milliseconds(100))
      let start = ContinuousClock.now
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(ContinuousClock.now - start < .seconds(1))
      for _ in 0..<10 { try await pool.execute("SELECT 1") }
      let running = try await pool.one(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(30%'
          AND datname = current_database()
        """, as: Int.self)
      #expect(running == 0)
      #expect(ContinuousClock.now - start < .seconds(5))
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `neighbours of a cancelled statement all get their answer`() async throws {
    try await withDatabase(empty: true, configure: { $0.pipelineDepth = 16 }) { pool in
      try await pool.execute("CREATE TABLE hit (n int8 PRIMARY KEY)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for n in 0..<600 {
          group.addTask { try await pool.execute("INSERT INTO hit VALUES (\(n))") }
          group.addTask {
            let doomed = Task { try await pool.execute("SELECT pg_sleep(0.01 * (\(n) % 3))") }
            try await Task.sleep(for: .milliseconds(n % 20))
            doomed.cancel()
            do { _ = try await doomed.value } catch is CancellationError {}
          }
        }
        try await group.waitForAll()
      }
      let stored = try await pool.one("SELECT count(*) FROM hit", as: Int.self)
      #expect(stored == 600)
      #expect(pool.figures.lost == 0)
      #expect(pool.figures.waiting == 0)
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `a cancelled transaction rolls back and its connection serves on`() async throws {
    try await withDatabase(empty: true) { pool in
      try await pool.execute("CREATE TABLE mark (n int)")
      for round in 0..<5 {
        let task = Task {
          try await pool.transaction { db in
            try await db.execute("INSERT INTO mark VALUES (1)")
            try await db.execute("SELECT pg_sleep(30)")
          }
        }
        try await Task.sleep(for: .milliseconds(40 * round))
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
      }
      let marks = try await pool.one("SELECT count(*) FROM mark", as: Int.self)
      #expect(marks == 0)
      #expect(pool.figures.inUse == 0 && pool.figures.lost == 0)
      #expect(pool.figures.opened <= 4)
    }
  }

  @Test func `a task cancelled beforehand sends nothing`() async throws {
    try await withDatabase(empty: true) { pool in
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        try await pool.execute("CREATE TABLE never (n int)")
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      let isThere = try await pool.one("SELECT to_regclass('never') IS NOT NULL", as: Bool.self)
      #expect(!isThere)
    }
  }
}

struct LimitTests {
  @Test func `statements, locks and idle transactions have limits`() async throws {
    try await withDatabase(
      empty: true,
      configure: {
        $0.statementTimeout = .seconds(2)
        $0.lockTimeout = .milliseconds(500)
        // The holder below is idle while the other waits for its lock: long enough for both.
        $0.idleInTransactionTimeout = .seconds(5)
      }
    ) { pool in
      let slow = await #expect(throws: DatabaseError.self) {
        try await pool.execute("SELECT pg_sleep(8)")
      }
      #expect(slow?.isCancelled == true)
      try await pool.execute("CREATE TABLE item (n int PRIMARY KEY)")
      try await pool.execute("INSERT INTO item VALUES (1)")
      try await pool.transaction { holder in
        try await holder.execute("UPDATE item SET n = 1")
        let locked = await #expect(throws: DatabaseError.self) {
          try await pool.execute("UPDATE item SET n = 2")
        }
        #expect(locked?.isLockNotAvailable == true)
      }
      let idle = await #expect(throws: DatabaseError.self) {
        try await pool.transaction { db in
          try await db.execute("UPDATE item SET n = 3")
          try await Task.sleep(for: .seconds(8))
          try await db.execute("UPDATE item SET n = 4")
        }
      }
      #expect(idle?.kind == .connectionLost)
      let n = try await pool.one("SELECT n FROM item", as: Int.self)
      #expect(n == 1)
      #expect(pool.figures.inUse == 0)
    }
  }

  @Test func `the pool refuses what waits too long or is too much`() async throws {
    try await withDatabase(
      empty: true,
      configure: {
        $0.size = 3
        $0.queueLimit = 2
        $0.waitLimit = .milliseconds(300)
      }
    ) { pool in
      try await pool.session { holder in
        try await holder.execute("SELECT 1")
        #expect(pool.figures.inUse == 1)
        await withTaskGroup(of: DatabaseError.Kind?.self) { group in
          for _ in 0..<4 {
            group.addTask {
              do {
                try await pool.session { _ in }
                return nil
              } catch {
                return (error as? DatabaseError)?.kind
              }
            }
          }
          var kinds: [DatabaseError.Kind?] = []
          for await kind in group { kinds.append(kind) }
          #expect(kinds.filter { $0 == .busy }.count == 2)
          #expect(kinds.filter { $0 == .queueFull }.count == 2)
        }
      }
      try await pool.session { try await $0.execute("SELECT 1") }
      #expect(pool.figures.inUse == 0 && pool.figures.waiting == 0)
    }
  }

  @Test func `the statement cache is bounded and a changed table is noticed`() async throws {
    try await withDatabase(
      empty: true,
      configure: {
        $0.statementLimit = 8
        $0.sharedPerLoop = 1
      }
    ) { pool in
      for n in 0..<100 { try await pool.execute("SELECT \(unsafeSQL: String(n))") }
      let kept = try await pool.one("SELECT count(*) FROM pg_prepared_statements", as: Int.self)
      #expect(kept <= 9)
      try await pool.execute("CREATE TABLE thing (a int)")
      for _ in 0..<4 { _ = try await pool.run("SELECT * FROM thing") }
      try await pool.execute("ALTER TABLE thing ADD COLUMN b int")
      for _ in 0..<4 { _ = try await pool.run("SELECT * FROM thing") }
      try await pool.execute("ALTER TABLE thing ADD COLUMN c int")
      for _ in 0..<4 {
        _ = try await pool.transaction { try await $0.run("SELECT * FROM thing") }
      }
      for _ in 0..<2 { try await pool.execute("DEALLOCATE ALL") }
      for _ in 0..<4 { _ = try await pool.run("SELECT * FROM thing") }
      let failed = await #expect(throws: DatabaseError.self) {
        try await pool.execute("SELECT broken FROM thing")
      }
      #expect(failed?.sqlState == "42703")
    }
  }
}
