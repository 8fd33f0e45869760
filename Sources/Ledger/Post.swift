import Postgres

/// What became of a transfer, the idempotent repeat first.
public enum PostOutcome: Hashable, Sendable {
  /// The same cause has posted it before; nothing changed.
  case repeated
  case posted
  /// The paying account holds less than the amount; nothing changed.
  case insufficient(balance: Int64)
}

/// Writes one transfer and keeps the cached balances of its two accounts.
public enum Post {
  /// Posts inside the caller's transaction.
  /// - Parameter mustCover: refuses, as `.insufficient`, a transfer that would take its `from`
  ///   account below zero. Only accounts with a cached balance can be asked; the row is locked, so
  ///   that of several at once exactly those are posted that the balance covers.
  /// - Throws: `DatabaseError`.
  public static func post(_ transfer: Transfer, mustCover: Bool = false, in tx: Transaction)
    async throws -> PostOutcome
  {
    let balances = try await lock([transfer.from, transfer.to], at: transfer.at, in: tx)
    if try await isPosted(transfer, in: tx) { return .repeated }
    if mustCover {
      precondition(transfer.from.kind.hasCachedBalance, "only a cached balance can be asked")
      let balance = balances[transfer.from] ?? 0
      if balance < transfer.amount.nanos { return .insufficient(balance: balance) }
    }
    let inserted = try await insert(transfer, in: tx)
    guard inserted == 1 else { return .repeated }
    try await move(transfer.from, by: -transfer.amount.nanos, in: tx)
    try await move(transfer.to, by: transfer.amount.nanos, in: tx)
    return .posted
  }

  /// Makes sure that the cached rows exist and locks them, in one order for everybody.
  private static func lock(_ accounts: [Account], at: Timestamp, in tx: Transaction) async throws
    -> [Account: Int64]
  {
    var balances: [Account: Int64] = [:]
    let cached = accounts.filter(\.kind.hasCachedBalance)
      .sorted { ($0.owner, $0.kind.rawValue) < ($1.owner, $1.kind.rawValue) }
    for account in cached {
      try await tx.execute(
        """
        INSERT INTO balances (owner, kind, currency, balance)
        VALUES (\(account.owner), \(account.kind.rawValue)::text::account_kind,
                \(account.currency.code), 0)
        ON CONFLICT DO NOTHING
        """)
      balances[account] = try await tx.one(
        """
        SELECT balance FROM balances
        WHERE owner = \(account.owner) AND kind = \(account.kind.rawValue)::text::account_kind
          AND currency = \(account.currency.code)
        FOR UPDATE
        """, as: Int64.self)
    }
    return balances
  }

  private static func isPosted(_ transfer: Transfer, in tx: Transaction) async throws -> Bool {
    try await tx.one(
      """
      SELECT EXISTS (
        SELECT 1 FROM transfers
        WHERE home = \(transfer.home) AND cause = \(transfer.cause)
          AND reason = \(transfer.reason.rawValue)::text::transfer_reason
          AND currency = \(transfer.amount.currency.code)
          AND from_owner = \(transfer.from.owner) AND to_owner = \(transfer.to.owner))
      """, as: Bool.self)
  }

  private static func insert(_ transfer: Transfer, in tx: Transaction) async throws -> Int {
    try await tx.execute(
      """
      INSERT INTO transfers (home, cause, reason, from_kind, from_owner, to_kind, to_owner,
                             currency, amount, corrects, posted_at)
      VALUES (\(transfer.home), \(transfer.cause),
              \(transfer.reason.rawValue)::text::transfer_reason,
              \(transfer.from.kind.rawValue)::text::account_kind, \(transfer.from.owner),
              \(transfer.to.kind.rawValue)::text::account_kind, \(transfer.to.owner),
              \(transfer.amount.currency.code), \(transfer.amount.nanos), \(transfer.corrects),
              \(transfer.at))
      ON CONFLICT DO NOTHING
      """)
  }

  private static func move(_ account: Account, by nanos: Int64, in tx: Transaction) async throws {
    guard account.kind.hasCachedBalance else { return }
    try await tx.execute(
      """
      UPDATE balances SET balance = balance + \(nanos)
      WHERE owner = \(account.owner) AND kind = \(account.kind.rawValue)::text::account_kind
        AND currency = \(account.currency.code)
      """)
  }
}
