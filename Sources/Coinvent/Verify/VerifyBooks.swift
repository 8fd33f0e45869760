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
    return "statement \(assertion.reference) says that \(assertion.kind.rawValue) held \(said) "
      + "\(code) at the end of \(day); the books say \(NineDigits.text(books)), "
      + "a difference of \(NineDigits.text(difference))"
  }
}
