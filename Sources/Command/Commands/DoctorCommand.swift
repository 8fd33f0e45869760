import Coinvent
import JSON
import Postgres

/// `coinvent doctor`
enum DoctorCommand: Command {
  static let spec = CommandSpec(
    "doctor", summary: "Check settings, database, schema, clock, disk and folders.",
    examples: [
      Example("coinvent doctor", "Every check, with the mend for what is wrong."),
      Example("coinvent doctor --json", "The same for a monitor."),
    ],
    needs: .nothing,
    notes: ["Exit code 0 when nothing has failed (warnings do not count), 1 otherwise."])

  static func run(_ context: Context) async throws -> ExitCode {
    let environment = processEnvironment()
    let (settings, mistakes) = SettingsReader.read(context.invocation, environment: environment)
    var findings = settingsFindings(settings, mistakes, environment)
    findings += FolderChecks.all(settings)
    findings += await databaseFindings(context.with(settings))
    let failed = findings.contains { $0.status == .failed }
    for finding in findings { context.output.say(finding.text) }
    context.output.json(["ok": .bool(!failed), "checks": .array(findings.map(\.json))])
    return failed ? .error : .ok
  }

  private static func settingsFindings(
    _ settings: Settings, _ mistakes: [String], _ environment: [String: String]
  ) -> [Finding] {
    var findings = mistakes.map { Finding.failed("settings", $0, mend: "Correct it.") }
    let known = Setting.all.map(\.environment)
    for name in environment.keys.sorted()
    where name.hasPrefix("COINVENT_") && !name.hasPrefix("COINVENT_TEST_")
      && !known.contains(name)
    {
      let meant = nearest(to: name, among: known).map { "Did you mean \($0)?" }
      findings.append(
        .warning(
          "settings", "\(name) is set, but there is no such setting.", mend: meant ?? "Unset it."))
    }
    if !findings.isEmpty { return findings }
    let file = settings.configFile.map { "\($0) and the environment" } ?? "the environment"
    return [.ok("settings", "Nothing wrong in \(file); database: \(settings.database.shown).")]
  }

  private static func databaseFindings(_ context: Context) async -> [Finding] {
    do {
      return try await context.withPool(size: 2) { pool in
        let before = Timestamp.now
        let facts = try await DatabaseFacts.read(from: pool)
        let findings = DatabaseChecks.all(facts, before: before, after: .now)
        return findings + [try await MigrateCommand.finding(pool)]
      }
    } catch {
      let failure = Failure.from(error)
      return [
        .failed(
          "connection", failure.message,
          mend: failure.code == .error && failure.mend?.contains("doctor") ?? true
            ? "Is the server running, and are host, port, user and password right?" : failure.mend)
      ]
    }
  }
}
