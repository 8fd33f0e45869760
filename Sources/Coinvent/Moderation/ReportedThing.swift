import Postgres

/// What can be reported.
public enum ReportedThing: Hashable, Sendable, CustomStringConvertible {
  case idea(IdeaID)
  case member(MemberID)
  case comment(CommentID)

  public enum Kind: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case idea, member, comment
  }

  init(_ kind: Kind, _ uuid: UUID) {
    switch kind {
    case .idea: self = .idea(IdeaID(uuid: uuid))
    case .member: self = .member(MemberID(uuid: uuid))
    case .comment: self = .comment(CommentID(uuid: uuid))
    }
  }

  public var kind: Kind {
    switch self {
    case .idea: .idea
    case .member: .member
    case .comment: .comment
    }
  }

  var uuid: UUID {
    switch self {
    case .idea(let id): id.uuid
    case .member(let id): id.uuid
    case .comment(let id): id.uuid
    }
  }

  /// Its TypeID.
  public var description: String {
    switch self {
    case .idea(let id): id.description
    case .member(let id): id.description
    case .comment(let id): id.description
    }
  }

  /// Who answers for it, and the idea that it belongs to; nil when there is nothing to be seen.
  func about(in tx: Transaction) async throws -> (member: MemberID, idea: IdeaID?)? {
    switch self {
    case .idea(let id):
      let author = try await tx.first(
        """
        SELECT author_id FROM ideas
        WHERE id = \(id.uuid) AND state NOT IN ('draft', 'removed')
        """, as: UUID.self)
      return author.map { (MemberID(uuid: $0), id) }
    case .member(let id):
      return try await FindMember.by(id: id, in: tx).map { ($0.id, nil) }
    case .comment(let id):
      guard let comment = try await Comment.find(id, in: tx), comment.state == .visible else {
        return nil
      }
      return (comment.author, comment.idea)
    }
  }
}
