import JSON
import Postgres

/// Enters a project: what a member, or a team, offers.
public enum EnterProject {
  /// One entry that somebody wants.
  public struct Wish: Sendable {
    public let author: MemberID
    /// By the names of the form's fields.
    public let answers: JSON
    /// Nil: the author alone.
    public let team: EntryTeam?

    public init(_ author: MemberID, _ answers: JSON, team: EntryTeam? = nil) {
      self.author = author
      self.answers = answers
      self.team = team
    }
  }

  public enum Outcome: Sendable {
    /// In the order of the wishes.
    case entered([EntryID])
    case unknown
    /// The project is not open yet, or its entries are closed.
    case notTaken(Project)
    /// With these the member would have more than the project takes.
    case limitReached(MemberID, limit: Int64)
    /// Somebody has entered this already; `wish` counts from 0.
    case textTaken(wish: Int, field: String)
    /// The file is not there, in use, somebody else's, or for another field.
    case unknownFile(wish: Int, field: String)
    case unknownMember(wish: Int, MemberID)
  }

  /// One entry, as its author asks for it.
  /// - Throws: `Invalid` for answers with faults, `Banned`.
  public static func run(
    _ wish: Wish, in project: ProjectID, of product: ProductID, at now: Timestamp = .now,
    tx: Transaction
  ) async throws -> Outcome {
    try await Ban.refuse(wish.author, .ideas, at: now, in: tx)
    return try await many([wish], in: project, of: product, at: now, pointer: { _ in "" }, tx: tx)
  }

  /// Many at once, each step of it one statement: all are entered or none is.
  /// - Parameter pointer: where a wish stands in the request.
  /// - Throws: `Invalid` for answers with faults, all of them at once.
  public static func many(
    _ wishes: [Wish], in id: ProjectID, of product: ProductID, at now: Timestamp = .now,
    pointer: (Int) -> String = { "/\($0)" }, tx: Transaction
  ) async throws -> Outcome {
    guard let project = try await Project.hold(id, of: product, in: tx), project.state != .draft
    else { return .unknown }
    guard project.takesEntries(at: now) else { return .notTaken(project) }
    let answers = try read(wishes, form: EntryForm(project.form), pointer)
    if wishes.isEmpty { return .entered([]) }
    if let member = try await full(wishes, project, tx) {
      return .limitReached(member, limit: project.entriesPerMember)
    }
    if let (wish, member) = try await stranger(wishes, tx) {
      return .unknownMember(wish: wish, member)
    }
    let claims = answers.enumerated().flatMap { place, answers in
      answers.unique.map { (place: place, field: $0.field, folded: $0.folded) }
    }
    if let (wish, field) = try await EntryTexts.taken(claims, in: project, tx) {
      return .textTaken(wish: wish, field: field)
    }
    let files = answers.enumerated().flatMap { place, answers in
      answers.files.map {
        EntryFiles.Use(
          place: place, field: $0.field, file: $0.id, uploader: wishes[place].author)
      }
    }
    if let missing = try await EntryFiles.missing(files, in: project, tx) {
      return .unknownFile(wish: missing.place, field: missing.field)
    }
    let entries = wishes.map { _ in EntryID.new(at: now) }
    try await insert(entries, wishes, answers, project, at: now, tx)
    try await insertMakers(entries, wishes, product, at: now, tx)
    try await EntryTexts.take(claims, of: entries, in: project, tx)
    try await EntryFiles.use(files, by: entries, in: project, tx)
    try await tell(entries, wishes, project, at: now, tx)
    return .entered(entries)
  }

  private static func read(
    _ wishes: [Wish], form: EntryForm, _ pointer: (Int) -> String
  ) throws -> [EntryAnswers] {
    var faults: [Invalid.Fault] = []
    var answers: [EntryAnswers] = []
    answers.reserveCapacity(wishes.count)
    for (index, wish) in wishes.enumerated() {
      let place = pointer(index)
      do throws(Invalid) {
        answers.append(try EntryAnswers(wish.answers, form: form, at: "\(place)/answers"))
      } catch {
        faults += error.fields
      }
      let team = wish.team?.faults(author: wish.author) ?? []
      faults += team.map { (place + $0.pointer, $0.message) }
    }
    try Invalid.refuse(faults)
    return answers
  }

