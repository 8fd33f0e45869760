import Coinvent
import HTTPServer
import JSON
import Postgres

extension InfluenceAPI {
  /// `GET /v1/products/{id}/influence/explain?member_id=&version=&limit=&cursor=`
  static func explain(_ id: ProductID, _ call: Call) async throws -> Response {
    let wish = try ExplainWish(call)
    let asks = call.member
    let isStaff = Role.allCases.contains { $0 != .member && asks.role.includes($0) }
    guard wish.member == asks.member || isStaff else {
      throw Problem.forbidden("A share is explained to its member and to the staff.")
    }
    switch try await ShareBasis.find(id, version: wish.version, in: call.pool) {
    case .found(let basis):
      guard try await FindMember.by(id: wish.member, in: call.pool) != nil else {
        throw Problem.notFound("such member")
      }
      return try await explain(wish, basis, call)
    case .unknownProduct: throw Problem.notFound("such product")
    case .unknownVersion: throw Problem.notFound("such version of the product's shares")
    }
  }

  private static func explain(_ wish: ExplainWish, _ basis: ShareBasis, _ call: Call) async throws
    -> Response
  {
    let (basis, division) = try await divide(basis, call)
    let share = try await ExplainedShare.of(
      wish.member, basis, division, limit: wish.limit, after: wish.cursor, in: call.pool)
    return Response.json(share.json.bytes()).unstored
  }

  /// The estimate is kept up; earlier shares are counted from all their events, which has a price.
  private static func divide(_ basis: ShareBasis, _ call: Call) async throws
    -> (ShareBasis, Division)
  {
    if basis.version == nil,
      let running = try await call.application.runningShares.shares(of: basis.product)
    {
      return (running.basis, running.division)
    }
    try pay(call)
    let division = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await basis.divide(in: $0)
    }
    return (basis, division)
  }

  /// - Throws: 429 when the member has had all of a product's events counted too often.
  static func pay(_ call: Call) throws {
    if let wait = call.application.whatIfs.take(call.member.member.description) {
      throw Problem.tooMany(
        "So many recipes and earlier shares are not counted at once.", wait: wait)
    }
  }

  private struct ExplainWish {
    let member: MemberID
    let version: Int?
    let limit: Int
    let cursor: TimeCursor?

    init(_ call: Call) throws {
      let query = call.request.query
      var wrong = Invalid()
      let id = query["member_id"].map { MemberID($0) }
      if let id, id == nil { wrong.add("/member_id", "must be an id that begins with mem_") }
      member = (id ?? call.member.member) ?? call.member.member
      let number = query["version"].map { Int32($0) }
      if let number, number ?? 0 < 1 { wrong.add("/version", "must be a number from 1 on") }
      version = (number ?? nil).map { Int($0) }
      limit = query["limit"] == nil ? 100 : query.limit(&wrong)
      let text = query["cursor"].flatMap { $0.isEmpty ? nil : $0 }
      cursor = text.flatMap { TimeCursor($0) }
      if text != nil && cursor == nil { wrong.add("/cursor", "is none that this list has given") }
      if !wrong.isEmpty { throw wrong }
    }
  }

  /// `POST /v1/products/{id}/influence/what-if`
  static func whatIf(_ id: ProductID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let recipe = fields.part("recipe") { json throws(Invalid) in
      try Recipe(json: json, at: "/recipe")
    }
    if fields.json("recipe") == nil { fields.note("recipe", "is required") }
    try fields.finish()
    guard let recipe else { preconditionFailure("a missing recipe is a fault") }
    try pay(call)
    let found = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await CompareRecipes.whatIf(id, recipe, in: $0)
    }
    guard let found else { throw Problem.notFound("such product") }
    let hidden = try await hidden(among: Set(found.holdings.compactMap(\.member)), call)
    return Response.json(found.json(hiding: hidden).bytes()).unstored
  }
}
