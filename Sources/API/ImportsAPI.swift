import Coinvent
import HTTPServer
import JSON

/// Taking over ideas from elsewhere.
enum ImportsRoute: FeatureRoute {
  case ideas

  static func at(_ path: Path) -> [(method: Method, route: ImportsRoute)] {
    path.count == 2 && path[0] == "imports" && path[1] == "ideas" ? [(.post, .ideas)] : []
  }

  /// It makes members, which is an admin's to do.
  var policy: Policy { .members(.admin, .curation) }

  func answer(_ call: Call) async throws -> Response { try await ImportsAPI.ideas(call) }

  static let operations = [
    Operation(
      .post, "/v1/imports/ideas", "importIdeas", "Take over the ideas of a CSV file",
      detail: """
        At most 4 MiB. All or nothing, unless `skip_bad` is true; an idea that is there already is \
        repeated, so the same file may be sent again. Authors who are no members become members \
        who cannot sign in.
        """,
      query: [
        .init("source", .length(1...64), "Where the ideas come from", required: true),
        .init("dry_run", .words(["true", "false"]), "Report, and keep nothing"),
        .init("skip_bad", .words(["true", "false"]), "Keep the good rows"),
        .init("author", .text, "A member whose all ideas are, by handle or id"),
      ],
      body: .bytes(["text/csv"]),
      answers: [.json(200, "What became of the rows", .named("ImportReport"))],
      problems: [(415, "not-csv"), (422, "import-refused")])
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "ImportReport",
      .object([
        .required("kept", .flag), .required("made", .count), .required("repeated", .count),
        .required("members", .count, "Members that were made"),
        .required(
          "faults",
          .list(
            .object([
              .required("place", .text), .required("column", .text), .required("detail", .text),
            ]))),
      ])
    )
  ]
}

/// `POST /v1/imports/ideas`.
enum ImportsAPI {
  static func ideas(_ call: Call) async throws -> Response {
    let type = call.request.headers["Content-Type"] ?? ""
    guard type.lowercased().hasPrefix("text/csv") else {
      throw Problem(
        415, "not-csv", "Unsupported media type", "Send CSV, with Content-Type: text/csv.")
    }
    let report: ImportIdeas.Report
    do {
      report = try await ImportIdeas.run(
        csv: call.request.body, try await options(call), in: call.pool)
    } catch let error as CSVError {
      throw Problem.malformed("The body is no CSV: \(error.problem).")
    }
    let wanted = call.request.query["dry_run"] == "true"
    if !report.isKept && !wanted { throw refusal(report) }
    return Response.json(
      JSONWriter.object {
        $0.field("kept", report.isKept)
        $0.field("made", report.made)
        $0.field("repeated", report.repeated)
        $0.field("members", report.members)
        $0.array("faults", report.faults) { writer, fault in
          writer.object {
            $0.field("place", fault.place)
            $0.field("column", fault.column)
            $0.field("detail", fault.message)
          }
        }
      })
  }

  private static func options(_ call: Call) async throws -> ImportIdeas.Options {
    let query = call.request.query
    let source = query["source"] ?? ""
    var invalid = Invalid()
    if !(1...64).contains(source.unicodeScalars.count) {
      invalid.add("/source", "must say in 1 to 64 characters where the ideas come from")
    }
    for name in ["dry_run", "skip_bad"] {
      if let word = query[name], word != "true" && word != "false" {
        invalid.add("/\(name)", "must be true or false")
      }
    }
    var author: MemberID?
    if let text = query["author"] {
      author = try await FindMember.by(handleOrID: text, in: call.pool)?.id
      if author == nil { invalid.add("/author", "is no member's handle or id") }
    }
    if !invalid.isEmpty { throw invalid }
    return ImportIdeas.Options(
      source: source, dryRun: query["dry_run"] == "true", skipBad: query["skip_bad"] == "true",
      author: author, importer: call.member.member)
  }

  private static func refusal(_ report: ImportIdeas.Report) -> Problem {
    var problem = Problem(
      422, "import-refused", "Nothing was imported",
      "\(report.faults.count) places of the file are not right; see errors. Mend them, or send "
        + "skip_bad=true.")
    for fault in report.faults.prefix(100) {
      problem = problem.at("/\(fault.place)/\(fault.column)", fault.message)
    }
    return problem
  }
}
