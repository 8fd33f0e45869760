import Ledger
import Postgres

/// What the bank booked: a payout, all of a file of payouts at once, or a deposit.
public enum BankMovement: Sendable, Equatable {
  case payout(PayoutID)
  case batch(BatchID)
  /// By its reference.
  case deposit(String, Currency)

  /// A payout's id, a batch's, or else a deposit's reference with its currency; nil without one.
  public init?(_ text: String, _ currency: Currency?) {
    if let id = PayoutID(text) {
      self = .payout(id)
    } else if let id = BatchID(text) {
      self = .batch(id)
    } else if let currency {
      self = .deposit(text, currency)
    } else {
      return nil
    }
  }
}

public enum DateBankMovementOutcome: Sendable, Equatable {
  /// So many movements have the day now that had another one.
  case recorded(Int)
  case repeated
  /// The bank account has no such movement.
  case unknown
  /// The day has not begun.
  case notYet
}

/// Records on which day the bank booked a movement, where that is another day than the books have
/// it of. Nothing is moved: statements of the bank are compared by these days.
public enum DateBankMovement {
  /// - Parameter returned: of a payout, that it came back, instead of that it was paid.
  public static func run(
    _ movement: BankMovement, returned: Bool = false, on day: Day, by: MemberID?,
    at now: Timestamp, in tx: Transaction
  ) async throws -> DateBankMovementOutcome {
    if day > now.day { return .notYet }
    let causes: Query
    var reason = returned ? "bounce" : "pay"
    switch movement {
    case .payout(let id): causes = "SELECT member_id, id FROM payouts WHERE id = \(id.uuid)"
    case .batch(let id): causes = "SELECT member_id, id FROM payouts WHERE batch_id = \(id.uuid)"
    case .deposit(let reference, let currency):
      reason = "deposit"
      causes = """
        SELECT \(Account.operator)::uuid, id FROM book_deposits
        WHERE reference = \(reference) AND currency = \(currency.code)
        """
    }
    let (found, added) = try await tx.one(
      """
      WITH moved AS (
        SELECT t.cause, t.reason, t.currency,
          CASE WHEN t.from_kind = 'bank' THEN t.amount ELSE -t.amount END AS moved,
          (t.posted_at AT TIME ZONE 'UTC')::date AS posted_on
        FROM (\(causes)) AS c (home, cause)
        JOIN transfers t ON t.home = c.home AND t.cause = c.cause
        WHERE t.reason = \(reason)::text::transfer_reason
          AND 'bank' IN (t.from_kind, t.to_kind)
      ), added AS (
        INSERT INTO bank_days (cause, reason, currency, moved, posted_on, day, made_by, made_at)
        SELECT cause, reason, currency, moved, posted_on, \(day), \(by?.uuid), \(now)
        FROM moved m
        WHERE \(day) IS DISTINCT FROM coalesce(
          (SELECT d.day FROM bank_days d
           WHERE d.cause = m.cause AND d.reason = m.reason AND d.currency = m.currency
           ORDER BY d.number DESC LIMIT 1), m.posted_on)
        RETURNING 1
      )
      SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM added)
      """, as: (Int64, Int64).self)
    if found == 0 { return .unknown }
    return added == 0 ? .repeated : .recorded(Int(added))
  }
}
