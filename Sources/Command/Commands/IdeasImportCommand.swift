import Coinvent
import JSON
import Postgres

/// `coinvent ideas import FILE.csv`
enum IdeasImportCommand: Command {
  static let file = Argument(
    "FILE", "A CSV file; its first row names the columns.", completes: .file)
  static let source = Option.value("source", "NAME", "Where the ideas come from.", required: true)

  static let spec = CommandSpec(
    "ideas import", summary: "Take over the ideas of a CSV file.",
    examples: [
      Example("coinvent ideas import box.csv --source box --dry-run", "Only look."),
      Example("coinvent ideas import box.csv --source box", "Again changes nothing."),
    ],
    arguments: [file], options: [source] + ImportReport.options,
    notes: [
      "Columns: external_id, title, pitch, problem, solution, category, and author unless --author "
        + "is given; tags, opened_at and state may be left out.",
      ImportReport.note,
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let options = try await ImportReport.settings(context, source: context[source] ?? "", pool)
      let report = try await ImportIdeas.run(csv: context.argument(file), options, in: pool)
      return ImportReport.show(report, context)
    }
  }
}

/// `coinvent import fider PATH`
enum ImportFiderCommand: Command {
  static let path = Argument(
    "PATH", "Fider's backup.zip, its unpacked folder, or the CSV of posts.", completes: .file)
  static let category = Option.value(
    "category", "NAME", "The category of the ideas; Fider has none.", standard: "imported")

  static let spec = CommandSpec(
    "import fider", summary: "Take over what was in Fider.",
    examples: [
      Example("coinvent import fider backup.zip", "Everything."),
      Example("coinvent import fider posts.csv --author ada --dry-run", "Posts only; just look."),
    ],
    arguments: [path], options: [category] + ImportReport.options,
    notes: [
      "A backup holds posts.json, users.json, post_votes.json, comments.json, tags.json, "
        + "post_tags.json, attachments.json and blobs/. Votes keep their moments; nobody's vote "
        + "for an own idea counts. A ZIP file has at most 100000 entries of 256 MiB, 4 GiB in "
        + "all, and unpacks to at most 100 times its size.",
      "Pictures are read by coinvent-image, beside this program. What is not taken over, such as "
        + "files that are no pictures, is listed and keeps nothing out.",
      "Started, planned and completed posts are in review here, declined ones declined, "
        + "duplicates withdrawn, each with its reason; deleted ones stay behind.",
      ImportReport.note,
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let path = context.argument(path)
    let category = context[category] ?? "imported"
    return try await context.withPool { pool in
      var options = try await ImportReport.settings(context, source: "fider", pool)
      let report: ImportIdeas.Report
      if path.hasSuffix(".csv") {
        guard let author = options.author else {
          throw Failure.usage(
            "Fider's CSV has no addresses: say with --author whose ideas they are.")
        }
        report = try await ImportIdeas.run(
          fiderPosts: path, options, author: author, category: category, in: pool)
      } else {
        let images = ImageProgram(threads: 1)
        defer { images.stop() }
        options.images = images
        report = try await ImportIdeas.run(
          fider: FiderFiles(path: path), options, category: category, in: pool)
      }
      return ImportReport.show(report, context)
    }
  }
}

/// What commands that import have in common.
enum ImportReport {
  static let dryRun = Option.flag("dry-run", "Report what would become of each; keep nothing.")
  static let skipBad = Option.flag("skip-bad", "Keep the good ones, and list the others.")
  static let author = Option.value("author", "MEMBER", "Whose all ideas are, by handle or id.")
  static let options = [dryRun, skipBad, author]

  static let note =
    "All or nothing, unless --skip-bad is given. Authors who are no members become members who "
    + "cannot sign in; when it is certain whose address it is, give them a token (coinvent tokens "
    + "create). Exit codes: 0 all is in, 7 some were skipped, 1 nothing was kept."

  static func settings(_ context: Context, source: String, _ pool: Pool) async throws
    -> ImportIdeas.Options
  {
    guard (1...64).contains(source.unicodeScalars.count) else {
      throw Failure.usage("--source names where the ideas come from, in 1 to 64 characters.")
    }
    var member: MemberID?
    if let text = context[author] {
      member = try await FindMember.by(handleOrID: text, in: pool)?.id
      if member == nil { throw Failure.usage("--author: there is no member “\(text)”.") }
    }
    return ImportIdeas.Options(
      source: source, dryRun: context.has(dryRun), skipBad: context.has(skipBad), author: member)
  }

  static func show(_ report: ImportIdeas.Report, _ context: Context) -> ExitCode {
    let output = context.output
    let would = report.isKept ? "" : " (nothing was kept)"
    output.say(
      "\(report.made) made, \(report.repeated) repeated, \(report.faults.count) not right; "
        + "\(report.members) members, \(report.votes) votes, \(report.comments) comments, "
        + "\(report.pictures) pictures\(would)")
    for fault in report.faults {
      output.say("  \(fault.place), \(fault.column): \(fault.message)")
    }
    for left in report.left { output.say("  left: \(left.place): \(left.message)") }
    func json(_ faults: [ImportFault]) -> JSON {
      .array(
        faults.map {
          [
            "place": .string($0.place), "column": .string($0.column),
            "detail": .string($0.message),
          ]
        })
    }
    output.json([
      "kept": .bool(report.isKept), "made": .int(Int64(report.made)),
      "repeated": .int(Int64(report.repeated)), "members": .int(Int64(report.members)),
      "votes": .int(Int64(report.votes)), "comments": .int(Int64(report.comments)),
      "pictures": .int(Int64(report.pictures)), "faults": json(report.faults),
      "left": json(report.left),
    ])
    if report.faults.isEmpty { return .ok }
    return report.isKept ? .partial : .error
  }
}
