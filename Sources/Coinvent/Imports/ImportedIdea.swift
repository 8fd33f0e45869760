import Postgres

/// An idea from elsewhere, with what was said and voted about it there.
struct ImportedIdea: Sendable {
  /// Who it is from.
  enum Person: Hashable, Sendable {
    /// Found by the address, or made a member who cannot sign in yet.
    case email(String, name: String)
    /// A member that must be there.
    case handle(String)
    case member(MemberID)
  }

  struct Vote: Sendable {
    let voter: Person
    let castAt: Timestamp
  }

  struct Comment: Sendable {
    let author: Person
    let text: String
    let postedAt: Timestamp
  }

  struct Picture: Sendable {
    /// For people.
    let name: String
    /// Its bytes; nil when they are missing.
    let read: @Sendable () throws -> [UInt8]?
  }

  /// Where it stands in its file, for people: `row 7`.
  let place: String
  let externalID: String
  let draft: IdeaDraft
  let author: Person
  /// Nil: when it is imported.
  let openedAt: Timestamp?
  /// Where its life has led, one of `states`.
  let state: Idea.State
  /// Why and when it came to its state, when that is known.
  var reason: String?
  var changedAt: Timestamp?
  var votes: [Vote] = []
  var comments: [Comment] = []
  var pictures: [Picture] = []
  /// What of it is not taken over, for people.
  var left: [String] = []

  /// States an import may give. Accepted ideas become products by a decision, and duplicates by a
  /// merge, which are made here.
  static let states: [Idea.State] = [
    .open, .qualified, .inReview, .inEvaluation, .declined, .expired, .withdrawn,
  ]

  /// What makes it the same when it comes again. Votes, comments and pictures go on and are
  /// left out.
  var hash: [UInt8] {
    let author =
      switch author {
      case .email(let address, _): address.lowercased()
      case .handle(let handle): handle
      case .member(let id): id.description
      }
    let parts = [
      draft.title, draft.pitch, draft.problem, draft.solution, draft.category,
      draft.details.tags.joined(separator: "\u{1}"), author, openedAt?.description ?? "",
      state.rawValue,
    ]
    return Digest.sha256(Array(parts.joined(separator: "\0").utf8))
  }
}

/// What is wrong with one line of an import, and how to mend it.
public struct ImportFault: Sendable {
  public let place: String
  public let column: String
  public let message: String
}
