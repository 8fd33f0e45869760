import Coinvent
import HTTPServer

/// What is said in projects. A project's thread is one of its idea's: single comments, and what
/// becomes of them, are found at `/v1/comments`.
enum ProjectCommentsRoute: FeatureRoute {
  case list(ProductID, ProjectID), post(ProductID, ProjectID)
  case lock(ProductID, ProjectID), unlock(ProductID, ProjectID)

  static func at(_ path: Path) -> [(method: Method, route: ProjectCommentsRoute)] {
    guard path[0] == "products", path[2] == "projects", path[4] == "comments",
      let product = ProductID(path[1] ?? ""), let project = ProjectID(path[3] ?? "")
    else { return [] }
    switch (path[5], path.count) {
    case (nil, _): return [(.get, .list(product, project)), (.post, .post(product, project))]
    case ("lock", 6):
      return [(.put, .lock(product, project)), (.delete, .unlock(product, project))]
    default: return []
    }
  }

  var policy: Policy {
    switch self {
    case .list: .everybody
    case .post: .members(.member, .comments)
    case .lock, .unlock: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list(let product, let project):
      _ = try await ProjectsAPI.readable(project, product, call)
      return try await CommentsAPI.list(IdeaID(uuid: product.uuid), in: project, call)
    case .post(let product, let project):
      return try await CommentsAPI.post(IdeaID(uuid: product.uuid), in: project, call)
    case .lock(let product, let project):
      return try await CurateCommentsAPI.lock(IdeaID(uuid: product.uuid), in: project, true, call)
    case .unlock(let product, let project):
      return try await CurateCommentsAPI.lock(IdeaID(uuid: product.uuid), in: project, false, call)
    }
  }

  private static let path = "/v1/products/{product_id}/projects/{project_id}/comments"

  static let operations = [
    Operation(
      .get, path, "listProjectComments", "What is said in a project",
      query: CommentOperations.threadQuery, answers: [CommentOperations.thread]),
    Operation(
      .post, path, "postProjectComment", "Comment on a project, or reply",
      detail: "Helpful comments of a project earn nothing in the slice of the idea's discussion.",
      body: .json(
        .object([
          CommentOperations.text,
          .optional("parent", .id(CommentID.self), "The comment that is answered"),
          .optional("official", .flag, "An official answer; for curators"),
        ])),
      answers: [.json(201, "The comment", .named("Comment"))],
      problems: [(409, "idea-closed"), (409, "conversation-locked")]),
    Operation(
      .put, path + "/lock", "lockProjectConversation",
      "Leave the conversation of a project to curators", body: .json(CommentOperations.reason),
      answers: [CommentOperations.lock]),
    Operation(
      .delete, path + "/lock", "unlockProjectConversation",
      "Open the conversation of a project again", query: [CommentOperations.reasonQuery],
      answers: [CommentOperations.lock]),
  ]
}
