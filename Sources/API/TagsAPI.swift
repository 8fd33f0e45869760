import Coinvent
import HTTPServer
import JSON

/// The tags of ideas.
enum TagsRoute: FeatureRoute {
  case list

  static func at(_ path: Path) -> [(method: Method, route: TagsRoute)] {
    switch (path[0], path[1]) {
    case ("tags", nil): [(.get, .list)]
    default: []
    }
  }

  var policy: Policy { .everybody }

  func answer(_ call: Call) async throws -> Response {
    let (limit, last) = try paging(call.request.query)
    let tags = try await ListTags.run(limit: limit + 1, after: last, in: call.pool)
    let shown = tags.prefix(limit)
    return Response.json(
      JSONWriter.object {
        $0.array("tags", shown) { writer, tag in
          writer.object {
            $0.field("tag", tag.tag)
            $0.field("ideas", tag.ideas)
          }
        }
        $0.field("next_cursor", tags.count > limit ? shown.last?.cursor : nil)
      }
    ).tagged(for: call.request)
  }

  private func paging(_ query: QueryItems) throws -> (limit: Int, last: ListTags.Tag?) {
    var invalid = Invalid()
    var limit = 20
    if let text = query["limit"], !text.isEmpty {
      if let number = Int(text), (1...100).contains(number) {
        limit = number
      } else {
        invalid.add("/limit", "must be a whole number from 1 to 100")
      }
    }
    var last: ListTags.Tag?
    if let text = query["cursor"], !text.isEmpty {
      last = ListTags.Tag(cursor: text)
      if last == nil { invalid.add("/cursor", "is none that this list has given") }
    }
    if !invalid.isEmpty { throw invalid }
    return (limit, last)
  }

  static let operations = [
    Operation(
      .get, "/v1/tags", "listTags", "The tags in use, those of most ideas first",
      detail: "Only ideas that everybody may read are counted.",
      query: Operation.Parameter.paging,
      answers: [
        .json(
          200, "A page",
          .page("tags", of: .object([.required("tag", .text), .required("ideas", .count)])))
      ])
  ]
}
