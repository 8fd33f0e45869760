import Postgres

/// Where a page of comments ends. Clients get it as opaque text; it is checked for form and not
/// signed, as a forged one can only start a page elsewhere.
public struct ThreadCursor: Sendable, Hashable {
  let helpful: Int64
  let reactions: Int64
  /// From the root to the last comment.
  let path: [UUID]
  private let mark: UInt8
  private static let version: UInt8 = 1

  var id: UUID { path[path.count - 1] }

  init(sort: ReadThread.Sort, last: Comment) {
    self.init(
      mark: Self.mark(sort), helpful: last.helpful, reactions: last.reactions,
      path: [last.id.uuid])
  }

  init(path: [CommentID]) {
    self.init(mark: 0, helpful: 0, reactions: 0, path: path.map(\.uuid))
  }

  private init(mark: UInt8, helpful: Int64, reactions: Int64, path: [UUID]) {
    self.mark = mark
    self.helpful = helpful
    self.reactions = reactions
    self.path = path
  }

  private static func mark(_ sort: ReadThread.Sort?) -> UInt8 {
    switch sort {
    case nil: 0
    case .new: 1
    case .old: 2
    case .helpful: 3
    }
  }

  /// - Parameter sort: nil for a page of replies.
  /// - Returns: nil for a text that no such page has handed out.
  public init?(_ text: String, sort: ReadThread.Sort?) {
    guard let bytes = Base64URL.decode(text.utf8), (34...98).contains(bytes.count),
      bytes[0] == Self.version, bytes[1] == Self.mark(sort), (bytes.count - 18) % 16 == 0
    else { return nil }
    let path = stride(from: 18, to: bytes.count, by: 16).compactMap {
      UUID(bytes: bytes[$0..<$0 + 16])
    }
    func number(_ range: Range<Int>) -> Int64 {
      Int64(bitPattern: bytes[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
    guard !path.isEmpty, sort == nil || path.count == 1 else { return nil }
    self.init(mark: bytes[1], helpful: number(2..<10), reactions: number(10..<18), path: path)
  }

  public var text: String {
    func bytes(_ number: Int64) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64(56 - 8 * $0)) }
    }
    return Base64URL.encode(
      [Self.version, mark] + bytes(helpful) + bytes(reactions) + path.flatMap(\.bytes))
  }
}
