import Postgres

/// Adds the pictures of an imported idea. One that is not taken is told and keeps nothing out: the
/// idea is whole without it.
struct TakePictures {
  /// Nil: there is no program that reads them.
  let program: ImageProgram?
  let place: String
  let now: Timestamp

  func run(
    _ pictures: [ImportedIdea.Picture], of idea: IdeaID, by author: MemberID,
    _ report: inout ImportIdeas.Report, in tx: Transaction
  ) async throws {
    for picture in pictures {
      if let why = try await add(picture, idea, author, in: tx) {
        report.left.append(
          ImportFault(place: place, column: "attachments", message: "\(picture.name) \(why)"))
      } else {
        report.pictures += 1
      }
    }
  }

  /// - Returns: why it is not taken.
  private func add(
    _ picture: ImportedIdea.Picture, _ idea: IdeaID, _ author: MemberID, in tx: Transaction
  ) async throws -> String? {
    guard let bytes = try picture.read() else { return "is not in the backup" }
    guard let program, program.isThere else { return "is left: coinvent-image is not there" }
    switch try await program.read(bytes) {
    case .refused(let refusal): return "is left: \(refusal.rawValue)"
    case .read(let read):
      let outcome = try await AddImage.run(
        read, sha256: Digest.sha256(bytes), description: nil, idea: idea, by: author, at: now,
        in: tx)
      switch outcome {
      case .added, .alreadyThere: return nil
      case .full: return "is left: an idea has at most \(IdeaImage.most) pictures"
      case .refused(let refusal): preconditionFailure("a new draft takes pictures: \(refusal)")
      }
    }
  }
}
