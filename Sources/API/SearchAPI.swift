import Coinvent
import HTTPServer
import JSON

/// `GET /v1/ideas/search` and `GET /v1/ideas/similar`.
enum SearchAPI {
  static func search(_ call: Call) async throws -> Response {
    let query = call.request.query
    let words = query["q"] ?? ""
    var invalid = Invalid()
    if let fault = SearchIdeas.fault(words) { invalid.add("/q", fault) }
    var state = Idea.State.open
    if let text = query["state"] {
      if let known = Idea.State(rawValue: text), !known.isHidden {
        state = known
      } else {
        invalid.add("/state", "must be a state that everybody may read")
      }
    }
    var limit = 20
    if let text = query["limit"] {
      if let number = Int(text), (1...50).contains(number) {
        limit = number
      } else {
        invalid.add("/limit", "must be a whole number from 1 to 50")
      }
    }
    if !invalid.isEmpty { throw invalid }
    let found = try await SearchIdeas.run(words, state: state, limit: limit, in: call.pool)
    return Response.json(
      JSONWriter.object(reserving: 1024 * (found.hits.count + 1)) {
        $0.array("results", found.hits) { writer, hit in writer.object { write(hit, &$0) } }
        $0.field("guessed", found.isGuess)
      }
    ).tagged(for: call.request)
  }

  private static func write(_ hit: SearchIdeas.Hit, _ writer: inout JSONWriter) {
    writer.object("idea") { IdeasAPI.write(hit.idea, &$0) }
    writer.field("score", hit.score)
    writer.array("title", hit.title) { writer, piece in writer.object { write(piece, &$0) } }
    writer.array("pitch", hit.excerpt) { writer, piece in writer.object { write(piece, &$0) } }
  }

  private static func write(_ piece: SearchIdeas.Piece, _ writer: inout JSONWriter) {
    writer.field("text", piece.text)
    writer.field("match", piece.isMatch)
  }

  static func similar(_ call: Call) async throws -> Response {
    let title = call.request.query["title"] ?? ""
    guard title.unicodeScalars.count <= 100 else {
      throw Invalid("/title", "must have at most 100 characters")
    }
    let matches = try await SimilarIdeas.run(title, in: call.pool)
    return .json(JSONWriter.object { write(matches, &$0) })
  }

  static func write(_ matches: [SimilarIdeas.Match], _ writer: inout JSONWriter) {
    writer.array("similar", matches) { writer, match in
      writer.object {
        $0.field("id", match.id)
        $0.field("title", match.title)
        $0.field("state", match.state.rawValue)
        $0.field("votes", match.votes)
        $0.field("score", match.score)
      }
    }
  }
}
