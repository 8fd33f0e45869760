import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

enum FeesAPI {
  static func read(_ call: Call) async throws -> Response {
    Response.json(try await rates(in: call.pool)).tagged(for: call.request)
  }

  static func set(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let amount = fields.amount("amount", "currency")
    let from = fields.optionalTime("effective_from")
    try fields.finish()
    guard let amount else { throw Invalid("/amount", "is required") }
    return try await call.write { tx in
      try await FeeRate.set(amount, effectiveFrom: from, by: call.member.member, in: tx)
      return .json(try await rates(in: tx))
    }
  }

  private static func rates(in db: some Queryable) async throws -> [UInt8] {
    let rate = try await FeeRate.inForce(in: db)
    let coming = try await FeeRate.coming(in: db)
    return JSONWriter.object {
      $0.field("amount", rate?.amount.decimal ?? "0")
      $0.field("currency", rate?.amount.currency.code)
      $0.field("effective_from", rate?.effectiveFrom)
      $0.array("coming", coming) { writer, rate in
        writer.object {
          $0.field("amount", rate.amount.decimal)
          $0.field("currency", rate.amount.currency.code)
          $0.field("effective_from", rate.effectiveFrom)
        }
      }
    }
  }

  static func ofIdea(_ id: IdeaID, _ call: Call) async throws -> Response {
    let me = call.member
    guard let idea = try await FindIdeas.run([id], in: call.pool)[0],
      idea.authorID == me.member || me.role.includes(.curator) || me.role.includes(.finance),
      idea.authorID == me.member || idea.state != .draft
    else { throw Problem.notFound("such idea of yours") }
    return .json(try await bytes(id, IdeaFee.of(id, in: call.pool), in: call.pool))
  }

  static func pay(_ id: IdeaID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let payment = payment(&fields, by: call.member.member)
    try fields.finish()
    if case .outside = payment, !call.member.role.includes(.finance) {
      throw Problem.forbidden("What was received outside is recorded by finance.")
    }
    return try await call.write { tx in
      let outcome = try await PayFee.run(payment, for: id, in: tx)
      switch outcome {
      case .paid(let fee), .repeated(let fee): return .json(try await bytes(id, fee, in: tx))
      case .unknown, .notAuthor, .otherReceipt, .paidAlready, .nothingDue, .balanceTooSmall,
        .payoutInTheWay:
        throw try await refusal(outcome, id, call, in: tx)
      }
    }
  }

  private static func payment(_ fields: inout Fields, by member: MemberID) -> PayFee.Payment {
    enum From: String, CaseIterable { case balance }
    if fields.optionalChoice("from", of: From.self) != nil { return .balance(member) }
    return .outside(
      source: fields.text("source"), externalID: fields.text("external_id"), recordedBy: member)
  }

  /// Who may not read an idea is told that there is none.
  private static func refusal(
    _ outcome: PayFee.Outcome, _ id: IdeaID, _ call: Call, in tx: Transaction
  ) async throws -> Problem {
    switch outcome {
    case .paid, .repeated, .unknown: return .notFound("such idea")
    case .notAuthor:
      let idea = try await FindIdeas.run([id], in: tx)[0]
      return idea?.isHidden ?? true
        ? .notFound("such idea")
        : .forbidden("Only its author's balance pays for an idea.", as: "not-author")
    case .otherReceipt(let other):
      return .conflict("other-receipt", "That was recorded for \(other), and pays once.")
    case .paidAlready(let fee):
      return .conflict(
        "paid-already", "The fee was paid from \(fee.source?.rawValue ?? "elsewhere") already.")
    case .nothingDue: return .conflict("nothing-due", "No fee is due for this idea.")
    case .balanceTooSmall(let payable, let needed):
      return .conflict("balance-too-small", "\(needed) is due, and \(payable) is payable.")
    case .payoutInTheWay(let flying, let needed):
      return .conflict(
        "payout-in-the-way",
        "\(needed) is due, and a payout of \(flying) is under way: the rest is not enough.")
    }
  }

  static func waive(_ id: IdeaID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      switch try await WaiveFee.run(id, reason: reason, by: call.member.member, in: tx) {
      case .waived(let fee): return .json(try await bytes(id, fee, in: tx))
      case .unknown: throw Problem.notFound("such idea")
      case .nothingDue(let state):
        throw Problem.conflict(
          "nothing-due", state.map { "The fee is \($0.rawValue)." } ?? "No fee was asked for.")
      }
    }
  }

  private static func bytes(_ id: IdeaID, _ fee: IdeaFee?, in db: some Queryable) async throws
    -> [UInt8]
  {
    let events = try await IdeaFee.events(of: id, in: db)
    return JSONWriter.object {
      $0.field("idea_id", id)
      $0.field("state", fee?.state.rawValue ?? "none")
      if let fee {
        $0.field("amount", fee.amount.decimal)
        $0.field("currency", fee.amount.currency.code)
        $0.field("paid_from", fee.source?.rawValue)
      }
      $0.array("events", events) { writer, event in
        writer.object {
          $0.field("state", event.state.rawValue)
          $0.field("reason", event.reason)
          $0.field("changed_by", event.changedBy?.description)
          $0.field("changed_at", event.changedAt)
        }
      }
    }
  }
}

extension Fields {
  /// Money in two members; nil when either is absent or wrong.
  mutating func amount(_ amount: String, _ currency: String) -> Amount? {
    let digits = text(amount)
    let code = text(currency)
    guard let known = Currency(code) else {
      note(currency, "must be a currency of ISO 4217, such as USD")
      return nil
    }
    do throws(AmountError) {
      return try Amount(decimal: digits, currency: known)
    } catch {
      note(amount, "\(error)")
      return nil
    }
  }
}
