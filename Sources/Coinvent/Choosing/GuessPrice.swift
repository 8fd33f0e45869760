import Ledger
import Postgres

/// A member's guess of the price. One stands: the last before the project closes.
public enum GuessPrice {
  public enum Outcome: Sendable {
    case guessed(Guess)
    /// There was none, or there is none any more.
    case takenBack
    case refused(ChoosingGate.Refusal)
  }

  public struct Guess: Sendable {
    public let amount: Amount
    public let guessedAt: Timestamp
  }

  /// - Parameter nanos: in the currency of the project's rules; nil takes the guess back.
  /// - Throws: `Invalid` for a price that is not above 0.
  public static func run(
    _ nanos: Int64?, by member: MemberID, in id: ProjectID, of product: ProductID,
    at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    let currency: Currency
    switch try await ChoosingGate.pass(id, of: product, choosing: .guesses, at: now, in: tx) {
    case .refused(let refusal): return .refused(refusal)
    case .open(.guesses(let rules), _): currency = rules.currency
    case .open: preconditionFailure("the gate has looked at the way of choosing")
    }
    guard let nanos else {
      try await tx.execute(
        """
        DELETE FROM price_guesses
        WHERE product_id = \(product.uuid) AND project_id = \(id.uuid)
          AND member_id = \(member.uuid)
        """)
      return .takenBack
    }
    guard nanos > 0 else { throw Invalid("/price", "must be more than 0") }
    try await tx.execute(
      """
      INSERT INTO price_guesses (product_id, project_id, member_id, guess, guessed_at)
      VALUES (\(product.uuid), \(id.uuid), \(member.uuid), \(nanos), \(now))
      ON CONFLICT (product_id, project_id, member_id)
        DO UPDATE SET guess = excluded.guess, guessed_at = excluded.guessed_at
      """)
    return .guessed(
      Guess(amount: Amount(nanos: nanos, currency: currency), guessedAt: now))
  }

  /// The guess of a member that stands; nil for none.
  public static func standing(of member: MemberID, in project: Project, db: some Queryable)
    async throws -> Guess?
  {
    guard case .guesses(let rules) = try ChoosingRules(of: project).way else { return nil }
    let found = try await db.first(
      """
      SELECT guess, guessed_at FROM price_guesses
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND member_id = \(member.uuid)
      """, as: (Int64, Timestamp).self)
    return found.map {
      Guess(amount: Amount(nanos: $0, currency: rules.currency), guessedAt: $1)
    }
  }
}
