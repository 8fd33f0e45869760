import JSON
import Ledger

extension Earnings {
  /// As `GET /v1/members/{id}/earnings` and `coinvent earnings --json` answer.
  /// - Parameter reasons: why nothing is paid, by currency.
  public func json(reasons: [Currency: WhyNotPaid.Reason]) -> JSON {
    let none = totals.isEmpty ? WhyNotPaid.Reason.nothingCredited : nil
    let first = totals.lazy.compactMap { reasons[$0.currency] }.first ?? none
    return [
      "member_id": .string(member.description),
      "currencies": .array(totals.map { $0.json(reasons[$0.currency]) }),
      "products": .array(products.map(\.json)),
      "periods": .array(periods.map(\.json)),
      "why_not_paid": first.map { .string($0.code.rawValue) } ?? .null,
      "why_not_paid_detail": first.map { .string($0.sentence) } ?? .null,
    ]
  }
}

private func money(_ nanos: Int64, _ currency: Currency) -> JSON {
  .string(Amount(nanos: nanos, currency: currency).decimal)
}

extension Earnings.Total {
  fileprivate func json(_ reason: WhyNotPaid.Reason?) -> JSON {
    let json: JSON = [
      "currency": .string(currency.code), "credited": money(credited, currency),
      "payable": money(payable, currency), "in_flight": money(inFlight, currency),
      "paid": money(paid, currency), "held": money(held, currency),
      "fees": money(fees, currency),
      "why_not_paid": reason.map { .string($0.code.rawValue) } ?? .null,
      "why_not_paid_detail": reason.map { .string($0.sentence) } ?? .null,
    ]
    // Of members who have left, and of nobody else.
    guard given != 0, var object = json.object else { return json }
    object["given"] = money(given, currency)
    return .object(object)
  }
}

extension Earnings.Product {
  fileprivate var json: JSON {
    [
      "product_id": .string(product.description), "currency": .string(currency.code),
      "share_ppb": .int(sharePPB), "credited": money(credited, currency),
      "referred": money(referred, currency),
    ]
  }
}

extension Earnings.Period {
  fileprivate var json: JSON {
    [
      "settlement_id": .string(settlement.description),
      "settled_at": .string(settledAt.description), "currency": .string(currency.code),
      "credited": money(credited, currency),
    ]
  }
}
