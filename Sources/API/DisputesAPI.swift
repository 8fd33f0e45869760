import Coinvent
import HTTPServer
import JSON
import Postgres

/// Disputes about proposed shares: `/v1/products/{id}/disputes`.
enum DisputesAPI {
  /// What a curator can answer.
  enum Finding: String, CaseIterable { case upheld, rejected }

  static func list(_ product: ProductID, _ call: Call) async throws -> Response {
    let page = try PageQuery(call.request.query)
    switch try await circle(product, call) {
    case .belongs: break
    case .stranger:
      throw Problem.forbidden(
        "Disputes are for those who hold influence in the product. Your own you read by its id.",
        as: "not-a-holder")
    case .unknownProduct: throw Problem.notFound("such product")
    }
    let found = try await Dispute.all(
      of: product, limit: page.limit, after: page.cursor, in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("disputes", found.disputes) { writer, dispute in
          writer.object { write(dispute, &$0) }
        }
        $0.field("next_cursor", found.next?.text)
      })
  }

  static func read(_ id: DisputeID, of product: ProductID, _ call: Call) async throws -> Response {
    guard let dispute = try await Dispute.find(id, of: product, in: call.pool) else {
      throw Problem.notFound("such dispute")
    }
    if dispute.member != call.member.member {
      switch try await circle(product, call) {
      case .belongs: break
      // Whether there is one is nothing for strangers either.
      case .stranger, .unknownProduct: throw Problem.notFound("such dispute")
      }
    }
    return json(dispute).tagged(for: call.request)
  }

  private static func circle(_ product: ProductID, _ call: Call) async throws
    -> ProductCircle.Outcome
  {
    try await ProductCircle.of(
      product, call.member.member, role: call.member.role, in: call.pool)
  }

  static func open(_ product: ProductID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let version = fields.whole("version", in: 1...2_147_483_647)
    let text = fields.text("text")
    let evidence = fields.texts("evidence")
    try fields.finish(and: OpenDispute.faults(text: text, evidence: evidence))
    return try await call.write { tx in
      let outcome = try await OpenDispute.run(
        product, version: Int(version), text: text, evidence: evidence, by: call.member.member,
        in: tx)
      switch outcome {
      case .opened(let dispute):
        return .created(bytes(dispute), at: "/v1/products/\(product)/disputes/\(dispute.id)")
      case .alreadyOpen(let id):
        throw Problem.conflict("dispute-open", "Your dispute \(id) is not answered yet.")
      case .unknownProduct: throw Problem.notFound("such product")
      case .notProposed(nil):
        throw Problem.conflict("nothing-proposed", "No shares are proposed that could be disputed.")
      case .notProposed(let current?):
        throw Problem.conflict(
          "other-version", "Version \(current) is proposed: read that one, and dispute it.")
      case .windowClosed(let since):
        throw Problem.conflict(
          "dispute-window-closed", "The shares could be disputed until \(since).")
      }
    }
  }

  static func answer(_ id: DisputeID, of product: ProductID, _ call: Call) async throws -> Response
  {
    var fields = try call.fields()
    let finding = fields.choice("outcome", of: Finding.self)
    let reason = fields.text("reason")
    let changes = fields.optionalText("changes")
    if finding == .upheld && changes == nil { fields.note("changes", "is required with upheld") }
    if finding == .rejected && changes != nil { fields.note("changes", "is for upheld only") }
    let answer: EndDispute.Answer =
      finding == .upheld ? .upheld(changes: changes ?? "") : .rejected
    try fields.finish(and: EndDispute.faults(answer, reason: reason))
    return try await call.write { tx in
      try ended(
        await EndDispute.answer(
          id, of: product, answer, reason: reason, by: call.member.member, in: tx),
        notMine: .forbidden("Nobody answers a dispute of their own.", as: "own-dispute"))
    }
  }

  static func withdraw(_ id: DisputeID, of product: ProductID, _ call: Call) async throws
    -> Response
  {
    var fields = try call.fields()
    let reason = fields.text("reason")
    try fields.finish(and: EndDispute.faults(.rejected, reason: reason))
    return try await call.write { tx in
      try ended(
        await EndDispute.withdraw(
          id, of: product, reason: reason, by: call.member.member, in: tx),
        notMine: .notFound("dispute of yours"))
    }
  }

  private static func ended(_ outcome: EndDispute.Outcome, notMine: Problem) throws -> Response {
    switch outcome {
    case .repeated(let dispute), .ended(let dispute): return json(dispute)
    case .alreadyEnded(let end):
      throw Problem.conflict("dispute-ended", "The dispute is \(end.outcome.rawValue) already.")
    case .notForThisMember: throw notMine
    case .unknown: throw Problem.notFound("such dispute")
    }
  }

  static func revoke(_ id: ContributionID, of product: ProductID, _ call: Call) async throws
    -> Response
  {
    var fields = try call.fields()
    let reason = fields.text("reason")
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await RevokeContribution.run(
        id, of: product, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .alreadyRevoked(let event): return .json(revocation(event, of: id, product))
      case .revoked(let event): return .created(revocation(event, of: id, product))
      case .unknownProduct: throw Problem.notFound("such product")
      case .unknownContribution: throw Problem.notFound("such contribution")
      case .isRevocation:
        throw Problem.conflict(
          "is-revocation", "It takes a contribution back itself; record that one again instead.")
      }
    }
  }

  private static func revocation(
    _ event: ContributionID, of id: ContributionID, _ product: ProductID
  ) -> [UInt8] {
    JSONWriter.object {
      $0.field("id", event)
      $0.field("product_id", product)
      $0.field("revokes", id)
    }
  }

  private static func json(_ dispute: Dispute) -> Response { .json(bytes(dispute)) }

  private static func bytes(_ dispute: Dispute) -> [UInt8] {
    JSONWriter.object { write(dispute, &$0) }
  }

  private static func write(_ dispute: Dispute, _ writer: inout JSONWriter) {
    writer.field("id", dispute.id)
    writer.field("product_id", dispute.product)
    writer.field("version", dispute.version)
    writer.field("member_id", dispute.member)
    writer.field("text", dispute.text)
    writer.array("evidence", dispute.evidence) { writer, entry in writer.value(entry) }
    writer.field("state", dispute.state.rawValue)
    writer.field("opened_at", dispute.openedAt)
    guard let end = dispute.end else { return writer.field("end", nil as String?) }
    writer.object("end") {
      $0.field("reason", end.reason)
      $0.field("changes", end.changes)
      $0.field("by", end.by)
      $0.field("at", end.at)
    }
  }
}
