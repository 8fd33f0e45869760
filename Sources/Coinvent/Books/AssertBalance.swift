import Ledger
import Postgres

/// What somebody else's statement says that an account held at the end of a day, in UTC.
public struct BalanceAssertion: Sendable, Equatable {
  public let kind: AccountKind
  public let day: Day
  /// As the statement has it: what is there is positive.
  public let amount: Amount
  public let reference: String

  public init(kind: AccountKind, day: Day, amount: Amount, reference: String) {
    self.kind = kind
    self.day = day
    self.amount = amount
    self.reference = reference
  }

  /// Accounts that others keep too.
  public static let kinds: [AccountKind] = [.bank, .providerClearing]
}

/// How an assertion ended.
public enum AssertBalanceOutcome: Sendable, Equatable {
  case repeated
  case recorded
  /// The same statement was said to have another amount; to correct it, give another reference.
  case conflict(Amount)
  /// The day is not over yet.
  case notOver
}

/// Keeps an assertion beside the books; it moves nothing.
public enum AssertBalance {
  public static func run(
    _ assertion: BalanceAssertion, by: MemberID?, at now: Timestamp, in tx: Transaction
  ) async throws -> AssertBalanceOutcome {
    if assertion.day >= now.day { return .notOver }
    let (kind, code) = (assertion.kind.rawValue, assertion.amount.currency.code)
    let added = try await tx.execute(
      """
      INSERT INTO balance_assertions (kind, currency, day, amount, reference, made_by, made_at)
      VALUES (\(kind)::text::account_kind, \(code), \(assertion.day), \(assertion.amount.nanos),
        \(assertion.reference), \(by?.uuid), \(now))
      ON CONFLICT (kind, currency, day, reference) DO NOTHING
      """)
    if added == 1 { return .recorded }
    let nanos = try await tx.one(
      """
      SELECT amount FROM balance_assertions
      WHERE kind = \(kind)::text::account_kind AND currency = \(code) AND day = \(assertion.day)
        AND reference = \(assertion.reference)
      """, as: Int64.self)
    let known = Amount(nanos: nanos, currency: assertion.amount.currency)
    return known == assertion.amount ? .repeated : .conflict(known)
  }
}

/// An assertion beside what the books say.
public struct ComparedAssertion: Sendable {
  public let assertion: BalanceAssertion
  /// In nanos, as the statement counts: what was posted by the end of the day.
  public let books: Int128
  /// The same by the days on which the bank booked it, where they are known to be others.
  public let byBankDays: Int128
  /// A later one for the same day counts instead.
  public let isReplaced: Bool
  public var difference: Int128 { Int128(assertion.amount.nanos) - byBankDays }
  public var agrees: Bool { isReplaced || difference == 0 }

  /// All of them, by day.
  public static func all(in tx: Transaction) async throws -> [ComparedAssertion] {
    let rows = try await tx.all(
      """
      WITH booked AS (
        SELECT DISTINCT ON (cause, reason, currency) currency, moved, posted_on, day FROM bank_days
        ORDER BY cause, reason, currency, number DESC
      )
      SELECT kind::text, currency, day, amount, reference,
        number < max(number) OVER (PARTITION BY kind, currency, day),
        CASE WHEN kind = 'bank' THEN coalesce((
          SELECT sum(CASE WHEN b.day <= a.day THEN b.moved ELSE -b.moved END)
          FROM booked b
          WHERE b.currency = a.currency AND (b.posted_on <= a.day) <> (b.day <= a.day)), 0)
        ELSE 0 END
      FROM balance_assertions a ORDER BY day, currency, kind, number
      """, as: (String, String, Day, Int64, String, Bool, Int128).self)
    guard let last = rows.map(\.2).max() else { return [] }
    let changes = try await BookSums.days(of: BalanceAssertion.kinds, through: last, in: tx)
    var (sums, rest): ([String: Int128], _) = ([:], changes[...])
    var compared: [ComparedAssertion] = []
    for (kind, code, day, nanos, reference, isReplaced, shift) in rows {
      while let next = rest.first, next.day <= day {
        sums["\(next.balance.kind.rawValue) \(next.balance.currency)", default: 0] -=
          next.balance.nanos
        rest = rest.dropFirst()
      }
      guard let kind = AccountKind(rawValue: kind), let currency = Currency(code) else {
        throw UnknownWord(type: "account")
      }
      let books = sums["\(kind.rawValue) \(currency)"] ?? 0
      compared.append(
        ComparedAssertion(
          assertion: BalanceAssertion(
            kind: kind, day: day, amount: Amount(nanos: nanos, currency: currency),
            reference: reference),
          books: books, byBankDays: books + shift, isReplaced: isReplaced))
    }
    return compared
  }
}
