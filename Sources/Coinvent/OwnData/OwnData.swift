import JSON
import Ledger
import Postgres

/// Everything that is kept of a member, as one JSON document with an array for each table.
public enum OwnData {
  /// The names of the arrays.
  public static var parts: [String] {
    MemberTable.all.filter { $0.condition != nil }.map(\.name)
  }

  /// Writes the document as it is at one moment, some rows at a time.
  /// - Parameter sink: takes the bytes; the next rows are read when it returns.
  public nonisolated(nonsending) static func run(
    of member: MemberID, at now: Timestamp = .now, from pool: Pool,
    to sink: nonisolated(nonsending) ([UInt8]) async throws -> Void
  ) async throws {
    try await pool.transaction(isolation: .repeatableRead, readOnly: true, retries: 0) { tx in
      try await tx.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
      try await tx.execute("SET LOCAL timezone = 'UTC'")
      var text = "{\"member_id\":\"\(member)\",\"exported_at\":\"\(now)\""
      for table in MemberTable.all {
        guard let condition = table.condition else { continue }
        text += ",\"\(table.name)\":["
        try await sink(Array(text.utf8))
        try await send(table, condition, member, tx, sink)
        text = "]"
      }
      try await sink(Array((text + "}\n").utf8))
    }
  }

  private nonisolated(nonsending) static func send(
    _ table: MemberTable, _ condition: String, _ member: MemberID, _ tx: Transaction,
    _ sink: nonisolated(nonsending) ([UInt8]) async throws -> Void
  ) async throws {
    // Names and conditions are this program's own words; the id is hexadecimal.
    let found = condition.split(separator: "$", omittingEmptySubsequences: false)
      .joined(separator: "'\(member.uuid)'::uuid")
    try await tx.execute(
      """
      DECLARE own_rows NO SCROLL CURSOR FOR
      SELECT row_to_json(t)::text FROM \(unsafeSQL: table.name) AS t WHERE \(unsafeSQL: found)
      """)
    var isFirst = true
    while true {
      let rows = try await tx.all("FETCH 1000 FROM own_rows", as: String.self)
      var bytes: [UInt8] = []
      for row in rows {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes += told(try JSON.parse(Array(row.utf8)), of: table).bytes()
      }
      if !bytes.isEmpty { try await sink(bytes) }
      if rows.count < 1000 { break }
    }
    try await tx.execute("CLOSE own_rows")
  }

  /// A row as it is told: ids are TypeIDs, times RFC 3339, money decimal.
  static func told(_ row: JSON, of table: MemberTable) -> JSON {
    guard let object = row.object else { return row }
    let currency = object["currency"]?.string.flatMap { Currency($0) }
    var told = JSONObject()
    for (name, value) in object where !table.omitted.contains(name) {
      switch value {
      case .string(let text):
        if let id = UUID(text) {
          told[name] = .string(typeID(id, name, table))
        } else if name == "at" || name.hasSuffix("_at") || name.hasSuffix("_until"),
          let time = Timestamp(rfc3339: text)
        {
          told[name] = .string(time.description)
        } else {
          told[name] = value
        }
      case .int(let nanos):
        if let currency, OwnData.money.contains(name) {
          told[name] = .string(Amount(nanos: nanos, currency: currency).decimal)
        } else {
          told[name] = value
        }
      case .null, .bool, .double, .array, .object: told[name] = value
      }
    }
    return .object(told)
  }

  private static let money: Set = [
    "amount", "balance", "opening", "credited", "moved", "closing", "in_flight", "minimum",
    "payable_before", "unit", "unit_price",
  ]

  private static func typeID(_ id: UUID, _ column: String, _ table: MemberTable) -> String {
    if table.columns.contains(column) { return MemberID(uuid: id).description }
    switch (table.name, column) {
    case (_, "member_id"), (_, "actor_id"): return MemberID(uuid: id).description
    case (_, let name) where name.hasSuffix("_by"): return MemberID(uuid: id).description
    case (_, "idea_id"), (_, "duplicate_id"), (_, "original_id"), (_, "ancestor_id"),
      ("ideas", "id"):
      return IdeaID(uuid: id).description
    case (_, "comment_id"), ("comments", "id"), (_, "root_id"):
      return CommentID(uuid: id).description
    case (_, "product_id"), ("products", "id"): return ProductID(uuid: id).description
    case (_, "project_id"), ("projects", "id"): return ProjectID(uuid: id).description
    case (_, "entry_id"), ("project_entries", "id"), ("duels", _), ("duel_offers", _):
      return EntryID(uuid: id).description
    case (_, "payout_id"), ("payouts", "id"): return PayoutID(uuid: id).description
    case (_, "period_id"), ("periods", "id"): return PeriodID(uuid: id).description
    case (_, "settlement_id"), (_, "preview_id"): return SettlementID(uuid: id).description
    case ("commitments", "id"): return CommitmentID(uuid: id).description
    case ("idea_images", "id"): return ImageID(uuid: id).description
    case (_, "project_id"), ("projects", "id"): return ProjectID(uuid: id).description
    case (_, "entry_id"), ("project_entries", "id"): return EntryID(uuid: id).description
    case ("entry_files", "id"): return EntryFileID(uuid: id).description
    case ("tokens", "id"): return TokenID(uuid: id).description
    default: return id.description
    }
  }
}