  /// Somebody for whom these are too many. What was taken back does not count.
  private static func full(_ wishes: [Wish], _ project: Project, _ tx: Transaction) async throws
    -> MemberID?
  {
    let wanted = Dictionary(grouping: wishes, by: \.author).mapValues { Int64($0.count) }
    let counted = try await tx.all(
      """
      SELECT author_id, count(*) FROM project_entries
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND author_id = ANY(\(wanted.keys.map(\.uuid))) AND state <> 'withdrawn'
      GROUP BY author_id
      """, as: (UUID, Int64).self)
    let entered = Dictionary(uniqueKeysWithValues: counted)
    return wanted.filter { author, count in
      entered[author.uuid, default: 0] + count > project.entriesPerMember
    }.keys.min()
  }

  /// Somebody of a team who is no member.
  private static func stranger(_ wishes: [Wish], _ tx: Transaction) async throws
    -> (Int, MemberID)?
  {
    let named = Set(wishes.flatMap { $0.team?.parts.map(\.member.uuid) ?? [] })
    if named.isEmpty { return nil }
    let known = try await tx.all(
      "SELECT id FROM members WHERE id = ANY(\(named.sorted()))", as: UUID.self)
    for (index, wish) in wishes.enumerated() {
      for part in wish.team?.parts ?? [] where !known.contains(part.member.uuid) {
        return (index, part.member)
      }
    }
    return nil
  }

  private static func insert(
    _ entries: [EntryID], _ wishes: [Wish], _ answers: [EntryAnswers], _ project: Project,
    at now: Timestamp, _ tx: Transaction
  ) async throws {
    let states = wishes.map { ($0.team?.parts.count ?? 1) > 1 ? "waiting" : "entered" }
    try await tx.execute(
      """
      INSERT INTO project_entries (product_id, project_id, id, number, author_id, answers, state,
                                   entered_at)
      SELECT \(project.product.uuid), \(project.id.uuid), id, last.number + place, author, answers,
             state, \(now)
      FROM (SELECT coalesce(max(number), 0) AS number FROM project_entries
            WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)) AS last,
        unnest(\(entries.map(\.uuid))::uuid[], \(wishes.map(\.author.uuid))::uuid[],
               \(answers.map { $0.json.text() })::text[], \(states)::text[])
          WITH ORDINALITY AS e (id, author, answers, state, place)
      """)
  }

  /// Who enters has accepted the own part.
  private static func insertMakers(
    _ entries: [EntryID], _ wishes: [Wish], _ product: ProductID, at now: Timestamp,
    _ tx: Transaction
  ) async throws {
    let makers = zip(entries, wishes).flatMap { entry, wish in
      (wish.team ?? .alone(wish.author)).parts.map {
        (entry: entry, part: $0, isAuthor: $0.member == wish.author)
      }
    }
    try await tx.execute(
      """
      INSERT INTO entry_makers (product_id, entry_id, member_id, ppm, accepted_at)
      SELECT \(product.uuid), entry, member, ppm,
             CASE WHEN is_author THEN \(now)::timestamptz END
      FROM unnest(\(makers.map(\.entry.uuid))::uuid[], \(makers.map(\.part.member.uuid))::uuid[],
                  \(makers.map(\.part.ppm))::bigint[], \(makers.map(\.isAuthor))::boolean[])
        AS m (entry, member, ppm, is_author)
      """)
  }

  private static func tell(
    _ entries: [EntryID], _ wishes: [Wish], _ project: Project, at now: Timestamp,
    _ tx: Transaction
  ) async throws {
    for (entry, wish) in zip(entries, wishes) {
      guard let team = wish.team, team.parts.count > 1 else { continue }
      try await Notify.post(
        .teamEntry, about: project.idea, subject: entry.uuid, detail: project.title,
        by: wish.author, to: .members(team.parts.map(\.member)), at: now, in: tx)
    }
  }
}
