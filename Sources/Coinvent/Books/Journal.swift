import Ledger
import Postgres

/// Writes the transfers as a journal that other programs read.
///
/// There, assets are positive and liabilities negative: a transfer takes from what it flows to. So
/// the books' `bank` of -100 is `Assets:Bank` with 100.
public enum Journal {
  public enum Format: String, CaseIterable, Sendable {
    case hledger, beancount, csv, jsonl
  }

  /// Transfers that are in memory at once.
  static let page = 4000

  /// In the order of time; sorted by the database, so that memory stays flat.
  /// - Parameters:
  ///   - since: the first day, `until` the last; nil for no end.
  ///   - sink: takes the bytes, whole transactions at a time.
  /// - Returns: how many transfers were written.
  public nonisolated(nonsending) static func run(
    as format: Format, since: Day?, until: Day?, from pool: Pool,
    progress: (Int) -> Void = { _ in },
    to sink: nonisolated(nonsending) ([UInt8]) async throws -> Void
  ) async throws -> Int {
    // Not repeated: what the sink has taken cannot be taken back.
    try await pool.transaction(isolation: .repeatableRead, readOnly: true, retries: 0) { tx in
      try await tx.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
      try await tx.execute("SET LOCAL statement_timeout = 0")
      let span = Span(since: since, until: until)
      var writer = JournalWriter(format)
      try await begin(&writer, span, in: tx)
      try await sink(writer.take())
      try await tx.execute(
        """
        DECLARE journal NO SCROLL CURSOR FOR
        SELECT home, cause, reason::text, from_kind::text, from_owner, to_kind::text, to_owner,
          currency, amount, posted_at
        FROM transfers WHERE posted_at >= \(span.start) AND posted_at < \(span.end)
        ORDER BY posted_at, home, cause, reason, currency, from_owner, to_owner
        """)
      var count = 0
      while true {
        let rows = try await tx.all("FETCH 4000 FROM journal", of: JournalEntry.self)
        for row in rows { writer.write(row) }
        try await sink(writer.take())
        count += rows.count
        progress(count)
        if rows.count < page { return count }
      }
    }
  }

  struct Span {
    let start: Timestamp
    let end: Timestamp

    init(since: Day?, until: Day?) {
      start = (since ?? Day.never).start
      end = (until ?? Day.after).adding(days: 1).start
    }
  }

  /// What stands before the first transaction: both programs like to know each account.
  private static func begin(_ writer: inout JournalWriter, _ span: Span, in tx: Transaction)
    async throws
  {
    guard writer.format == .beancount || writer.format == .hledger else { return writer.header() }
    let codes = try await tx.all(
      """
      SELECT DISTINCT currency FROM transfers
      WHERE posted_at >= \(span.start) AND posted_at < \(span.end) ORDER BY currency
      """, as: String.self)
    writer.begin(currencies: codes)
    let first = try await tx.one(
      "SELECT min(posted_at) FROM transfers WHERE posted_at >= \(span.start)",
      as: Timestamp?.self)
    try await tx.execute(
      """
      DECLARE accounts NO SCROLL CURSOR FOR
      SELECT from_kind::text, from_owner FROM transfers
      WHERE posted_at >= \(span.start) AND posted_at < \(span.end)
      UNION
      SELECT to_kind::text, to_owner FROM transfers
      WHERE posted_at >= \(span.start) AND posted_at < \(span.end)
      """)
    while let day = first?.day {
      let rows = try await tx.all("FETCH 4000 FROM accounts", as: (String, UUID).self)
      for (kind, owner) in rows {
        guard let kind = AccountKind(rawValue: kind) else { throw UnknownWord(type: "account") }
        writer.open(kind, owner, on: day)
      }
      if rows.count < page { break }
    }
    try await tx.execute("CLOSE accounts")
  }
}

extension Day {
  /// Behind every day that the books have.
  static let after = Day(number: 2_900_000)
}

/// A transfer as journals have it.
struct JournalEntry: RowDecodable {
  let home: UUID
  let cause: UUID
  let reason: TransferReason
  let fromKind: AccountKind
  let fromOwner: UUID
  let toKind: AccountKind
  let toOwner: UUID
  let amount: Amount
  let postedAt: Timestamp

  init(row: inout RowReader) throws {
    home = try row.next()
    cause = try row.next()
    reason = try row.known()
    fromKind = try row.known()
    fromOwner = try row.next()
    toKind = try row.known()
    toOwner = try row.next()
    amount = try row.amount()
    postedAt = try row.next()
  }
}
