import Ledger
import Postgres

/// Calls for ideas.
public enum MakeBrief {
  /// - Throws: `Invalid` for texts with faults, and for a brief that would be closed at once.
  public static func run(
    _ texts: Brief.Texts, by curator: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Brief {
    let texts = texts.tidy
    var faults = texts.faults
    if texts.closesAt <= now { faults.append(("/closes_at", "must be in the future")) }
    try Invalid.refuse(faults)
    return try await tx.one(
      """
      INSERT INTO briefs (id, title, theme, rules, opens_at, closes_at, award, award_amount,
                          award_currency, hidden_until_close, made_by, made_at)
      VALUES (\(BriefID.new(at: now).uuid), \(texts.title), \(texts.theme), \(texts.rules),
              \(texts.opensAt), \(texts.closesAt), \(texts.award), \(texts.awardAmount?.nanos),
              \(texts.awardAmount?.currency.code), \(texts.isHidden), \(curator.uuid), \(now))
      RETURNING \(Brief.columns)
      """, of: Brief.self)
  }
}
