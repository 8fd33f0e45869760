import Postgres

/// Fider's export of posts as CSV, with the columns of `app/pkg/csv/csv.go` of getfider/fider. It
/// names people and has no addresses: all ideas are one member's.
struct FiderPosts {
  private let rows: CSVRows
  private let columns: [String]
  private let author: MemberID
  private let category: String
  private var row = 1

  init(_ rows: CSVRows, author: MemberID, category: String) throws {
    self.rows = rows
    self.author = author
    self.category = category
    columns = try rows.next() ?? []
    for name in ["number", "title", "description", "created_at", "status"]
    where !columns.contains(name) {
      throw Invalid("row 1/\(name)", "is missing: this is no export of posts by Fider")
    }
  }

  mutating func next() throws -> Result<ImportedIdea, Invalid>? {
    while let cells = try rows.next() {
      row += 1
      var fields: [String: String] = [:]
      for (name, cell) in zip(columns, cells) { fields[name] = cell }
      let status = FiderStatus(slug: fields["status"] ?? "")
      if status.word == "deleted" { continue }
      guard let openedAt = Timestamp(rfc3339: fields["created_at"] ?? "") else {
        return .failure(Invalid("row \(row)/created_at", "must be like 2018-03-23T19:33:22Z"))
      }
      return .success(
        ImportedIdea(
          place: "row \(row)", externalID: "number \(fields["number"] ?? "")",
          draft: FiderStatus.draft(
            title: fields["title"] ?? "", description: fields["description"] ?? "",
            category: category, tags: IdeasFile.tags(fields["tags"] ?? "")),
          author: .member(author), openedAt: openedAt, state: status.state,
          reason: status.reason((fields["response"] ?? "").trimmed),
          changedAt: Timestamp(rfc3339: fields["responded_at"] ?? "")))
    }
    return nil
  }
}

extension ImportIdeas {
  /// Takes over what was in Fider: posts, users, votes, comments, tags and pictures of a backup.
  /// - Throws: `Invalid` for what is no backup, `ZipArchive.Refusal`.
  public static func run(
    fider files: FiderFiles, _ options: Options, category: String, at now: Timestamp = .now,
    in pool: Pool
  ) async throws -> Report {
    try await run(options, at: now, in: pool) {
      var backup = try FiderBackup(options, category: category, files)
      return { backup.read() }
    }
  }

  /// Takes over the posts of Fider's CSV for one member.
  public static func run(
    fiderPosts path: String, _ options: Options, author: MemberID, category: String,
    at now: Timestamp = .now, in pool: Pool
  ) async throws -> Report {
    try await run(options, at: now, in: pool) {
      var posts = try FiderPosts(CSVRows(path: path), author: author, category: category)
      return { try posts.next() }
    }
  }

  /// Takes over posts that somebody has sent as CSV.
  public static func run(
    fiderPosts bytes: [UInt8], _ options: Options, author: MemberID, category: String,
    at now: Timestamp = .now, in pool: Pool
  ) async throws -> Report {
    try await run(options, at: now, in: pool) {
      var posts = try FiderPosts(CSVRows(bytes: bytes), author: author, category: category)
      return { try posts.next() }
    }
  }
}
