import Postgres

/// Takes over ideas from elsewhere: all of them in one transaction, or none.
public enum ImportIdeas {
  public struct Options: Sendable {
    /// Where they come from: half of each idea's key.
    public var source: String
    /// Report what would become of each, and keep nothing.
    public var dryRun: Bool
    /// Keep the good ones and report the others.
    public var skipBad: Bool
    /// Whose the ideas are, whatever they say themselves.
    public var author: MemberID?
    /// Who imports; nil on the command line.
    public var importer: MemberID?
    /// What reads pictures; without it they are left.
    public var images: ImageProgram?

    public init(
      source: String, dryRun: Bool = false, skipBad: Bool = false, author: MemberID? = nil,
      importer: MemberID? = nil, images: ImageProgram? = nil
    ) {
      self.source = source
      self.dryRun = dryRun
      self.skipBad = skipBad
      self.author = author
      self.importer = importer
      self.images = images
    }
  }

  public struct Report: Sendable {
    public var made = 0
    public var repeated = 0
    public var members = 0
    public var votes = 0
    public var comments = 0
    public var pictures = 0
    public var faults: [ImportFault] = []
    /// What is not taken over although all else is.
    public var left: [ImportFault] = []
    /// False for a dry run, and when there were faults and none were to be skipped.
    public var isKept = false

    public init() {}
  }

  /// Reads on; nil at the end. An item is an idea, or what is wrong with it.
  typealias Source = () throws -> Result<ImportedIdea, Invalid>?

  private struct NotKept: Error { let report: Report }

  static func run(
    _ options: Options, at now: Timestamp = .now, in pool: Pool,
    from open: @Sendable () throws -> Source
  ) async throws -> Report {
    do {
      return try await pool.transaction { tx in
        let next = try open()
        var report = Report()
        var people = People(now: now)
        while let item = try next() {
          switch item {
          case .failure(let wrong): report.add(wrong)
          case .success(let idea):
            try await take(idea, options, &people, &report, at: now, in: tx)
          }
        }
        report.members = people.made
        report.isKept = !options.dryRun && (options.skipBad || report.faults.isEmpty)
        if !report.isKept { throw NotKept(report: report) }
        return report
      }
    } catch let undone as NotKept {
      return undone.report
    }
  }

  private static func take(
    _ idea: ImportedIdea, _ options: Options, _ people: inout People, _ report: inout Report,
    at now: Timestamp, in tx: Transaction
  ) async throws {
    func refuse(_ column: String, _ message: String) {
      report.faults.append(ImportFault(place: idea.place, column: column, message: message))
    }
    let faults = idea.draft.faults(in: .open)
    guard faults.isEmpty else {
      for fault in faults { refuse(String(fault.pointer.dropFirst()), fault.message) }
      return
    }
    let known = try await tx.first(
      """
      SELECT idea_id, sha256 FROM imported_ideas
      WHERE source = \(options.source) AND external_id = \(idea.externalID)
      """, as: (UUID, [UInt8]).self)
    if let (_, hash) = known {
      if hash == idea.hash {
        report.repeated += 1
      } else {
        refuse(
          "external_id", "was imported before with other content; edit the idea, or rename this")
      }
      return
    }
    guard let author = try await people.find(idea.author, in: tx) else {
      return refuse("author", "is no member; give an e-mail address, or import with --author")
    }
    let id = try await make(idea, by: author, options, &report, at: now, in: tx)
    report.made += 1
    report.left += idea.left.map {
      ImportFault(place: idea.place, column: "attachments", message: $0)
    }
    try await addVotes(idea, id, &people, &report, in: tx)
    try await addComments(idea, id, &people, &report, in: tx)
    try await finish(idea, id, options, at: now, in: tx)
  }

  /// Terms and fees are for submissions here; what was submitted elsewhere is only taken over.
  private static func make(
    _ idea: ImportedIdea, by author: MemberID, _ options: Options, _ report: inout Report,
    at now: Timestamp, in tx: Transaction
  ) async throws -> IdeaID {
    let openedAt = idea.openedAt ?? now
    let id = IdeaID.new(at: openedAt)
    _ = try await SubmitIdea.run(
      idea.draft, by: author, as: .draft, id: id, at: openedAt, in: tx)
    try await TakePictures(program: options.images, place: idea.place, now: now)
      .run(idea.pictures, of: id, by: author, &report, in: tx)
    _ = try await MoveIdea.run(
      id, to: .open, reason: "Imported from \(options.source).", by: options.importer,
      at: openedAt, in: tx)
    try await tx.execute(
      """
      INSERT INTO imported_ideas (source, external_id, idea_id, sha256, imported_by, imported_at)
      VALUES (\(options.source), \(idea.externalID), \(id.uuid), \(idea.hash),
              \(options.importer?.uuid), \(now))
      """)
    return id
  }

  private static func addVotes(
    _ idea: ImportedIdea, _ id: IdeaID, _ people: inout People, _ report: inout Report,
    in tx: Transaction
  ) async throws {
    for vote in idea.votes {
      guard let voter = try await people.find(vote.voter, in: tx) else { continue }
      let wish = CastVotes.Wish(idea: id, member: voter, voted: true)
      let answer = try await CastVotes.run([wish], at: vote.castAt, in: tx)[0]
      switch answer.outcome {
      case .done: report.votes += 1
      // Elsewhere authors may vote for what is theirs; here they do not.
      case .ownIdea, .unknownIdea, .closedIdea, .badToken, .missingScope, .noBudget: break
      }
    }
  }

  private static func addComments(
    _ idea: ImportedIdea, _ id: IdeaID, _ people: inout People, _ report: inout Report,
    in tx: Transaction
  ) async throws {
    for comment in idea.comments {
      guard let author = try await people.find(comment.author, in: tx) else { continue }
      do {
        let outcome = try await PostComment.run(
          comment.text, on: id, by: author, at: comment.postedAt, in: tx)
        if case .posted = outcome { report.comments += 1 }
      } catch let wrong as Invalid {
        for fault in wrong.fields {
          report.faults.append(
            ImportFault(place: idea.place, column: "comments", message: fault.message))
        }
      }
    }
  }

  private static func finish(
    _ idea: ImportedIdea, _ id: IdeaID, _ options: Options, at now: Timestamp, in tx: Transaction
  ) async throws {
    if idea.state != .open {
      _ = try await MoveIdea.run(
        id, to: idea.state, reason: idea.reason ?? "So it was in \(options.source).",
        by: options.importer, at: idea.changedAt ?? now, in: tx)
    }
    // Its time at the gate begins here: it never had the chance to meet a deadline before.
    try await tx.execute(
      """
      UPDATE idea_gates SET began_at = \(now), deadline = deadline + (\(now) - began_at)
      WHERE idea_id = \(id.uuid) AND outcome IS NULL
      """)
    // Nobody is told about what happened elsewhere, least of all by mail.
    try await tx.execute("DELETE FROM notice_work WHERE idea_id = \(id.uuid)")
  }
}

extension ImportIdeas.Report {
  mutating func add(_ wrong: Invalid) {
    for fault in wrong.fields {
      let parts = fault.pointer.split(separator: "/").map(String.init)
      faults.append(
        ImportFault(
          place: parts.first ?? "", column: parts.dropFirst().joined(separator: "/"),
          message: fault.message))
    }
  }
}
