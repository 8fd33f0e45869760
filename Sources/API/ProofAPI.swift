import Coinvent
import HTTPServer
import JSON
import Postgres

/// Proofs: a member's own, and what everybody needs to check one.
enum ProofRoute: FeatureRoute {
  case keys, checkpoints, entries
  case proof(MemberID)

  static func at(_ path: Path) -> [(method: Method, route: ProofRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("proof", "key", nil, nil): [(.get, .keys)]
    case ("proof", "checkpoints", nil, nil): [(.get, .checkpoints)]
    case ("proof", "entries", nil, nil): [(.get, .entries)]
    case ("members", let id?, "proof", nil): with(id) { [(.get, .proof($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .keys, .checkpoints, .entries: .open
    case .proof: .members(.member, .read)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .keys: try await ProofAPI.keys(call)
    case .checkpoints: try await ProofAPI.checkpoints(call)
    case .entries: try await ProofAPI.entries(call)
    case .proof(let id): try await ProofAPI.proof(of: id, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/proof/key", "readProofKeys", "The public keys that sign the books",
      detail: "The newest first. Keep it: with it a proof is checked without trusting the server.",
      answers: [
        .json(
          200, "The keys",
          .object([
            .required(
              "keys",
              .list(
                .object([
                  .required("key", .text, "NAME+HASH+KEY, as signed notes have it"),
                  .required("made_at", .time),
                ])))
          ]))
      ]),
    Operation(
      .get, "/v1/proof/checkpoints", "listCheckpoints", "What was signed, the newest first",
      query: Operation.Parameter.paging,
      answers: [
        .json(
          200, "A page",
          .page(
            "checkpoints",
            of: .object([
              .required("size", .count, "Entries in the chain"), .required("signed_at", .time),
              .required("note", .text, "The signed note"),
            ])))
      ]),
    Operation(
      .get, "/v1/proof/entries", "listChainEntries", "The hashes of the chain, in order",
      detail: "From one checkpoint to a later one they show that nothing before was changed.",
      query: Operation.Parameter.paging,
      answers: [
        .json(
          200, "A page",
          .page(
            "entries",
            of: .object([
              .required("number", .count), .required("previous", .text), .required("entry", .text),
              .required("hash", .text),
            ])))
      ]),
    Operation(
      .get, "/v1/members/{member_id}/proof", "readProof",
      "What a member was credited and paid, with its way to a signed checkpoint",
      detail: "For the member and for finance; coinvent proof check reads it. What is not signed "
        + "yet is left out.",
      query: [.init("settlement", .text, "Only this one, without payouts")],
      answers: [.json(200, "The proof; Docs/proof.md explains it", .anything)],
      problems: [(404, "not-found"), (409, "nothing-proven"), (409, "not-signed-yet")]),
  ]
}

enum ProofAPI {
  static func keys(_ call: Call) async throws -> Response {
    let keys = try await PublicChain.keys(in: call.pool)
    let json: JSON = [
      "keys": .array(
        keys.map { ["key": .string("\($0.key)"), "made_at": .string("\($0.madeAt)")] })
    ]
    return Response.json(json.bytes()).tagged(for: call.request)
  }

  static func checkpoints(_ call: Call) async throws -> Response {
    let (limit, below) = try page(call)
    let found = try await PublicChain.checkpoints(limit: limit + 1, below: below, in: call.pool)
    let shown = found.prefix(limit)
    return answer(
      "checkpoints",
      shown.map {
        [
          "size": .int($0.size), "signed_at": .string("\($0.signedAt)"), "note": .string($0.note),
        ]
      }, next: found.count > limit ? shown.last?.size : nil, call)
  }

  static func entries(_ call: Call) async throws -> Response {
    let (limit, after) = try page(call)
    let found = try await PublicChain.links(after: after ?? 0, limit: limit + 1, in: call.pool)
    let shown = found.prefix(limit)
    return answer(
      "entries",
      shown.map { link, hash in
        [
          "number": .int(link.number), "previous": .string(Digest.hex(link.previous)),
          "entry": .string(Digest.hex(link.digest)), "hash": .string(Digest.hex(hash)),
        ]
      }, next: found.count > limit ? shown.last?.link.number : nil, call)
  }

  private static func page(_ call: Call) throws -> (limit: Int, place: Int64?) {
    var invalid = Invalid()
    let limit = call.request.query.limit(&invalid)
    var place: Int64?
    if let text = call.request.query["cursor"], !text.isEmpty {
      place = Base64URL.decode(text.utf8).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
      if place == nil { invalid.add("/cursor", "is none that this list has given") }
    }
    if !invalid.isEmpty { throw invalid }
    return (limit, place)
  }

  private static func answer(_ name: String, _ rows: [JSON], next: Int64?, _ call: Call)
    -> Response
  {
    var page = JSONObject()
    page[name] = .array(rows)
    page["next_cursor"] = next.map { .string(Base64URL.encode(Array("\($0)".utf8))) } ?? .null
    return Response.json(JSON.object(page).bytes()).tagged(for: call.request)
  }

  static func proof(of id: MemberID, _ call: Call) async throws -> Response {
    guard call.member.member == id || call.member.role.includes(.finance) else {
      throw Problem.forbidden("A proof is for the member and for finance.")
    }
    var settlement: SettlementID?
    if let text = call.request.query["settlement"] {
      settlement = SettlementID(text)
      if settlement == nil {
        throw Invalid("/settlement", "must be an id that begins with settle_")
      }
    }
    let outcome = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      [settlement] tx -> MakeProofOutcome in
      guard try await FindMember.by(id: id, in: tx) != nil else {
        throw Problem.notFound("such member")
      }
      return try await MakeProof.run(for: id, settlement: settlement, in: tx)
    }
    switch outcome {
    case .made(let proof, _): return Response.json(proof.json.bytes()).unstored
    case .noSuchSettlement: throw Problem.notFound("such settlement")
    case .nothing:
      throw Problem.conflict("nothing-proven", "Nothing was credited to the member, or paid.")
    case .unsigned:
      throw Problem.conflict(
        "not-signed-yet", "It is not signed yet; a worker with a key does it within minutes.")
    }
  }
}
