import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

enum CommitmentsAPI {
  static func make(_ product: ProductID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let units = fields.whole("units", in: Commitment.units)
    let method = fields.text("method")
    let accepts = fields.json("max_unit_price") == nil ? nil : fields.nanos("max_unit_price")
    let referral = fields.optionalText("referral")
    try fields.finish()
    // The fingerprint is the body, which holds the method; only its hash is kept.
    return try await call.write { tx in
      let action = MakeCommitment(
        product: product, member: call.member.member, units: units, method: method,
        accepts: accepts, referral: referral, now: try await DatabaseClock.now(in: tx))
      switch try await action.run(in: tx) {
      case .made(let commitment):
        return .created(
          bytes(commitment), at: "/v1/products/\(product)/commitments/\(commitment.id)")
      case .none: throw PresaleAPI.noPresale
      case .ended(let presale): throw PresaleAPI.ended(presale)
      case .priceTooHigh(let price):
        throw Problem.conflict("price-too-high", "A unit costs \(price) now.")
      case .unknownReferral: throw Invalid("/referral", "is no code for this product")
      case .ownReferral: throw Invalid("/referral", "is your own: nobody refers themselves")
      case .tooMany: throw Problem.conflict("presale-full", "The presale can count no more units.")
      }
    }
  }

  static func list(of product: ProductID?, _ call: Call) async throws -> Response {
    let query = call.request.query
    var list = ListCommitments(
      member: product == nil ? call.member.member : nil, product: product)
    var invalid = Invalid()
    if let text = query["state"] {
      list.state = CommitmentState(rawValue: text)
      if list.state == nil { invalid.add("/state", "is no state of a commitment") }
    }
    if let text = query["cursor"] {
      list.before = CommitmentID(text)
      if list.before == nil { invalid.add("/cursor", "must be one that this list has given") }
    }
    if let text = query["limit"] {
      if let limit = Int(text), (1...100).contains(limit) {
        list.limit = limit
      } else {
        invalid.add("/limit", "must be a whole number from 1 to 100")
      }
    }
    if !invalid.isEmpty { throw invalid }
    let commitments = try await list.run(in: call.pool)
    let next = commitments.count == list.limit ? commitments.last?.id.description : nil
    return Response.json(
      JSONWriter.object {
        $0.array("commitments", commitments) { writer, commitment in
          writer.object { write(commitment, &$0) }
        }
        $0.field("next_cursor", next)
      }
    ).tagged(for: call.request)
  }

  static func read(_ id: CommitmentID, _ product: ProductID, _ call: Call) async throws -> Response
  {
    guard let commitment = try await Commitment.find(id, of: product, in: call.pool),
      commitment.member == call.member.member || call.member.role.includes(.finance)
    else { throw unknown }
    let events = try await CommitmentEvent.all(of: commitment, in: call.pool)
    return Response.json(bytes(commitment, events)).tagged(for: call.request)
  }

  static func cancel(_ id: CommitmentID, _ product: ProductID, _ call: Call) async throws
    -> Response
  {
    try await call.write { tx in
      let outcome = try await CancelCommitment.run(
        id, of: product, by: call.member.member, at: try await DatabaseClock.now(in: tx), in: tx)
      switch outcome {
      case .repeated(let commitment), .cancelled(let commitment): return .json(bytes(commitment))
      case .unknown: throw unknown
      case .tooLate(let commitment): throw tooLate(commitment)
      }
    }
  }

  static func changeMethod(_ id: CommitmentID, _ product: ProductID, _ call: Call) async throws
    -> Response
  {
    var fields = try call.fields()
    let method = fields.text("method")
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await ChangeMethod.run(
        id, of: product, to: method, by: call.member.member,
        at: try await DatabaseClock.now(in: tx), in: tx)
      switch outcome {
      case .changed(let commitment): return .json(bytes(commitment))
      case .unknown: throw unknown
      case .tooLate(let commitment): throw tooLate(commitment)
      }
    }
  }

  static func settle(_ id: CommitmentID, _ product: ProductID, _ call: Call) async throws
    -> Response
  {
    var fields = try call.fields()
    let outcome = fields.choice("outcome", of: CommitmentOutcome.self)
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let now = try await DatabaseClock.now(in: tx)
      let record = RecordCharge(
        product: product, id: id, charge: nil, answer: answer(outcome, reason),
        reporter: .finance, note: reason, now: now)
      switch try await record.run(in: tx) {
      case .repeated, .moved: break
      case .contradicts(let state):
        throw Problem.conflict("not-possible", "The commitment is \(state.rawValue).")
      case .unknown: throw unknown
      }
      try await Audit.record(
        "commitment_settled", on: "\(id)", reason: reason,
        after: ["outcome": .string(outcome.rawValue)], by: call.member.member, at: now, in: tx)
      guard let commitment = try await Commitment.find(id, of: product, in: tx) else {
        throw unknown
      }
      return .json(bytes(commitment))
    }
  }

  private static func answer(_ outcome: CommitmentOutcome, _ reason: String) -> ChargeAnswer {
    switch outcome {
    case .captured: .captured(providerID: nil)
    case .declined: .declined(why: reason)
    case .refunded: .refunded(providerID: nil)
    }
  }

  private static let unknown = Problem.notFound("such commitment of yours")

  private static func tooLate(_ commitment: Commitment) -> Problem {
    Problem.conflict("too-late", "The commitment is \(commitment.state.rawValue).")
  }

  private static func bytes(_ commitment: Commitment, _ events: [CommitmentEvent]? = nil)
    -> [UInt8]
  {
    JSONWriter.object {
      write(commitment, &$0)
      if let events {
        $0.array("events", events) { writer, event in
          writer.object {
            $0.field("state", event.state.rawValue)
            $0.field("actor", event.actor)
            $0.field("note", event.note)
            $0.field("at", event.at)
          }
        }
      }
    }
  }

  private static func write(_ commitment: Commitment, _ writer: inout JSONWriter) {
    let currency = commitment.amount.currency
    writer.field("id", commitment.id)
    writer.field("product_id", commitment.product)
    writer.field("member_id", commitment.member)
    writer.field("presale", commitment.presale)
    writer.field("tier", commitment.tier)
    writer.field("units", commitment.units)
    writer.field("unit_price", Amount(nanos: commitment.unitPrice, currency: currency).decimal)
    writer.field("amount", commitment.amount.decimal)
    writer.field("currency", currency.code)
    writer.field("state", commitment.state.rawValue)
    writer.field("referral", commitment.referral)
    writer.field("problem", commitment.problem)
    writer.field("method_until", commitment.methodUntil)
    writer.field("made_at", commitment.madeAt)
    writer.field("changed_at", commitment.changedAt)
  }
}
