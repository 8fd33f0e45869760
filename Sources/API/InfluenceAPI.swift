import Coinvent
import HTTPServer
import JSON
import Postgres

/// `GET /v1/products/{id}/influence?member_id=` and what changes it, live.
public enum InfluenceAPI {
  static func read(_ id: ProductID, _ call: Call) async throws -> Response {
    if let member = try member(call.request.query) { return try await read(id, member, call) }
    if try await seesMore(call) { return try await readAll(id, call) }
    guard let page = try await call.application.influencePages.page(of: id) else {
      throw Problem.notFound("such product")
    }
    return Response.json(page.bytes).tagged(page.tag, for: call.request)
  }

  /// Staff see everybody; who is anonymous sees themselves.
  private static func seesMore(_ call: Call) async throws -> Bool {
    guard let asks = call.principal else { return false }
    switch asks.role {
    case .curator, .finance, .admin: return true
    case .member: return try await DisplayChoice.of(asks.member, in: call.pool).isAnonymous
    }
  }

  private static func readAll(_ id: ProductID, _ call: Call) async throws -> Response {
    guard let influence = try await now(id, call) else { throw Problem.notFound("such product") }
    let hidden = try await hidden(among: Set(influence.shares.compactMap(\.member)), call)
    return Response.json(document(influence, hiding: hidden)).tagged(for: call.request)
  }

  /// The shares as they stand, or the estimate that is kept up; nil for no product.
  static func now(_ id: ProductID, _ call: Call) async throws -> Influence? {
    if let frozen = try await Influence.Frozen.of(id, in: call.pool) {
      return try await frozen.influence(in: call.pool)
    }
    return try await call.application.runningShares.shares(of: id)?.influence()
  }

  /// Who is not shown to the caller: those who chose so, but to staff and themselves.
  static func hidden(among members: Set<MemberID>, _ call: Call) async throws -> Set<MemberID> {
    switch call.principal?.role {
    case .curator, .finance, .admin: return []
    case .member, nil: break
    }
    var hidden = try await DisplayChoice.anonymous(among: members, in: call.pool)
    if let me = call.principal?.member { hidden.remove(me) }
    return hidden
  }

  private static func read(_ id: ProductID, _ member: MemberID, _ call: Call) async throws
    -> Response
  {
    let influence =
      if let frozen = try await Influence.Frozen.of(id, in: call.pool) {
        try await frozen.influence(of: member, in: call.pool)
      } else {
        try await call.application.runningShares.shares(of: id)?.influence(of: member)
      }
    guard var influence else { throw Problem.notFound("such product") }
    // Whoever asks for somebody who is not to be shown is told of nobody.
    if try await !hidden(among: [member], call).isEmpty { influence = influence.withoutShares }
    return Response.json(document(influence)).tagged(for: call.request)
  }

  private static func member(_ query: QueryItems) throws -> MemberID? {
    guard let text = query["member_id"] else { return nil }
    guard let id = MemberID(text) else {
      throw Invalid("/member_id", "must be an id that begins with mem_")
    }
    return id
  }

  public static func document(_ influence: Influence, hiding hidden: Set<MemberID> = []) -> [UInt8]
  {
    var writer = JSONWriter(reserving: 300 + 180 * influence.shares.count)
    writer.object {
      $0.field("product_id", influence.product)
      $0.field("state", influence.state.rawValue)
      if let version = influence.version { $0.field("version", version) }
      if let until = influence.disputeUntil { $0.field("dispute_until", until) }
      $0.field("total_ppb", influence.shares.reduce(0) { $0 + $1.ppb })
      $0.field("sha256", Digest.hex(influence.sha256))
      $0.array("shares", influence.shares) { writer, share in
        writer.object { write(share, hiding: hidden, &$0) }
      }
    }
    return writer.bytes
  }

  private static func write(
    _ share: Share, hiding hidden: Set<MemberID>, _ writer: inout JSONWriter
  ) {
    let isHidden = share.member.map(hidden.contains) ?? false
    if let member = share.member, !isHidden {
      writer.field("member_id", member)
    } else {
      writer.field("member_id", nil as String?)
    }
    if isHidden { writer.field("anonymous", true) }
    writer.field("slice", share.slice)
    if share.role != .any { writer.field("role", share.role.rawValue) }
    writer.field("ppb", share.ppb)
    writer.field("reason", share.reason)
  }

  /// `GET /v1/products/{id}/influence/live`
  static func watch(_ id: ProductID, _ call: Call) async throws -> Response {
    let (marks, limit) = (call.application.liveInfluence, call.application.streams)
    let address = call.request.remoteAddress
    guard try await InfluenceMark.of([id], in: call.pool)[id] != nil else {
      throw Problem.notFound("such product")
    }
    try limit.demandPlace(address)
    return .events { events in
      guard limit.take(address) else { return }
      defer { limit.giveBack(address) }
      try await events.send(ServerSentEvent(name: "hello", data: "{}", retry: .seconds(3)))
      try await marks.watch([id]) { new, _ in
        for (id, mark) in new {
          try await events.send(ServerSentEvent(name: "influence", data: data(id, mark)))
        }
      }
    }
  }

  private static func data(_ id: ProductID, _ mark: InfluenceMark) -> String {
    let bytes = JSONWriter.object {
      $0.field("product_id", id)
      $0.field("state", mark.state)
      if let version = mark.version { $0.field("version", version) }
      $0.field("mark", mark.mark)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
