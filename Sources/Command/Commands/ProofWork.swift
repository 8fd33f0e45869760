import Coinvent
import Glibc
import JSON
import Postgres

/// What commands and workers do for the chain of the books.
enum ProofWork {
  static let noKey = "Nothing is signed: there is no key yet (coinvent proof key)."

  /// The secret key; nil when there is none yet.
  static func key(_ context: Context) throws(Failure) -> SealingKey? {
    let file = context.settings.proofKeyFile
    if access(file, F_OK) != 0, errno == ENOENT || errno == ENOTDIR { return nil }
    let text: String
    do throws(FileFailure) { text = try readText(file) } catch {
      throw Failure(.error, "\(error)")
    }
    guard let key = SealingKey(text.hasSuffix("\n") ? String(text.dropLast()) : text) else {
      throw Failure(
        .error, "\(file) holds no signing key.",
        mend: "Put the right file there, or move it away and run: coinvent proof key")
    }
    return key
  }

  /// Once members are credited; a failure here takes nothing back and a later run catches up.
  static func afterSettling(_ pool: Pool, _ context: Context) async throws {
    let report = try await run(pool, key: try key(context), everything: false, context)
    context.output.note(sentence(report))
  }

  /// Says what it is at.
  static func run(_ pool: Pool, key: SealingKey?, everything: Bool, _ context: Context) async throws
    -> KeepProof.Report
  {
    try await KeepProof.run(
      key: key, everything: everything, in: pool,
      progress: { context.output.note("Sealing settlement \($0).") },
      told: { context.output.note("Sealed \($0.sealed) of \($0.of) statements of \($0.period).") })
  }

  static func sentence(_ report: KeepProof.Report) -> String {
    if report.didNothing { return "Nothing to seal or to sign." }
    let signed = report.signed.map { "signed \($0) entries" } ?? "nothing signed"
    return "Proof: \(report.chained) chained later, \(report.sealed) settlements and "
      + "\(report.statements) statements sealed, \(signed)."
  }

  static func json(_ report: KeepProof.Report) -> JSON {
    [
      "chained": .int(Int64(report.chained)), "sealed": .int(Int64(report.sealed)),
      "statements": .int(Int64(report.statements)),
      "signed_size": report.signed.map { .int($0) } ?? .null,
    ]
  }

  /// Payouts alone are signed for every ten minutes.
  private static let patience = Duration.seconds(600)

  static func pass(_ pool: Pool, _ context: Context) async throws -> KeepProof.Report {
    _ = try await SumDays.run(in: pool)
    return try await KeepProof.run(key: try key(context), patience: patience, in: pool)
  }

  /// Until it is cancelled, through restarts of the database.
  static func keep(_ pool: Pool, _ context: Context) async {
    while !Task.isCancelled {
      do {
        let report = try await pass(pool, context)
        if !report.didNothing, context.settings.logLevel <= .info {
          context.output.remark(sentence(report))
        }
        try await Task.sleep(for: context.settings.workerInterval)
      } catch is CancellationError {
        return
      } catch {
        if context.settings.logLevel <= .warning {
          context.output.remark("proof: \(error); trying again")
        }
        do { try await Task.sleep(for: .seconds(10)) } catch { return }
      }
    }
  }
}
