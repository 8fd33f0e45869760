import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// A stored field of one table, and how it is changed.
struct Tampering: Sendable {
  let table: String
  let column: String
  let changes: [String]

  /// Every column of a table that can be written, from the catalogue.
  static func all(of table: String, in pool: Pool) async throws -> [Tampering] {
    let columns = try await pool.all(
      """
      SELECT a.attname::text, CASE t.typtype WHEN 'e' THEN 'enum' ELSE t.typname::text END
      FROM pg_attribute a
      JOIN pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = \(table)::regclass AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attgenerated = ''
      ORDER BY a.attnum
      """, as: (String, String).self)
    return columns.map { name, type in
      Tampering(table: table, column: name, changes: changes(of: name, type, in: table))
    }
  }

  /// Ways to change it, the likeliest to go unnoticed first: the next is taken when the schema
  /// refuses one.
  private static func changes(of column: String, _ type: String, in table: String) -> [String] {
    switch (table, column) {
    case ("statement_balances", "opening"), ("statement_balances", "credited"),
      ("statement_balances", "moved"):
      ["\(column) = \(column) + 1, closing = closing + 1"]
    case ("statement_balances", "closing"): ["closing = closing + 1, moved = moved + 1"]
    case ("payouts", "amount"): ["amount = amount - unit"]
    default: values(of: column, type).map { "\(column) = \($0)" }
    }
  }

  private static func values(of column: String, _ type: String) -> [String] {
    switch (column, type) {
    // Another one that is known.
    case ("currency", _): ["CASE currency WHEN 'USD' THEN 'EUR' ELSE 'USD' END", "'JPY'"]
    case ("channel", _): ["CASE channel WHEN 'direct' THEN 'retail' ELSE 'direct' END", "'x'"]
    case ("territory", _): ["CASE territory WHEN 'US' THEN 'DE' ELSE 'US' END"]
    case ("format", "text"): ["CASE format WHEN 'boxed' THEN 'paper' ELSE 'boxed' END"]
    case ("base", "text"): ["CASE base WHEN 'net' THEN 'gross' ELSE 'net' END"]
    case ("kind", "text"): ["CASE kind WHEN 'paid' THEN 'fee' ELSE 'paid' END"]
    case ("deductions", _): ["jsonb_build_object('shipping', 1)"]
    case ("terms", _): ["terms - 'rules' - 'list_prices'"]
    case ("arrival", _): ["arrival + 1000"]
    // With one more, every member may belong to the step that it did, by chance.
    case ("steps", _): ["steps + 1000"]
    case ("starts_at", _): ["starts_at + interval '33 days'", "'2026-01-01'"]
    case ("product_id", _): [other("products", than: column), "md5(product_id::text)::uuid"]
    case ("member_id", _): [other("members", than: column), "md5(member_id::text)::uuid"]
    case ("settlement_id", _): [other("settlements", than: column), "md5(\(column)::text)::uuid"]
    case ("period_id", _): [other("periods", than: column), "md5(period_id::text)::uuid"]
    case (_, "int2"), (_, "int4"), (_, "int8"), (_, "numeric"):
      ["\(column) + 1", "\(column) + 1000", "\(column) - 1"]
    case (_, "bool"): ["NOT \(column)"]
    case (_, "timestamptz"): ["\(column) + interval '33 days'"]
    case (_, "date"): ["CASE WHEN isfinite(\(column)) THEN \(column) + 31 ELSE '2026-01-01' END"]
    case (_, "uuid"): ["md5(\(column)::text)::uuid"]
    case (_, "int8multirange"): ["'{}'", "'{[1,2)}'"]
    case (_, "bytea"): ["sha256(\(column))"]
    case (_, "text"): ["\(column) || 'x'"]
    case (_, "enum"):
      ["(SELECT min(v) FROM unnest(enum_range(\(column))) AS v WHERE v <> \(column))"]
    default: []
    }
  }

  private static func other(_ table: String, than column: String) -> String {
    "(SELECT id FROM \(table) WHERE id <> \(column) ORDER BY id LIMIT 1)"
  }

  struct Row: Sendable {
    let place: String
    /// As texts; what is null is left out.
    let fields: [String: String]
  }

  /// Those in which the column has something: the first, one between, the last, then all others.
  func rows(_ pool: Pool, where condition: String) async throws -> [Row] {
    let found = try await pool.all(
      """
      SELECT t.ctid::text,
        (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t)))::text
      FROM \(unsafeSQL: table) t
      WHERE t.\(unsafeSQL: column) IS NOT NULL AND (\(unsafeSQL: condition)) ORDER BY t.ctid
      """, as: (String, String).self)
    let some = Set([0, found.count / 2, found.count - 1]).intersection(found.indices).sorted()
    return try (some + found.indices.filter { !some.contains($0) }).map { place in
      let members = try JSON.parse(Array(found[place].1.utf8)).object?.members ?? []
      return Row(
        place: found[place].0,
        fields: Dictionary(
          members.compactMap { member in member.value.string.map { (member.key, $0) } },
          uniquingKeysWith: { first, _ in first }))
    }
  }

  /// Changes a row, and puts it back when `body` has looked.
  /// - Returns: false when the database refuses even that.
  func apply(to row: Row, _ pool: Pool, _ body: () async throws -> Void) async throws -> Bool {
    for change in changes {
      guard let changed = try await write(change, at: row.place, pool) else { continue }
      try await body()
      let names = row.fields.keys.filter { change.contains("\($0) = ") }
      let back = names.map { name in
        "\(name) = '\((row.fields[name] ?? "").replacing("'", with: "''"))'"
      }
      if try await write(back.joined(separator: ", "), at: changed, pool) == nil {
        throw Surprise("\(table).\(column) could not be put back")
      }
      return true
    }
    return false
  }

  /// As a superuser who turned off all triggers and keys that point elsewhere.
  private func write(_ assignments: String, at place: String, _ pool: Pool) async throws -> String?
  {
    do {
      return try await pool.transaction { tx in
        try await tx.execute("SET LOCAL session_replication_role = replica")
        return try await tx.one(
          """
          UPDATE \(unsafeSQL: table) SET \(unsafeSQL: assignments)
          WHERE ctid = '\(unsafeSQL: place)' RETURNING ctid::text
          """, as: String.self)
      }
    } catch let error as DatabaseError
      where ["22", "23"].contains(error.sqlState?.prefix(2) ?? "")
    {
      return nil
    }
  }
}
