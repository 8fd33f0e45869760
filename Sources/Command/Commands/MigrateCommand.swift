import Coinvent
import JSON
import Postgres

/// `coinvent migrate`
enum MigrateCommand: Command {
  static let status = Option.flag("status", "List every migration and when it was applied.")
  static let dryRun = Option.flag("dry-run", "List what would be applied; change nothing.")

  static let spec = CommandSpec(
    "migrate", summary: "Bring the database's schema up to date.",
    examples: [
      Example("coinvent migrate", "Apply what is pending, each in a transaction of its own."),
      Example("coinvent migrate --dry-run", "Only list what is pending."),
      Example("coinvent migrate --status", "Every migration, with the time it was applied."),
    ],
    options: [status, dryRun],
    notes: [
      "The migrations travel inside the program. It is safe to start it twice at once: the second "
        + "waits for the first. They only ever go forward."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    if context.has(status) && context.has(dryRun) {
      throw Failure.usage("--status and --dry-run exclude each other.", mend: "Give one of them.")
    }
    return try await context.withPool { pool in
      do {
        if context.has(status) { return try await list(pool, context.output) }
        if context.has(dryRun) { return try await plan(pool, context.output) }
        return try await migrate(pool, context.output)
      } catch let error as MigrationError {
        throw failure(error)
      }
    }
  }

  private static func migrate(_ pool: Pool, _ output: Output) async throws -> ExitCode {
    let applied = try await Migrator.migrate(pool, Migration.all) { migration in
      output.note("Applying \(migration.shown)")
    }
    output.say(
      applied.isEmpty
        ? "The schema is up to date (\(Migration.all.count) migrations)."
        : "Applied \(applied.count) of \(Migration.all.count) migrations.")
    output.json(["applied": .array(applied.map(\.json))])
    return .ok
  }

  private static func plan(_ pool: Pool, _ output: Output) async throws -> ExitCode {
    let pending = try await Migrator.plan(pool, Migration.all)
    if pending.isEmpty { output.say("Nothing is pending.") }
    for migration in pending { output.say("Would apply \(migration.shown)") }
    output.json(["pending": .array(pending.map(\.json))])
    return .ok
  }

  private static func list(_ pool: Pool, _ output: Output) async throws -> ExitCode {
    let all = try await Migrator.status(pool, Migration.all)
    for one in all {
      output.say("\(one.migration.shown)  \(one.appliedAt?.description ?? "pending")")
    }
    let entries = all.map { one -> JSON in
      [
        "number": .int(Int64(one.migration.number)), "name": .string(one.migration.name),
        "applied_at": one.appliedAt.map { .string($0.description) } ?? .null,
      ]
    }
    output.json([
      "migrations": .array(entries),
      "pending": .int(Int64(all.count { $0.appliedAt == nil })),
    ])
    return .ok
  }

  /// A schema and a program that contradict each other are a conflict; a failed step is an error.
  private static func failure(_ error: MigrationError) -> Failure {
    switch error {
    case .newer:
      Failure(.busy, "\(error).", mend: "Install the newer version of coinvent.")
    case .changed, .gap, .skipped:
      Failure(.busy, "\(error).", mend: "Use the program that this database was migrated with.")
    case .failed:
      Failure(.error, "\(error).", mend: "Nothing of it was kept; mend the cause and run it again.")
    }
  }
}

// MARK: For other commands

extension MigrateCommand {
  /// A server or worker on another schema than its own would do harm.
  static func refuseOldSchema(_ pool: Pool) async throws {
    let pending: [Migration]
    do {
      pending = try await Migrator.plan(pool, Migration.all)
    } catch let error as MigrationError {
      throw failure(error)
    }
    if pending.isEmpty { return }
    throw Failure(
      .error, "The schema is \(pending.count) of \(Migration.all.count) migrations behind.",
      mend: "Bring it up to date with: coinvent migrate")
  }

  /// What `doctor` says of the schema.
  static func finding(_ pool: Pool) async throws -> Finding {
    do {
      let pending = try await Migrator.plan(pool, Migration.all)
      if pending.isEmpty { return .ok("schema", "Up to date: \(Migration.all.count) migrations.") }
      return .failed(
        "schema", "\(pending.count) of \(Migration.all.count) migrations are pending.",
        mend: "Run: coinvent migrate")
    } catch let error as MigrationError {
      let failure = failure(error)
      return .failed("schema", failure.message, mend: failure.mend)
    }
  }
}

extension Migration {
  /// Those that travel inside the program.
  static let all = embeddedMigrations.map {
    Migration(number: $0.number, name: $0.name, sql: $0.sql)
  }

  fileprivate var shown: String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "-" + name
  }

  fileprivate var json: JSON { ["number": .int(Int64(number)), "name": .string(name)] }
}
