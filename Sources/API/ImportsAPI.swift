import Coinvent
import HTTPServer
import JSON

/// Taking over ideas from elsewhere.
enum ImportsRoute: FeatureRoute {
  case ideas, fider

  static func at(_ path: Path) -> [(method: Method, route: ImportsRoute)] {
    switch (path[0], path[1], path[2]) {
    case ("imports", "ideas", nil): [(.post, .ideas)]
    case ("imports", "fider", nil): [(.post, .fider)]
    default: []
    }
  }

  /// It makes members, which is an admin's to do.
  var policy: Policy { .members(.admin, .curation) }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .ideas: try await ImportsAPI.ideas(call)
    case .fider: try await ImportsAPI.fider(call)
    }
  }

  static let operations = [
    Operation(
      .post, "/v1/imports/ideas", "importIdeas", "Take over the ideas of a CSV file",
      detail: """
        At most 4 MiB. All or nothing, unless `skip_bad` is true; an idea that is there already is \
        repeated, so the same file may be sent again. Authors who are no members become members \
        who cannot sign in.
        """,
      query: [.init("source", .length(1...64), "Where the ideas come from", required: true)]
        + choices,
      body: .bytes(["text/csv"]),
      answers: [.json(200, "What became of the rows", .named("ImportReport"))],
      problems: [(415, "not-csv"), (422, "import-refused")]),
    Operation(
      .post, "/v1/imports/fider", "importFider", "Take over what was in Fider",
      detail: """
        Its backup, a ZIP file, or its CSV of posts, which needs `author`. At most 4 MiB; \
        `coinvent import fider` takes more. Otherwise as importing ideas. What is not taken over, \
        such as attachments that are no pictures, is listed as `left`.
        """,
      query: [.init("category", .text, "Of the ideas; `imported` unless given")] + choices,
      body: .bytes(["application/zip", "text/csv"]),
      answers: [.json(200, "What became of the posts", .named("ImportReport"))],
      problems: [(415, "not-fider"), (422, "import-refused")]),
  ]

  private static let choices: [Operation.Parameter] = [
    .init("dry_run", .words(["true", "false"]), "Report, and keep nothing"),
    .init("skip_bad", .words(["true", "false"]), "Keep the good rows"),
    .init("author", .text, "A member whose all ideas are, by handle or id"),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "ImportReport",
      .object([
        .required("kept", .flag), .required("made", .count), .required("repeated", .count),
        .required("members", .count, "Members that were made"),
        .required("votes", .count), .required("comments", .count), .required("pictures", .count),
        .required("faults", .list(fault)),
        .required("left", .list(fault), "What is not taken over although all else is"),
      ])
    )
  ]

  private static let fault = Shape.object([
    .required("place", .text), .required("column", .text), .required("detail", .text),
  ])
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
        csv: call.request.body, try await options(call, source: call.request.query["source"]),
        in: call.pool)
    } catch let error as CSVError {
      throw Problem.malformed("The body is no CSV: \(error.problem).")
    }
    return try answer(report, call)
  }

  static func fider(_ call: Call) async throws -> Response {
    let type = (call.request.headers["Content-Type"] ?? "").lowercased()
    let category = call.request.query["category"] ?? "imported"
    var options = try await options(call, source: "fider")
    options.images = call.application.images
    let report: ImportIdeas.Report
    do {
      if type.hasPrefix("application/zip") {
        let files = FiderFiles.zip(try ZipArchive(bytes: call.request.body))
        report = try await ImportIdeas.run(fider: files, options, category: category, in: call.pool)
      } else if type.hasPrefix("text/csv") {
        guard let author = options.author else {
          throw Invalid("/author", "must say whose ideas they are: the CSV has no addresses")
        }
        report = try await ImportIdeas.run(
          fiderPosts: call.request.body, options, author: author, category: category,
          in: call.pool)
      } else {
        throw Problem(
          415, "not-fider", "Unsupported media type",
          "Send Fider's backup as application/zip, or its posts as text/csv.")
      }
    } catch let refusal as ZipArchive.Refusal {
      throw Problem.malformed("The body is not taken. \(refusal)")
    } catch let error as CSVError {
      throw Problem.malformed("The body is no CSV: \(error.problem).")
    }
    return try answer(report, call)
  }

  private static func answer(_ report: ImportIdeas.Report, _ call: Call) throws -> Response {
    let wanted = call.request.query["dry_run"] == "true"
    if !report.isKept && !wanted { throw refusal(report) }
    return Response.json(
      JSONWriter.object {
        $0.field("kept", report.isKept)
        $0.field("made", report.made)
        $0.field("repeated", report.repeated)
        $0.field("members", report.members)
        $0.field("votes", Int64(report.votes))
        $0.field("comments", Int64(report.comments))
        $0.field("pictures", Int64(report.pictures))
        $0.array("faults", report.faults) { write($1, &$0) }
        $0.array("left", report.left) { write($1, &$0) }
      })
  }

  private static func write(_ fault: ImportFault, _ writer: inout JSONWriter) {
    writer.object {
      $0.field("place", fault.place)
      $0.field("column", fault.column)
      $0.field("detail", fault.message)
    }
  }

  private static func options(_ call: Call, source: String?) async throws -> ImportIdeas.Options {
    let query = call.request.query
    let source = source ?? ""
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
