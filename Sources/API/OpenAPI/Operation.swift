import HTTPServer
import JSON

/// One request that the API takes, as its OpenAPI document describes it.
///
/// What follows from the route's policy (security, 401 and 403) and from its path (parameters, 404)
/// is not written here; `OpenAPI` adds it.
public struct Operation: Sendable {
  let method: Method
  /// With parameters in braces, `/v1/ideas/{idea_id}/gates`; each is one of `pathParameters`.
  let path: String
  /// The name of the operation for clients that are made from the document; unique.
  let id: String
  /// One line, without a full stop.
  let summary: String
  let detail: String?
  let query: [Parameter]
  let body: Body?
  /// The answers that say yes.
  let answers: [Answer]
  /// Named noes, by status and the last part of the problem's type.
  let problems: [(status: Int, name: String)]

  init(
    _ method: Method, _ path: String, _ id: String, _ summary: String, detail: String? = nil,
    query: [Parameter] = [], body: Body? = nil, answers: [Answer],
    problems: [(status: Int, name: String)] = []
  ) {
    self.method = method
    self.path = path
    self.id = id
    self.summary = summary
    self.detail = detail
    self.query = query
    self.body = body
    self.answers = answers
    self.problems = problems
  }

  /// A parameter of the query.
  struct Parameter: Sendable {
    let name: String
    let shape: Shape
    let about: String
    var isRequired = false

    init(_ name: String, _ shape: Shape, _ about: String, required: Bool = false) {
      self.name = name
      self.shape = shape
      self.about = about
      isRequired = required
    }

    static let limit = Parameter("limit", .whole(1...100), "How many on a page; 20 unless given")
    static let cursor = Parameter("cursor", .text, "The `next_cursor` of the page before")
    /// What lists that are read page by page take.
    static let paging = [limit, cursor]
  }

  enum Body: Sendable {
    case json(Shape)
    /// A JSON body that may be left out.
    case optionalJSON(Shape)
    /// Bytes of one of these media types.
    case bytes([String])
  }

  enum Answer: Sendable {
    case json(Int, String, Shape)
    /// Status and description; no body.
    case empty(Int, String)
    /// Bytes or a stream of a media type.
    case bytes(Int, String, type: String)
    /// Bytes or a stream of one of several media types.
    case files(Int, String, types: [String])
  }
}
