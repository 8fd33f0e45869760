import JSON
import Postgres

/// Makes a curator's comment an official answer, which is shown first, or no longer.
public enum MarkOfficial {
  public enum Outcome: Sendable {
    case done(Comment)
    case unknown
    /// Its author speaks for nobody but themselves.
    case notCurator
  }

  public static func run(
    _ id: CommentID, official: Bool, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    guard let comment = try await Comment.hold(id, in: tx), comment.state == .visible else {
      return .unknown
    }
    if comment.isOfficial == official { return .done(comment) }
    if official {
      let author = try await FindMember.by(id: comment.author, in: tx)
      guard let author, author.role.includes(.curator) else { return .notCurator }
    }
    try await tx.execute(
      """
      UPDATE comments SET official = \(official)
      WHERE idea_id = \(comment.idea.uuid) AND id = \(id.uuid)
      """)
    try await Audit.record(
      official ? "answer_made_official" : "answer_made_ordinary", on: id.description,
      before: ["official": .bool(!official)], after: ["official": .bool(official)], by: curator,
      at: now, in: tx)
    if official {
      try await Notify.post(
        .officialAnswer, about: comment.idea, subject: id.uuid, detail: comment.text, by: curator,
        to: .followers, at: now, in: tx)
    }
    return try await Comment.find(id, in: tx).map(Outcome.done) ?? .unknown
  }
}
