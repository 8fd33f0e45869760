import Coinvent
import EventLoop
import Foundation
import Postgres

/// The event loops of the test process: two, as a small machine has.
public let testLoops = [EventLoop(name: "test-loop-0"), EventLoop(name: "test-loop-1")]

/// The schema of the program.
public let testMigrations = embeddedMigrations.map {
  Migration(number: $0.number, name: $0.name, sql: $0.sql)
}

/// A test that cannot run says what it lacks.
public struct MissingServer: Error, CustomStringConvertible {
  public var description: String {
    """
    Tests need a PostgreSQL server on which they may create databases. Set COINVENT_TEST_URL, for \
    example to postgresql:///postgres?host=/run/postgresql&user=postgres, or run Scripts/test.
    """
  }
}

/// Gives `body` a database of its own with the whole schema, and drops it afterwards.
/// - Parameter empty: true leaves the schema out.
@discardableResult
public nonisolated(nonsending) func withDatabase<Value>(
  empty: Bool = false, configure: (inout PoolConfiguration) -> Void = { _ in },
  _ body: nonisolated(nonsending) (Pool) async throws -> Value
) async throws -> Value {
  let database = try await TestDatabase.create(empty: empty)
  do {
    // A busy machine is slow and not wrong: what is about a limit sets its own.
    var configuration = PoolConfiguration(
      url: database.url, applicationName: "coinvent-test", statementTimeout: .seconds(90),
      lockTimeout: .seconds(60), waitLimit: .seconds(60))
    configure(&configuration)
    let pool = try Pool(configuration, loops: testLoops)
    do {
      try await pool.start()
      let value = try await body(pool)
      await pool.stop()
      await database.drop()
      return value
    } catch {
      await pool.stop()
      throw error
    }
  } catch {
    await database.drop()
    throw error
  }
}

/// One database on the scratch server.
public struct TestDatabase: Sendable {
  public let name: String
  public let url: String

  public static var serverURL: String {
    get throws {
      guard let url = ProcessInfo.processInfo.environment["COINVENT_TEST_URL"], !url.isEmpty else {
        throw MissingServer()
      }
      return url
    }
  }

  /// Clones the migrated template, or makes an empty database.
  public static func create(empty: Bool = false) async throws -> TestDatabase {
    let source = empty ? "template0" : try await Template.shared.ready()
    let id = "\(UUID.v7())".replacingOccurrences(of: "-", with: "")
    let name = "coinvent_test_\(id)"
    await Places.shared.take()
    // Copying the files takes a sixth of the time that writing them to the log as well does.
    try await onServer { server in
      try await server.execute(
        "CREATE DATABASE \(unsafeSQL: name) TEMPLATE \(unsafeSQL: source) STRATEGY file_copy")
    }
    return TestDatabase(name: name, url: try address(of: name))
  }

  public func drop() async {
    do {
      try await TestDatabase.onServer { server in
        try await server.execute(
          "DROP DATABASE IF EXISTS \(unsafeSQL: name) WITH (FORCE)")
      }
    } catch {
      print("warning: \(name) could not be dropped: \(error)")
    }
    await Places.shared.give()
  }

  /// The server's address with another database. libpq takes the last word of a conninfo string;
  /// in a URL the database is its path.
  public static func address(of database: String) throws -> String {
    let url = try serverURL
    guard let scheme = url.range(of: "://") else { return url + " dbname=\(database)" }
    let rest = url[scheme.upperBound...]
    let query = rest.firstIndex(of: "?").map { rest[$0...] } ?? ""
    let host = rest.prefix { $0 != "/" && $0 != "?" }
    return url[..<scheme.upperBound] + host + "/" + database + query
  }

  @discardableResult
  static func onServer<Value: Sendable>(_ body: (Session) async throws -> Value) async throws
    -> Value
  {
    try await (try await Maintenance.shared.pool()).session(body)
  }
}

/// How many databases there are at once: each has some connections, and all tests begin together.
private actor Places {
  static let shared = Places()
  private var free = 24
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func give() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}

/// The pool that creates and drops databases, one per process.
private actor Maintenance {
  static let shared = Maintenance()
  private var opening: Task<Pool, any Error>?

  func pool() async throws -> Pool {
    if let opening { return try await opening.value }
    let task = Task {
      let configuration = PoolConfiguration(
        url: try TestDatabase.serverURL, size: 6, applicationName: "coinvent-test",
        statementTimeout: .seconds(120), lockTimeout: .seconds(120), waitLimit: .seconds(600))
      let pool = try Pool(configuration, loops: [testLoops[0]])
      try await pool.start()
      return pool
    }
    opening = task
    return try await task.value
  }
}

/// The migrated database that tests clone. Its name tells its schema: the next run finds it.
private actor Template {
  static let shared = Template()
  private var making: Task<String, any Error>?

  func ready() async throws -> String {
    if let making { return try await making.value }
    let task = Task { try await Template.make() }
    making = task
    return try await task.value
  }

  private static func make() async throws -> String {
    try await TestDatabase.onServer { server in
      let text = testMigrations.map { "\($0.number) \($0.name)\n\($0.sql)" }.joined()
      let sum = try await server.one(
        "SELECT left(encode(sha256(convert_to(\(text), 'UTF8')), 'hex'), 16)", as: String.self)
      let name = "coinvent_template_\(sum)"
      try await server.execute("SELECT pg_advisory_lock(hashtext('coinvent test template'))")
      let exists = try await server.one(
        "SELECT EXISTS (SELECT FROM pg_database WHERE datname = \(name) AND datistemplate)",
        as: Bool.self)
      if !exists { try await build(name, server) }
      return name
    }
  }

  /// It becomes a template only when it is whole.
  private static func build(_ name: String, _ server: Session) async throws {
    try await server.execute("DROP DATABASE IF EXISTS \(unsafeSQL: name) WITH (FORCE)")
    try await server.execute("CREATE DATABASE \(unsafeSQL: name) TEMPLATE template0")
    let pool = try Pool(
      PoolConfiguration(url: TestDatabase.address(of: name), size: 3), loops: [testLoops[1]])
    try await pool.start()
    do {
      try await Migrator.migrate(pool, testMigrations)
      await pool.stop()
    } catch {
      await pool.stop()
      throw error
    }
    try await server.execute("ALTER DATABASE \(unsafeSQL: name) IS_TEMPLATE true")
  }
}
