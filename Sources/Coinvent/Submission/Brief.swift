import Ledger
import Postgres

/// A curator's call for ideas.
public struct BriefID: EntityID {
  public static let prefix = "brief"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

/// A call for ideas about a theme, within dates, by rules.
public struct Brief: Sendable, RowDecodable {
  public enum State: String, CaseIterable, Sendable { case upcoming, open, closed }

  /// What a curator writes.
  public struct Texts: Sendable {
    public var title: String
    /// Markdown, as the rules.
    public var theme: String
    public var rules: String
    public var opensAt: Timestamp
    public var closesAt: Timestamp
    public var award: String?
    /// Only stated: nothing pays it by itself.
    public var awardAmount: Amount?
    public var isHidden: Bool

    public init(
      title: String, theme: String, rules: String = "", opensAt: Timestamp, closesAt: Timestamp,
      award: String? = nil, awardAmount: Amount? = nil, isHidden: Bool = false
    ) {
      self.title = title
      self.theme = theme
      self.rules = rules
      self.opensAt = opensAt
      self.closesAt = closesAt
      self.award = award
      self.awardAmount = awardAmount
      self.isHidden = isHidden
    }

    /// Without blanks around, and without an award that says nothing.
    var tidy: Texts {
      var tidy = self
      tidy.title = title.trimmed
      tidy.theme = theme.trimmed
      tidy.rules = rules.trimmed
      tidy.award = award.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
      return tidy
    }

    var faults: [Invalid.Fault] {
      var found: [Invalid.Fault] = [
        ("/title", title.fault(1...100)), ("/theme", theme.fault(1...10_000, lines: true)),
        ("/rules", rules.fault(0...10_000, lines: true)),
        ("/award", award?.fault(1...1000, lines: true)),
      ].compactMap { pointer, fault in fault.map { (pointer, $0) } }
      if closesAt <= opensAt { found.append(("/closes_at", "must be after opens_at")) }
      if let amount = awardAmount {
        if award == nil { found.append(("/award", "must say what the amount is for")) }
        if amount.nanos <= 0 { found.append(("/award_amount", "must be more than 0")) }
      }
      return found
    }
  }

  public let id: BriefID
  public let texts: Texts
  public let madeBy: MemberID
  public let madeAt: Timestamp

  static let columns: Query =
    """
    id, title, theme, rules, opens_at, closes_at, award, award_amount, award_currency,
    hidden_until_close, made_by, made_at
    """

  public init(row: inout RowReader) throws {
    id = BriefID(uuid: try row.next())
    var texts = Texts(
      title: try row.next(), theme: try row.next(), rules: try row.next(), opensAt: try row.next(),
      closesAt: try row.next(), award: try row.next())
    let nanos = try row.next(Int64?.self)
    let currency = try row.next(String?.self).flatMap(Currency.init)
    if let nanos, let currency { texts.awardAmount = Amount(nanos: nanos, currency: currency) }
    texts.isHidden = try row.next()
    self.texts = texts
    madeBy = MemberID(uuid: try row.next())
    madeAt = try row.next()
  }

  public func state(at now: Timestamp = .now) -> State {
    if now < texts.opensAt { return .upcoming }
    return now < texts.closesAt ? .open : .closed
  }

  public static func find(_ id: BriefID, in db: some Queryable) async throws -> Brief? {
    try await db.first(
      "SELECT \(columns) FROM briefs WHERE id = \(id.uuid)", of: Brief.self)
  }

  /// The last to open first.
  public static func all(limit: Int, after cursor: TimeCursor? = nil, in db: some Queryable)
    async throws -> (briefs: [Brief], next: TimeCursor?)
  {
    let from = cursor ?? .start
    let found = try await db.all(
      """
      SELECT \(columns) FROM briefs WHERE (opens_at, id) < (\(from.time), \(from.id))
      ORDER BY opens_at DESC, id DESC LIMIT \(limit + 1)
      """, of: Brief.self)
    let shown = Array(found.prefix(limit))
    let last = found.count > limit ? shown.last : nil
    return (shown, last.map { TimeCursor(time: $0.texts.opensAt, id: $0.id.uuid) })
  }

  /// The ideas that answer it, the last to be submitted first, as far as the reader may see them.
  public static func ideas(
    of brief: BriefID, for reader: MemberID?, isCurator: Bool, limit: Int,
    after cursor: TimeCursor? = nil, in db: some Queryable
  ) async throws -> (ideas: [Idea], next: TimeCursor?) {
    let from = cursor ?? .start
    let found = try await db.all(
      """
      SELECT \(Idea.columns) FROM \(Idea.source)
      WHERE ideas.brief_id = \(brief.uuid) AND ideas.state <> 'draft'
        AND (ideas.created_at, ideas.id) < (\(from.time), \(from.id))
        AND (\(isCurator) OR ideas.author_id = \(reader?.uuid)
             OR (is_public(ideas.state) AND NOT ideas.never_open))
      ORDER BY ideas.created_at DESC, ideas.id DESC LIMIT \(limit + 1)
      """, of: Idea.self)
    let shown = Array(found.prefix(limit))
    let last = found.count > limit ? shown.last : nil
    return (shown, last.map { TimeCursor(time: $0.createdAt, id: $0.id.uuid) })
  }
}
