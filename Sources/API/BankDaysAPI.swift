import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

/// On which day the bank booked what the books have of another day.
enum BankDaysAPI {
  static let operation = Operation(
    .post, "/v1/books/bank-days", "dateBankMovement", "Say on which day the bank booked a movement",
    detail: "It moves nothing; statements of the bank are compared by these days. The last word "
      + "counts.",
    body: .json(
      .object([
        .required(
          "movement", .length(1...200),
          "A payout's id, a batch's for all of its payouts, or a deposit's reference"),
        .optional("currency", .currency, "The deposit's"),
        .optional("returned", .flag, "That the payout came back; else that it was paid"),
        .required("date", BooksRoute.date),
      ])),
    answers: [
      .json(201, "Kept", .object([.required("recorded", .count)])),
      .json(200, "Known", .object([.required("recorded", .count)])),
    ])

  static func record(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let name = fields.text("movement")
    let code = fields.optionalText("currency")
    let currency = code.flatMap { Currency($0) }
    if code != nil, currency == nil { fields.note("currency", "must be a currency such as USD") }
    let returned = fields.optionalFlag("returned") ?? false
    let day = Day(fields.text("date"))
    if day == nil { fields.note("date", "must be a date such as 2026-01-31") }
    let movement = BankMovement(name, currency)
    if movement == nil {
      fields.note("movement", "must be a payout, a batch, or a deposit with its currency")
    }
    try fields.finish()
    guard let movement, let day else { preconditionFailure("what is missing is a fault") }
    return try await call.write { tx in
      let now = try await DatabaseClock.now(in: tx)
      let outcome = try await DateBankMovement.run(
        movement, returned: returned, on: day, by: call.member.member, at: now, in: tx)
      switch outcome {
      case .recorded(let count): return .created(json(count))
      case .repeated: return .json(json(0))
      case .unknown: throw Problem.notFound("such movement of the bank account")
      case .notYet: throw Invalid("/date", "must not be in the future")
      }
    }
  }

  private static func json(_ count: Int) -> [UInt8] {
    let json: JSON = ["recorded": .int(Int64(count))]
    return json.bytes()
  }
}
