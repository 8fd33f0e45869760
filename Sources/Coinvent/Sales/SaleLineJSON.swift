import JSON
import Ledger

extension SaleLine {
  /// The line as it would be sent again; particulars that it does not have are left out.
  public var json: JSON {
    func money(_ nanos: Int64) -> JSON { .string(Amount(nanos: nanos, currency: currency).decimal) }
    let fields: JSON = [
      "external_id": .string(externalID), "product_id": .string(product),
      "channel": .string(channel), "quantity": .int(quantity), "unit_price": money(unitPrice),
      "discount": money(discount), "allowance": money(allowance),
      "currency": .string(currency.code), "sold_at": .string(soldAt.description),
      "return_of": returnOf.map { .string($0) } ?? .null,
      "referral": referral.map { .string($0) } ?? .null,
    ]
    guard var json = fields.object else { return fields }
    json["territory"] = territory.map { .string($0.code) }
    json["format"] = format.map { .string($0) }
    json["list_price"] = listPrice.map(money)
    if !deductions.isEmpty {
      var named = JSONObject()
      for (name, nanos) in deductions.sorted(by: { $0.key < $1.key }) { named[name] = money(nanos) }
      json["deductions"] = .object(named)
    }
    if isUnclear { json["unclear"] = true }
    return .object(json)
  }

  /// `{"shipping":nanos}` as the database keeps it; nil when nothing is deducted by name.
  var deductionsJSON: String? {
    if deductions.isEmpty { return nil }
    var named = JSONObject()
    for (name, nanos) in deductions { named[name] = .int(nanos) }
    return JSON.object(named).text()
  }

  /// Whether `stored` says the same deductions.
  func deducts(_ stored: String?) throws -> Bool {
    guard let stored else { return deductions.isEmpty }
    guard let object = try JSON.parse(stored).object else { return false }
    return object.count == deductions.count
      && object.allSatisfy { deductions[$0.key] == $0.value.int }
  }
}
