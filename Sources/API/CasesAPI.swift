import Coinvent
import HTTPServer
import JSON
import Postgres

/// The cases that curators decide: `/v1/moderation`.
enum CasesAPI {
  static func list(_ call: Call) async throws -> Response {
    let query = call.request.query
    let page = try PageQuery(query)
    var invalid = Invalid()
    let order = word(query["order"], "/order", of: ListCases.Order.self, &invalid)
    let kind = word(query["kind"], "/kind", of: ReportedThing.Kind.self, &invalid)
    if !invalid.isEmpty { throw invalid }
    let found = try await ListCases.run(
      order ?? .oldest, kind: kind, limit: page.limit, after: page.cursor, in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("cases", found.cases) { writer, found in writer.object { write(found, &$0) } }
        $0.field("next_cursor", found.next?.text)
      })
  }

  private static func word<Word>(
    _ text: String?, _ pointer: String, of: Word.Type, _ invalid: inout Invalid
  ) -> Word? where Word: RawRepresentable<String> & CaseIterable {
    guard let text else { return nil }
    let word = Word(rawValue: text)
    if word == nil {
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      invalid.add(pointer, "must be one of \(words)")
    }
    return word
  }

  static func read(_ id: CaseID, _ call: Call) async throws -> Response {
    guard let found = try await Case.find(id, in: call.pool) else {
      throw Problem.notFound("such case")
    }
    let reports = try await Report.all(of: id, in: call.pool)
    return .json(
      JSONWriter.object {
        write(found, &$0)
        $0.array("all_reports", reports) { writer, report in
          writer.object {
            $0.field("reporter_id", report.reporter)
            $0.field("reason", report.reason.rawValue)
            $0.field("text", report.text)
            $0.field("reported_at", report.reportedAt)
          }
        }
      })
  }

  static func claim(_ id: CaseID, _ claimed: Bool, _ call: Call) async throws -> Response {
    try await call.write { tx in
      let outcome = try await ClaimCase.run(
        id, claimed: claimed, by: call.member.member, role: call.member.role, in: tx)
      switch outcome {
      case .done(let found): return .json(JSONWriter.object { write(found, &$0) })
      case .resolved: throw Problem.conflict("case-resolved", "The case is decided.")
      case .claimedByAnother(let other): throw Self.claimed(other)
      case .unknown: throw Problem.notFound("such case")
      }
    }
  }

  static func resolve(_ id: CaseID, _ call: Call) async throws -> Response {
    let (wish, reason) = try wish(call)
    return try await call.write { tx in
      let outcome = try await ResolveCase.run(
        id, wish, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .resolved(let found): return .json(JSONWriter.object { write(found, &$0) })
      case .alreadyResolved(let resolution):
        throw Problem.conflict(
          "case-resolved",
          "\(resolution.by) has decided the case (\(resolution.action.rawValue)).")
      case .claimedByAnother(let other): throw claimed(other)
      case .doesNotFit(let action):
        throw Problem.conflict(
          "action-does-not-fit",
          "Action \(action.rawValue) is for ideas and comments. To keep a member out, resolve "
            + "the case with action ban.")
      case .notRemovable(let state):
        throw Problem.conflict(
          "not-removable", "The idea is \(state.rawValue), and is not removed from there.")
      case .protected(let role): throw BansAPI.protected(role)
      case .unknown: throw Problem.notFound("such case")
      }
    }
  }

  private static func wish(_ call: Call) throws -> (ResolveCase.Wish, reason: String) {
    var fields = try call.fields()
    let action = fields.choice("action", of: Case.Action.self)
    let reason = fields.text("reason")
    let scope = fields.optionalChoice("scope", of: Ban.Scope.self)
    let until = fields.json("until") == nil ? nil : fields.time("until")
    if action != .ban && scope != nil { fields.note("scope", "is for a ban only") }
    if action != .ban && until != nil { fields.note("until", "is for a ban only") }
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    switch action {
    case .dismiss: return (.dismiss, reason)
    case .remove: return (.remove, reason)
    case .warn: return (.warn, reason)
    case .ban: return (.ban(scope ?? .all, until: until), reason)
    }
  }

  private static func claimed(_ other: MemberID) -> Problem {
    .conflict("case-claimed", "\(other) is working on the case.")
  }

  private static func write(_ found: Case, _ writer: inout JSONWriter) {
    writer.field("id", found.id)
    writer.field("kind", found.thing.kind.rawValue)
    writer.field("thing", found.thing.description)
    writer.field("member_id", found.member)
    writer.field("idea_id", found.idea?.description)
    writer.field("reports", found.reports)
    writer.field("reasons", json: found.reasons)
    writer.field("opened_at", found.openedAt)
    writer.field("claimed_by", found.claimant(at: .now)?.description)
    guard let resolution = found.resolution else {
      return writer.field("resolution", nil as String?)
    }
    writer.object("resolution") {
      $0.field("action", resolution.action.rawValue)
      $0.field("reason", resolution.reason)
      $0.field("by", resolution.by)
      $0.field("at", resolution.at)
    }
  }
}
