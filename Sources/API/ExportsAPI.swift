import Coinvent
import HTTPServer

/// Everything there is, for curators to take away.
enum ExportsRoute: FeatureRoute {
  case read(Export.Kind)

  static func at(_ path: Path) -> [(method: Method, route: ExportsRoute)] {
    guard path[0] == "exports", path.count == 2, let kind = path[1].flatMap(Export.Kind.init)
    else { return [] }
    return [(.get, .read(kind))]
  }

  var policy: Policy { .members(.curator, .curation) }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .read(let kind): try ExportsAPI.read(kind, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/exports/{records}", "export", "All ideas, votes or comments at one moment",
      detail: """
        The answer is streamed. CSV is RFC 4180 in UTF-8; a text that a spreadsheet would take for \
        a formula has a ' in front, which an import takes away. Voters are keyed hashes that are \
        the same in every export of this community; drafts are left out.
        """,
      query: [
        .init("format", .words(Export.Format.allCases.map(\.rawValue)), "csv unless given")
      ],
      answers: [.files(200, "The records", types: ["text/csv", "application/jsonl"])],
      problems: [(503, "unavailable")])
  ]
}

/// `GET /v1/exports/ideas`, `votes` …
enum ExportsAPI {
  /// Exports at once: each holds a connection of the pool for as long as its client reads.
  private static let most = 2

  static func read(_ kind: Export.Kind, _ call: Call) throws -> Response {
    let name = call.request.query["format"] ?? "csv"
    guard let format = Export.Format(rawValue: name) else {
      throw Invalid("/format", "must be csv or jsonl")
    }
    let running = call.application.exportsRunning
    guard running.withLock({ $0 < most }) else {
      throw Problem.unavailable("\(most) exports are being read already.", retryAfter: 30)
    }
    let pool = call.pool
    let stream = ResponseStream { writer in
      running.withLock { $0 += 1 }
      defer { running.withLock { $0 -= 1 } }
      _ = try await Export.run(kind, as: format, from: pool) { try await writer.write($0) }
    }
    var response = Response(body: .stream(stream))
    response.headers["Content-Type"] =
      format == .csv ? "text/csv; charset=utf-8; header=present" : "application/jsonl"
    response.headers["Content-Disposition"] = "attachment; filename=\"\(kind).\(format)\""
    return response.unstored
  }
}
