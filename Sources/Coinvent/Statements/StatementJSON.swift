import JSON
import Ledger
import Postgres

extension Statement {
  /// The canonical form: no blanks, the members in this order. Its SHA-256 is the statement's.
  public var json: JSON {
    [
      "format_version": .int(Int64(Self.formatVersion)), "statement": .string(periodName),
      "period_id": .string(period.description), "through": .string(through.description),
      "member_id": .string(member.description),
      "version": .int(Int64(version)), "made_at": .string(madeAt.description),
      "currencies": .array(accounts.map(\.json)),
    ]
  }
}

extension Statement.Account {
  fileprivate var json: JSON {
    func money(_ nanos: Int64) -> JSON { .string(Amount(nanos: nanos, currency: currency).decimal) }
    return [
      "currency": .string(currency.code), "opening": money(opening), "credited": money(credited),
      "paid": money(total(.paid)), "bounced": money(total(.bounced)),
      "fees": money(total(.fee) + total(.feeRefund)), "tax_withheld": money(total(.tax)),
      "given": money(total(.given)), "adjustments": money(total(.adjustment)),
      "closing": money(closing), "on_its_way": money(inFlight),
      "changes": closingBefore.map {
        ["closing_before": money($0), "difference": money(closing - $0)]
      } ?? .null,
      "products": .array(products.map { $0.json(currency) }),
      "movements": .array(
        movements.map {
          [
            "kind": .string($0.kind.rawValue), "amount": money($0.amount),
            "at": .string($0.at.description), "cause": .string($0.cause.description),
            "new": .bool($0.isNew),
          ]
        }),
    ]
  }
}

extension Statement.Product {
  fileprivate func json(_ currency: Currency) -> JSON {
    [
      "product_id": .string(id.description), "name": .string(name),
      "credited": .string(Amount(nanos: credited, currency: currency).decimal),
      "lines": .array(lines.map { $0.json(currency) }),
    ]
  }
}

extension StatementLine {
  fileprivate func json(_ currency: Currency) -> JSON {
    func text(_ text: String) -> JSON { text.isEmpty ? .null : .string(text) }
    return [
      "kind": .string(kind.rawValue),
      "settlement_id": settlement.map { .string($0.description) } ?? .null, "new": .bool(isNew),
      "channel": text(channel), "territory": text(territory), "format": text(format),
      "units": units.map { .int($0) } ?? .null,
      "base": base.map { .string(Self.plain($0, 15, currency)) } ?? .null,
      "rate_ppm": ratePPM.map { .int($0) } ?? .null,
      "pool": pool.map { .string(Self.plain($0, 21, currency)) } ?? .null,
      "share_ppb": sharePPB.map { .int($0) } ?? .null,
      "amount": .string(Amount(nanos: amount, currency: currency).decimal),
      "sentence": .string(sentence),
    ]
  }

  /// For machines: an ASCII minus.
  static func plain(_ value: Int128, _ scale: Int, _ currency: Currency) -> String {
    let text = Decimals.text(value, scale: scale, least: currency.minorUnits)
    return value < 0 ? "-" + text.dropFirst() : text
  }
}
