import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

/// The books: solvency for members, the rest for finance.
enum BooksRoute: FeatureRoute {
  case solvency, trialBalance, balance, deposit, bankDay, listAssertions, assert

  static func at(_ path: Path) -> [(method: Method, route: BooksRoute)] {
    switch (path[0], path[1], path[2]) {
    case ("solvency", nil, nil): [(.get, .solvency)]
    case ("books", "trial-balance", nil): [(.get, .trialBalance)]
    case ("books", "balance", nil): [(.get, .balance)]
    case ("books", "deposits", nil): [(.post, .deposit)]
    case ("books", "bank-days", nil): [(.post, .bankDay)]
    case ("books", "assertions", nil): [(.get, .listAssertions), (.post, .assert)]
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .solvency: .members(.member, .read)
    case .trialBalance, .balance, .deposit, .bankDay, .listAssertions, .assert:
      .members(.finance, .finance)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .solvency: try await BooksAPI.solvency(call)
    case .trialBalance: try await BooksAPI.trialBalance(call)
    case .balance: try await BooksAPI.balance(call)
    case .deposit: try await BooksAPI.deposit(call)
    case .bankDay: try await BankDaysAPI.record(call)
    case .listAssertions: try await BooksAPI.assertions(call)
    case .assert: try await BooksAPI.assert(call)
    }
  }

  static let date = Shape.matching("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
  private static let at = Operation.Parameter(
    "at", .text, "A moment, or a day for its end, in UTC; now unless given")

  private static let balances = Shape.list(
    .object([.required("currency", .currency), .required("amount", .decimal)]))

  static let operations = [
    Operation(
      .get, "/v1/solvency", "readSolvency", "What members are owed, and what is set aside for it",
      detail: "Owed is what is payable, on its way, and being delivered; set aside what was "
        + "deposited less what was paid out.",
      query: [
        .init("currency", .text, "Only this one"),
        .init(
          "since", BooksRoute.date,
          "The first day of the series; a year before `until` unless given"),
        .init("until", BooksRoute.date, "The last day; today unless given"),
        .init("by", .words(Solvency.Step.allCases.map(\.rawValue)), "month unless given"),
      ],
      answers: [.json(200, "By currency", .named("Solvency"))]),
    Operation(
      .get, "/v1/books/trial-balance", "readTrialBalance", "What each kind of account held",
      detail: "Each currency adds up to zero.", query: [at],
      answers: [
        .json(
          200, "By kind and currency",
          .object([
            .required("at", .time),
            .required(
              "balances",
              .list(
                .object([
                  .required("kind", .text), .required("currency", .currency),
                  .required("amount", .decimal),
                ]))),
          ]))
      ]),
    Operation(
      .get, "/v1/books/balance", "readBalance", "What one account held",
      query: [
        .init("account", .text, "A kind such as bank, or KIND:ID, member_payable:mem_…"), at,
      ],
      answers: [
        .json(
          200, "By currency",
          .object([
            .required("account", .text), .required("at", .time), .required("balances", balances),
          ]))
      ]),
    Operation(
      .post, "/v1/books/deposits", "recordDeposit", "Record that money was set aside, or taken out",
      body: .json(
        .object([
          .required("currency", .currency),
          .required(
            "amount", .decimal, "Whole minor units; negative when it was taken out"),
          .required("reference", .length(1...200), "Counts once"),
        ])),
      answers: [
        .json(201, "Recorded", .object([.required("outcome", .words(["recorded"]))])),
        .json(200, "Recorded before", .object([.required("outcome", .words(["repeated"]))])),
      ], problems: [(409, "reference-taken")]),
    BankDaysAPI.operation,
    Operation(
      .get, "/v1/books/assertions", "listAssertions", "What statements say, beside the books",
      answers: [
        .json(
          200, "By day", .object([.required("assertions", .list(.named("ComparedAssertion")))]))
      ]),
    Operation(
      .post, "/v1/books/assertions", "assertBalance", "Keep what a statement of the bank says",
      detail: "It moves nothing. Of several for a day the last one counts.",
      body: .json(
        .object([
          .required("account", .words(BalanceAssertion.kinds.map(\.rawValue))),
          .required("currency", .currency), .required("date", BooksRoute.date),
          .required("amount", .decimal), .required("reference", .length(1...200)),
        ])),
      answers: [
        .json(201, "Kept", .object([.required("outcome", .words(["recorded"]))])),
        .json(200, "Known", .object([.required("outcome", .words(["repeated"]))])),
      ], problems: [(409, "reference-taken")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Solvency",
      .object([
        .required("at", BooksRoute.date),
        .required("step", .words(Solvency.Step.allCases.map(\.rawValue))),
        .required(
          "currencies",
          .list(
            .object([
              .required("currency", .currency), .required("owed", .decimal),
              .required("payable", .decimal), .required("in_flight", .decimal),
              .required("clearing", .decimal), .required("set_aside", .decimal),
              .required("surplus", .decimal, "Negative: that much is missing"),
              .required("fees_held", .decimal, "Not part of what is owed"),
              .required(
                "series",
                .list(
                  .object([
                    .required("day", BooksRoute.date), .required("owed", .decimal),
                    .required("set_aside", .decimal),
                  ]))),
            ]))),
      ])
    ),
    (
      "ComparedAssertion",
      .object([
        .required("account", .text), .required("currency", .currency),
        .required("date", BooksRoute.date),
        .required("amount", .decimal), .required("reference", .text), .required("books", .decimal),
        .required("by_bank_days", .decimal, "The same by the days on which the bank booked it"),
        .required("difference", .decimal), .required("replaced", .flag),
        .required("agrees", .flag),
      ])
    ),
  ]
}

enum BooksAPI {
  static func solvency(_ call: Call) async throws -> Response {
    var wrong = Invalid()
    let query = call.request.query
    let currency = read("currency", query, "must be a currency such as USD", &wrong) {
      Currency($0)
    }
    let since = read("since", query, "must be a date such as 2026-01-31", &wrong) { Day($0) }
    let until = read("until", query, "must be a date such as 2026-01-31", &wrong) { Day($0) }
    let step = read("by", query, "must be day or month", &wrong) { Solvency.Step(rawValue: $0) }
    let end = until ?? Timestamp.now.day
    let first = since ?? end.adding(days: -364)
    if first.days(until: end) > 3_660 || end > Timestamp.now.day.adding(days: 1) {
      wrong.add("/since", "must be within ten years before until, and until not in the future")
    }
    if !wrong.isEmpty { throw wrong }
    let solvency = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await Solvency.of(currency, since: first, until: end, step: step ?? .month, in: $0)
    }
    return Response.json(solvency.json.bytes()).tagged(for: call.request)
  }

  static func trialBalance(_ call: Call) async throws -> Response {
    let moment = try moment(call)
    let balances = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await BookSums.balances(at: moment, in: $0)
    }
    let json: JSON = ["at": .string("\(moment)"), "balances": TrialBalance.json(balances)]
    return Response.json(json.bytes()).unstored
  }

