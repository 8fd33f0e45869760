import Coinvent
import HTTPServer

/// What is said about ideas.
enum CommentsRoute: FeatureRoute {
  case list(IdeaID), post(IdeaID), lock(IdeaID), unlock(IdeaID)
  case read(CommentID), edit(CommentID), delete(CommentID)
  case replies(CommentID), versions(CommentID)
  case remove(CommentID), restore(CommentID)
  case makeOfficial(CommentID), makeOrdinary(CommentID)
  case markHelpful(CommentID), unmarkHelpful(CommentID)
  case react(CommentID, Reaction), takeBack(CommentID, Reaction)

  static func at(_ path: Path) -> [(method: Method, route: CommentsRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("ideas", let id?, "comments", nil): with(id) { [(.get, .list($0)), (.post, .post($0))] }
    case ("ideas", let id?, "comments", "lock") where path.count == 4:
      with(id) { [(.put, .lock($0)), (.delete, .unlock($0))] }
    case ("comments", let id?, nil, nil):
      with(id) { [(.get, .read($0)), (.patch, .edit($0)), (.delete, .delete($0))] }
    case ("comments", let id?, "replies", nil): with(id) { [(.get, .replies($0))] }
    case ("comments", let id?, "versions", nil): with(id) { [(.get, .versions($0))] }
    case ("comments", let id?, "removal", nil):
      with(id) { [(.put, .remove($0)), (.delete, .restore($0))] }
    case ("comments", let id?, "official", nil):
      with(id) { [(.put, .makeOfficial($0)), (.delete, .makeOrdinary($0))] }
    case ("comments", let id?, "helpful", nil):
      with(id) { [(.put, .markHelpful($0)), (.delete, .unmarkHelpful($0))] }
    case ("comments", let id?, "reactions", let name?) where path.count == 4:
      Reaction(rawValue: name).map { kind in
        with(id) { [(.put, .react($0, kind)), (.delete, .takeBack($0, kind))] }
      } ?? []
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .read, .replies, .versions: .everybody
    case .post, .edit, .delete: .members(.member, .comments)
    case .markHelpful, .unmarkHelpful, .react, .takeBack: .members(.member, .comments)
    case .lock, .unlock, .remove, .restore, .makeOfficial, .makeOrdinary:
      .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list(let id): try await CommentsAPI.list(id, call)
    case .post(let id): try await CommentsAPI.post(id, call)
    case .lock(let id): try await CurateCommentsAPI.lock(id, true, call)
    case .unlock(let id): try await CurateCommentsAPI.lock(id, false, call)
    case .read(let id): try await CommentsAPI.read(id, call)
    case .edit(let id): try await CommentsAPI.edit(id, call)
    case .delete(let id): try await CommentsAPI.delete(id, call)
    case .replies(let id): try await CommentsAPI.replies(id, call)
    case .versions(let id): try await CommentsAPI.versions(id, call)
    case .remove(let id): try await CurateCommentsAPI.remove(id, true, call)
    case .restore(let id): try await CurateCommentsAPI.remove(id, false, call)
    case .makeOfficial(let id): try await CurateCommentsAPI.official(id, true, call)
    case .makeOrdinary(let id): try await CurateCommentsAPI.official(id, false, call)
    case .markHelpful(let id): try await ReactionsAPI.mark(id, true, call)
    case .unmarkHelpful(let id): try await ReactionsAPI.mark(id, false, call)
    case .react(let id, let kind): try await ReactionsAPI.react(id, kind, true, call)
    case .takeBack(let id, let kind): try await ReactionsAPI.react(id, kind, false, call)
    }
  }

  static let operations =
    CommentOperations.reading + CommentOperations.writing
    + CommentOperations.curating + ReactionOperations.all
  static let schemas = CommentOperations.schemas
}
