import JSON
import Ledger
import Postgres

extension TrialBalance {
  public static func json(_ balances: [TrialBalance]) -> JSON {
    .array(
      balances.map {
        [
          "kind": .string($0.kind.rawValue), "currency": .string($0.currency.code),
          "amount": .string($0.decimal),
        ]
      })
  }
}

extension AccountBalance {
  public static func json(_ balances: [(currency: Currency, nanos: Int128)]) -> JSON {
    .array(
      balances.map {
        ["currency": .string($0.currency.code), "amount": .string(NineDigits.text($0.nanos))]
      })
  }
}

extension ComparedAssertion {
  public var json: JSON {
    [
      "account": .string(assertion.kind.rawValue),
      "currency": .string(assertion.amount.currency.code),
      "date": .string(assertion.day.description),
      "amount": .string(NineDigits.text(assertion.amount.nanos)),
      "reference": .string(assertion.reference), "books": .string(NineDigits.text(books)),
      "by_bank_days": .string(NineDigits.text(byBankDays)),
      "difference": .string(NineDigits.text(difference)), "replaced": .bool(isReplaced),
      "agrees": .bool(agrees),
    ]
  }
}