  static func balance(_ call: Call) async throws -> Response {
    let moment = try moment(call)
    guard let account = call.request.query["account"].flatMap({ AccountName($0) }) else {
      throw Invalid("/account", "must be an account such as bank or member_payable:mem_…")
    }
    let balances = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await AccountBalance.of(account, at: moment, in: $0)
    }
    let json: JSON = [
      "account": .string("\(account)"), "at": .string("\(moment)"),
      "balances": AccountBalance.json(balances),
    ]
    return Response.json(json.bytes()).unstored
  }

  static func deposit(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let amount = amount(&fields)
    let reference = fields.text("reference")
    var faults = RecordDeposit.fault(reference: reference).map { [("/reference", $0)] } ?? []
    if let fault = amount.flatMap({ RecordDeposit.fault(amount: $0) }) {
      faults.append(("/amount", fault))
    }
    try fields.finish(and: faults)
    guard let amount else { preconditionFailure("a missing amount is a fault") }
    return try await call.write { tx in
      let now = try await DatabaseClock.now(in: tx)
      let deposit = RecordDeposit(
        amount, reference: reference, by: call.member.member, at: now)
      switch try await deposit.run(in: tx) {
      case .recorded: return .created(JSON.object(outcome("recorded")).bytes())
      case .repeated: return .json(JSON.object(outcome("repeated")).bytes())
      case .conflict(let known): throw taken(known)
      }
    }
  }

  static func assertions(_ call: Call) async throws -> Response {
    let compared = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await ComparedAssertion.all(in: $0)
    }
    let json: JSON = ["assertions": .array(compared.map(\.json))]
    return Response.json(json.bytes()).unstored
  }

  static func assert(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let name = fields.text("account")
    let kind = BalanceAssertion.kinds.first { $0.rawValue == name }
    if kind == nil { fields.note("account", "must be bank or provider_clearing") }
    let date = fields.text("date")
    let day = Day(date)
    if day == nil { fields.note("date", "must be a date such as 2026-01-31") }
    let amount = amount(&fields)
    let reference = fields.text("reference")
    try fields.finish(
      and: RecordDeposit.fault(reference: reference).map { [("/reference", $0)] } ?? [])
    guard let kind, let day, let amount else { preconditionFailure("what is missing is a fault") }
    return try await call.write { tx in
      let now = try await DatabaseClock.now(in: tx)
      let assertion = BalanceAssertion(
        kind: kind, day: day, amount: amount, reference: reference)
      let by = call.member.member
      switch try await AssertBalance.run(assertion, by: by, at: now, in: tx) {
      case .recorded: return .created(JSON.object(outcome("recorded")).bytes())
      case .repeated: return .json(JSON.object(outcome("repeated")).bytes())
      case .conflict(let known): throw taken(known)
      case .notOver: throw Invalid("/date", "must be a day that is over, in UTC")
      }
    }
  }

  private static func outcome(_ word: String) -> JSONObject {
    var json = JSONObject()
    json["outcome"] = .string(word)
    return json
  }

  private static func taken(_ known: Amount) -> Problem {
    Problem.conflict("reference-taken", "The reference stands for \(known).")
  }

  /// Of `amount` and `currency`; what is wrong is noted.
  private static func amount(_ fields: inout Fields) -> Amount? {
    let (code, text) = (fields.text("currency"), fields.text("amount"))
    guard let currency = Currency(code) else {
      fields.note("currency", "must be a currency such as USD")
      return nil
    }
    do throws(AmountError) {
      return try Amount(decimal: text, currency: currency)
    } catch {
      fields.note("amount", "\(error)")
      return nil
    }
  }

  private static func moment(_ call: Call) throws -> Timestamp {
    guard let text = call.request.query["at"] else { return .now }
    if let moment = Timestamp(rfc3339: text) { return moment }
    guard let day = Day(text) else {
      throw Invalid("/at", "must be a day, or a moment such as 2026-01-31T12:00:00Z")
    }
    return day.adding(days: 1).start - .microseconds(1)
  }

  private static func read<Value>(
    _ name: String, _ query: QueryItems, _ fault: String, _ wrong: inout Invalid,
    _ read: (String) -> Value?
  ) -> Value? {
    guard let text = query[name] else { return nil }
    let value = read(text)
    if value == nil { wrong.add("/\(name)", fault) }
    return value
  }
}
