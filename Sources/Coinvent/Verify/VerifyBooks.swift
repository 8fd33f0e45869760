import Ledger
import Postgres

/// Sums by day, deposits, and what the bank says.
enum VerifyBooks {
  /// Stored sums of days are those of their transfers.
  static func days(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT day, kind::text, currency, coalesce(s.moved, 0), coalesce(t.moved, 0)
      FROM book_days s
      FULL JOIN (
        SELECT day, kind, currency, sum(moved) AS moved FROM (
          SELECT (posted_at AT TIME ZONE 'UTC')::date AS day, to_kind AS kind, currency,
            amount AS moved
          FROM transfers
          UNION ALL
          SELECT (posted_at AT TIME ZONE 'UTC')::date, from_kind, currency, -amount FROM transfers
        ) AS m WHERE day <= (SELECT max(through) FROM book_sums)
        GROUP BY day, kind, currency
      ) AS t USING (day, kind, currency)
      WHERE coalesce(s.moved, 0) <> coalesce(t.moved, 0)
      ORDER BY day, kind, currency LIMIT 1
      """, as: (Day, String, String, Int128, Int128).self)
    return Verify.Check(
      name: "stored sums of days are those of their transfers",
      rows: try await VerifyPostings.count("book_days", in: tx),
      finding: row.map { day, kind, currency, stored, moved in
        Finding(
          check: "days",
          detail: "on \(day) \(kind) is stored to have moved \(stored) nanos \(currency); its "
            + "transfers make \(moved). Make them anew with: coinvent books sum --again")
      })
  }

  static func deposits(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT coalesce(d.reference, t.cause::text), coalesce(d.amount, 0), coalesce(t.amount, 0)
      FROM book_deposits d
      FULL JOIN (
        SELECT cause, currency,
          CASE from_kind WHEN 'bank' THEN amount ELSE -amount END AS amount
        FROM transfers WHERE reason = 'deposit' AND home = \(Account.operator)
      ) AS t ON t.cause = d.id AND t.currency = d.currency
      WHERE d.amount IS DISTINCT FROM t.amount
      ORDER BY 1 LIMIT 1
      """, as: (String, Int64, Int64).self)
    return Verify.Check(
      name: "deposits are as they were recorded",
      rows: try await VerifyPostings.count("book_deposits", in: tx),
      finding: row.map { reference, recorded, moved in
        Finding(
          check: "deposits",
          detail:
            "deposit \(reference) was recorded with \(recorded) nanos; its transfer has \(moved)"
        )
      })
  }

  /// Days of the bank are of movements that the books have, as they have them.
  static func bankDays(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT b.number, b.cause, b.reason::text FROM bank_days b
      LEFT JOIN transfers t ON t.cause = b.cause AND t.reason = b.reason
        AND t.currency = b.currency AND 'bank' IN (t.from_kind, t.to_kind)
      WHERE b.moved IS DISTINCT FROM
          CASE WHEN t.from_kind = 'bank' THEN t.amount ELSE -t.amount END
        OR b.posted_on IS DISTINCT FROM (t.posted_at AT TIME ZONE 'UTC')::date
      ORDER BY b.number LIMIT 1
      """, as: (Int64, UUID, String).self)
    return Verify.Check(
      name: "the bank's days are of movements in the books",
      rows: try await VerifyPostings.count("bank_days", in: tx),
      finding: row.map { number, cause, reason in
        Finding(
          check: "bank_days",
          detail: "day \(number) of the bank is of the \(reason) \(cause), which the books have "
            + "otherwise")
      })
  }

  static func assertions(in tx: Transaction) async throws -> Verify.Check {
    let compared = try await ComparedAssertion.all(in: tx)
    return Verify.Check(
      name: "statements of the bank agree with the books", rows: compared.count,
      finding: compared.first { !$0.agrees }.map {
        Finding(check: "assertions", detail: $0.sentence)
      })
  }
}

extension ComparedAssertion {
  /// What the statement says and what the books do.
  public var sentence: String {
    let (code, day) = (assertion.amount.currency, assertion.day)
    let said = NineDigits.text(assertion.amount.nanos)
    let way = byBankDays == books ? "" : ", \(NineDigits.text(byBankDays)) by the bank's days"
    return "statement \(assertion.reference) says that \(assertion.kind.rawValue) held \(said) "
      + "\(code) at the end of \(day); the books say \(NineDigits.text(books))\(way), "
      + "a difference of \(NineDigits.text(difference))"
  }
}
