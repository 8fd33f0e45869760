import Coinvent
import HTTPServer
import JSON
import Ledger

/// A member's own data: taking it away, and leaving.
enum OwnDataRoute: FeatureRoute {
  case export, preview, erase

  static func at(_ path: Path) -> [(method: Method, route: OwnDataRoute)] {
    switch (path[0], path[1], path[2]) {
    case ("me", nil, nil): [(.delete, .erase)]
    case ("me", "export", nil): [(.get, .export)]
    case ("me", "erasure", nil): [(.get, .preview)]
    default: []
    }
  }

  var policy: Policy { .members(.member, .account) }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .export: try OwnDataAPI.export(call)
    case .preview: try await OwnDataAPI.preview(call)
    case .erase: try await OwnDataAPI.erase(call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/me/export", "exportMe", "Everything that is kept of me",
      detail: "Streamed; an array for each table, in its own columns.",
      answers: [
        .json(
          200, "My data",
          .object(
            [.required("member_id", .id(MemberID.self)), .required("exported_at", .time)]
              + OwnData.parts.map { .required($0, .list(.anything)) }))
      ],
      problems: [(503, "unavailable")]),
    Operation(
      .get, "/v1/me/erasure", "previewErasure", "What goes and what stays when I leave",
      answers: [.json(200, "Before deciding", .named("ErasurePreview"))]),
    Operation(
      .delete, "/v1/me", "eraseMe", "Leave: erase me in 14 days",
      detail: """
        Asks for the password, or for a session that is less than ten minutes old. All tokens end \
        at once; signing in before the day takes it back. Refused while a payout is open, and \
        while money is payable or shares go on earning unless `earnings` says that they are given \
        to the house.
        """,
      body: .optionalJSON(
        .object([
          .optional("password", .nullable(.text)),
          .optional("earnings", .nullable(.words(["give_to_house"]))),
        ])),
      answers: [
        .json(
          202, "It is planned",
          .object([.required("asked_at", .time), .required("due_at", .time)]))
      ],
      problems: [
        (422, "confirm-identity"), (409, "money-waits"), (409, "payout-open"),
        (429, "too-many-requests"),
      ]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "ErasurePreview",
      .object([
        .required("erased", .list(.text), "Tables whose rows of mine are deleted"),
        .required("changed", .list(.named("ErasureOfTable"))),
        .required("stays", .list(.named("ErasureOfTable")), "Under a pseudonym"),
        .required("grace_days", .count),
        .required(
          "payable",
          .list(.object([.required("amount", .decimal), .required("currency", .currency)]))),
        .required("holds_shares", .flag), .required("open_payouts", .count),
        .required("must_choose", .flag, "Whether `earnings` has to be said"),
        .required("due_at", .nullable(.time), "When I have asked already"),
      ])
    ),
    ("ErasureOfTable", .object([.required("name", .text), .required("how", .text)])),
  ]
}

/// `GET /v1/me/export`, `GET /v1/me/erasure`, `DELETE /v1/me`.
enum OwnDataAPI {
  /// As for other exports, but places of their own: neither keeps the other out.
  private static let most = 2

  static func export(_ call: Call) throws -> Response {
    let running = call.application.ownExportsRunning
    guard running.withLock({ $0 < most }) else {
      throw Problem.unavailable("Others are taking their data away now.", retryAfter: 10)
    }
    let (pool, member) = (call.pool, call.member.member)
    let stream = ResponseStream { writer in
      running.withLock { $0 += 1 }
      defer { running.withLock { $0 -= 1 } }
      try await OwnData.run(of: member, from: pool) { try await writer.write($0) }
    }
    var response = Response(body: .stream(stream))
    response.headers["Content-Type"] = "application/json"
    response.headers["Content-Disposition"] = "attachment; filename=\"my-data.json\""
    return response.unstored
  }

  static func preview(_ call: Call) async throws -> Response {
    let member = call.member.member
    let money = try await Erasure.money(of: member, in: call.pool)
    let planned = try await Erasure.of(member, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("erased", Erasure.goes) { writer, name in writer.value(name) }
        $0.array("changed", Erasure.changes) { writer, part in
          writer.object {
            $0.field("name", part.name)
            $0.field("how", part.how)
          }
        }
        $0.array("stays", Erasure.stays) { writer, part in
          writer.object {
            $0.field("name", part.name)
            $0.field("how", part.why)
          }
        }
        $0.field("grace_days", Erasure.grace.components.seconds / 86_400)
        $0.array("payable", money.payable) { writer, amount in
          writer.object {
            $0.field("amount", amount.decimal)
            $0.field("currency", amount.currency.code)
          }
        }
        $0.field("holds_shares", money.holdsShares)
        $0.field("open_payouts", money.openPayouts)
        $0.field("must_choose", money.needsChoice)
        $0.field("due_at", planned?.dueAt)
      }
    ).unstored
  }

  static func erase(_ call: Call) async throws -> Response {
    let wish = try ErasureWish(call)
    try await confirm(wish.password, call)
    let member = call.member.member
    let outcome = try await call.pool.transaction {
      try await AskErasure.run(member, gives: wish.gives, in: $0)
    }
    return try answer(outcome)
  }

  /// What comes with the wish to leave.
  private struct ErasureWish {
    let password: String?
    let gives: Bool

    init(_ call: Call) throws {
      if call.request.body.isEmpty {
        (password, gives) = (nil, false)
        return
      }
      var fields = try call.fields()
      password = fields.optionalText("password")
      let word = fields.optionalText("earnings")
      gives = word == "give_to_house"
      if word != nil && !gives { fields.note("earnings", "must be give_to_house, or be left out") }
      try fields.finish()
    }
  }

  private static func answer(_ outcome: Erasure.Outcome) throws -> Response {
    switch outcome {
    case .asked(let erasure), .erased(let erasure):
      return Response.json(
        JSONWriter.object {
          $0.field("asked_at", erasure.askedAt)
          $0.field("due_at", erasure.dueAt)
        }, status: 202
      ).unstored
    case .moneyWaits(let money):
      let amounts = money.payable.map(\.description).joined(separator: ", ")
      throw Problem.conflict(
        "money-waits",
        (amounts.isEmpty ? "Your shares go on earning. " : "\(amounts) can be paid to you. ")
          + "Have it paid out first (POST /v1/payouts), or send \"earnings\": \"give_to_house\": "
          + "what is payable and what your shares earn later then goes to the house.")
    case .payoutOpen(let money):
      throw Problem.conflict(
        "payout-open",
        "\(money.openPayouts) payouts are on their way; ask again when they are done.")
    }
  }

  private static func confirm(_ password: String?, _ call: Call) async throws {
    let application = call.application
    if password != nil, let wait = application.accountTries.take(call.member.handle) {
      throw Problem.tooMany("Too many wrong passwords; wait a little.", wait: wait)
    }
    let isCertain = try await AskErasure.isCertain(
      call.member, password: password, passwords: application.passwords, in: call.pool)
    guard isCertain else {
      throw Problem(
        422, "confirm-identity", "It is not certain that it is you",
        password == nil
          ? "Send the password, or sign in and ask again within ten minutes."
          : "The password is wrong.")
    }
    if password != nil { application.accountTries.giveBack(call.member.handle) }
  }
}
