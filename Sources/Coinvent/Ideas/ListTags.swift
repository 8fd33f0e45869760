import Postgres

/// The tags in use, those of most ideas first. Only ideas that everybody may read count.
public enum ListTags {
  public struct Tag: Sendable, Equatable {
    public let tag: String
    public let ideas: Int64
  }

  /// - Parameter last: where the page before ended.
  public static func run(limit: Int = 20, after last: Tag? = nil, in db: some Queryable)
    async throws -> [Tag]
  {
    try await db.all(page(limit: limit, after: last), as: (String, Int64).self)
      .map(Tag.init(tag:ideas:))
  }

  static func page(limit: Int, after last: Tag?) -> Query {
    """
    SELECT tag, ideas FROM tag_counts
    WHERE ideas > 0 AND ideas <= \(last?.ideas ?? .max)
      AND (ideas < \(last?.ideas ?? .max) OR tag > \(last?.tag ?? ""))
    ORDER BY ideas DESC, tag LIMIT \(limit)
    """
  }
}

extension ListTags.Tag {
  /// Where a page ends, as opaque text.
  public var cursor: String { Base64URL.encode(Array("\(ideas) \(tag)".utf8)) }

  /// - Returns: nil for a text that no page has handed out.
  public init?(cursor: String) {
    guard let bytes = Base64URL.decode(cursor.utf8) else { return nil }
    let parts = String(decoding: bytes, as: UTF8.self)
      .split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let ideas = Int64(parts[0]), !parts[1].contains("\0") else {
      return nil
    }
    self.init(tag: String(parts[1]), ideas: ideas)
  }
}
