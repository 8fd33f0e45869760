import Coinvent
import HTTPServer
import JSON
import Postgres

/// Reading entries: `GET …/entries`, `…/entries/own` and `…/entries/{id}`.
enum EntriesAPI {
  enum Order: String, CaseIterable { case number, random }

  static func list(_ place: EntriesRoute.Place, _ call: Call) async throws -> Response {
    let query = call.request.query
    var invalid = Invalid()
    let limit = query.limit(&invalid)
    let order = try order(call)
    var cursor: EntryCursor?
    if let text = query["cursor"], !text.isEmpty {
      cursor = EntryCursor(text, order: order)
      if cursor == nil { invalid.add("/cursor", "is none that this list has given") }
    }
    if !invalid.isEmpty { throw invalid }
    let project = try await ProjectsAPI.readable(place.project, place.product, call)
    let (entries, next) = try await ListEntries.run(
      of: project, order: order, limit: limit, after: cursor, in: call.pool)
    let details = try await EntryDetails(of: entries, for: call, in: call.pool)
    return Response.json(
      JSONWriter.object(reserving: 1024 * (entries.count + 1)) {
        $0.array("entries", entries) { writer, entry in
          writer.object { details.write(entry, &$0) }
        }
        $0.field("next_cursor", next?.text)
      }
    ).tagged(for: call.request)
  }

  private static func order(_ call: Call) throws -> ListEntries.Order {
    switch try StagesAPI.word("order", of: Order.self, call) ?? .number {
    case .number: return .number
    case .random:
      if let seed = call.request.query["seed"], !seed.isEmpty {
        guard seed.unicodeScalars.count <= 100 else {
          throw Invalid("/seed", "must have 1 to 100 characters")
        }
        return .random(seed: "seed \(seed)")
      }
      return .random(seed: call.principal?.member.description ?? "day \(Day.today)")
    }
  }

  static func own(_ place: EntriesRoute.Place, _ call: Call) async throws -> Response {
    let project = try await ProjectsAPI.readable(place.project, place.product, call)
    let entries = try await ListEntries.made(by: call.member.member, in: project, call.pool)
    let details = try await EntryDetails(of: entries, for: call, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("entries", entries) { writer, entry in
          writer.object { details.write(entry, &$0) }
        }
      }
    ).tagged(for: call.request)
  }

  /// What does not take part is there for its makers and for curators.
  static func read(_ id: EntryID, _ place: EntriesRoute.Place, _ call: Call) async throws
    -> Response
  {
    _ = try await ProjectsAPI.readable(place.project, place.product, call)
    guard let entry = try await ProjectEntry.find(id, of: place.product, in: call.pool),
      entry.project == place.project
    else { throw Problem.notFound("such entry") }
    let details = try await EntryDetails(of: [entry], for: call, in: call.pool)
    guard entry.state == .entered || details.isInside(entry) else {
      throw Problem.notFound("such entry")
    }
    return Response.json(details.json(entry)).tagged(for: call.request)
  }
}

/// What is shown with entries that is not in their rows.
struct EntryDetails {
  private let handles: [MemberID: String]
  private let makers: [EntryID: [EntryMaker]]
  private let files: [EntryID: [EntryFile]]
  private let reasons: [EntryID: String]
  private let principal: Principal?

  init(of entries: [ProjectEntry], for call: Call, in db: some Queryable) async throws {
    handles = try await ProjectEntry.handles(of: entries, in: db)
    makers = try await EntryMaker.of(entries, in: db)
    files = Dictionary(grouping: try await EntryFile.of(entries, in: db)) {
      $0.entry ?? EntryID(uuid: .zero)
    }
    let ended = entries.filter { $0.state == .withdrawn || $0.state == .removed }
    reasons = try await ProjectEntry.reasons(of: ended, in: db)
    principal = call.principal
  }

  /// Whether the caller is one of its makers, or a curator.
  func isInside(_ entry: ProjectEntry) -> Bool {
    guard let principal else { return false }
    return principal.role.includes(.curator) || entry.author == principal.member
      || (makers[entry.id] ?? []).contains { $0.member == principal.member }
  }

  func json(_ entry: ProjectEntry) -> [UInt8] { JSONWriter.object { write(entry, &$0) } }

  func write(_ entry: ProjectEntry, _ writer: inout JSONWriter) {
    writer.field("id", entry.id)
    writer.field("product_id", entry.product)
    writer.field("project_id", entry.project)
    writer.field("number", entry.number)
    writer.field("author_id", entry.author)
    writer.field("author_handle", handles[entry.author] ?? "")
    writer.field("answers", json: entry.answers)
    writer.array("files", files[entry.id] ?? []) { writer, file in
      writer.object { EntryFilesAPI.write(file, &$0) }
    }
    writer.field("state", entry.state.rawValue)
    writer.array("makers", makers[entry.id] ?? []) { writer, maker in
      writer.object {
        $0.field("member_id", maker.member)
        $0.field("ppm", maker.ppm)
        $0.field("accepted_at", maker.acceptedAt)
        $0.field("declined_at", maker.declinedAt)
      }
    }
    writer.field("reason", isInside(entry) ? reasons[entry.id] : nil)
    writer.field("entered_at", entry.enteredAt)
    writer.field("edited_at", entry.editedAt)
  }
}
