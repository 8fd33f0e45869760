import JSON
import Postgres

/// Ideas in a CSV file; its first row names the columns.
struct IdeasFile {
  private let rows: CSVRows
  private let columns: [String]
  private let options: ImportIdeas.Options
  private let now: Timestamp
  private var row = 1

  static let needed = ["external_id", "title", "pitch", "problem", "solution", "category"]
  static let optional = ["tags", "author", "opened_at", "state"]

  init(_ rows: CSVRows, _ options: ImportIdeas.Options, at now: Timestamp) throws {
    self.rows = rows
    self.options = options
    self.now = now
    guard let header = try rows.next() else {
      throw Invalid("row 1", "is missing: the first row names the columns")
    }
    columns = header
    let known = IdeasFile.needed + IdeasFile.optional
    var wrong = Invalid()
    for name in columns where !known.contains(name) {
      wrong.add("row 1/\(name)", "is no column; they are \(known.joined(separator: ", "))")
    }
    let names = IdeasFile.needed + (options.author == nil ? ["author"] : [])
    for name in names where !columns.contains(name) {
      wrong.add("row 1/\(name)", "is missing")
    }
    if Set(columns).count != columns.count { wrong.add("row 1", "names a column twice") }
    if !wrong.isEmpty { throw wrong }
  }

  mutating func next() throws -> Result<ImportedIdea, Invalid>? {
    guard let cells = try rows.next() else { return nil }
    row += 1
    guard cells.count == columns.count else {
      return .failure(
        Invalid(
          "row \(row)", "has \(cells.count) cells where the first row has \(columns.count)"))
    }
    var fields: [String: String] = [:]
    for (name, cell) in zip(columns, cells) { fields[name] = CSVGuard.undo(cell).trimmed }
    do { return .success(try read(fields)) } catch { return .failure(error) }
  }

  private func read(_ fields: [String: String]) throws(Invalid) -> ImportedIdea {
    var wrong = Invalid()
    let place = "row \(row)"
    func text(_ name: String) -> String { fields[name] ?? "" }
    if !(1...200).contains(text("external_id").unicodeScalars.count) {
      wrong.add("\(place)/external_id", "must have 1 to 200 characters")
    }
    var openedAt: Timestamp?
    if !text("opened_at").isEmpty {
      if let time = Timestamp(rfc3339: text("opened_at")), time <= now {
        openedAt = time
      } else {
        wrong.add("\(place)/opened_at", "must be a moment gone by like 2026-01-31T12:00:00Z")
      }
    }
    var state = Idea.State.open
    if !text("state").isEmpty {
      if let known = Idea.State(rawValue: text("state")), ImportedIdea.states.contains(known) {
        state = known
      } else {
        let words = ImportedIdea.states.map(\.rawValue).joined(separator: ", ")
        wrong.add("\(place)/state", "must be one of \(words)")
      }
    }
    let author = text("author")
    if author.isEmpty && options.author == nil {
      wrong.add("\(place)/author", "must be an e-mail address or a handle")
    }
    if !wrong.isEmpty { throw wrong }
    return ImportedIdea(
      place: place, externalID: text("external_id"),
      draft: IdeaDraft(
        title: text("title"), pitch: text("pitch"), problem: text("problem"),
        solution: text("solution"), category: text("category"),
        details: IdeaDetails(tags: IdeasFile.tags(text("tags")))),
      author: person(author),
      openedAt: openedAt, state: state)
  }

  private func person(_ text: String) -> ImportedIdea.Person {
    if let author = options.author { return .member(author) }
    return text.contains("@") ? .email(text, name: "") : .handle(text)
  }

  /// `a, b`, or a JSON array: as exports write them.
  static func tags(_ text: String) -> [String] {
    if text.hasPrefix("[") {
      do { return try IdeaDetails.tags(JSON.parse(Array(text.utf8)), at: "/tags") } catch {}
    }
    return text.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
  }
}

extension ImportIdeas {
  /// Reads a file.
  public static func run(
    csv path: String, _ options: Options, at now: Timestamp = .now, in pool: Pool
  ) async throws -> Report {
    try await run(options, at: now, in: pool) {
      try source(CSVRows(path: path), options, now)
    }
  }

  /// Reads what somebody has sent.
  public static func run(
    csv bytes: [UInt8], _ options: Options, at now: Timestamp = .now, in pool: Pool
  ) async throws -> Report {
    try await run(options, at: now, in: pool) {
      try source(CSVRows(bytes: bytes), options, now)
    }
  }

  private static func source(_ rows: CSVRows, _ options: Options, _ now: Timestamp) throws
    -> Source
  {
    var file = try IdeasFile(rows, options, at: now)
    return { try file.next() }
  }
}
