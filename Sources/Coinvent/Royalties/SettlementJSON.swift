import JSON
import Ledger

extension SettlementSummary {
  /// As the API and `coinvent settle --json` answer.
  public var json: JSON {
    [
      "outcome": "settled",
      "settlement_id": .string(id.description),
      "resumed": resumed.map { .string($0.description) } ?? .null,
      "cut_off": .string(cutOff.description),
      "currencies": .array(
        lines.map { line in
          func money(_ nanos: Int64) -> JSON {
            .string(Amount(nanos: nanos, currency: line.currency).decimal)
          }
          return [
            "currency": .string(line.currency.code), "pool": money(line.pool),
            "credited": money(line.credited), "house": money(line.house),
            "crumbs": money(line.crumbs), "products": .int(line.products),
            "members": .int(line.members),
          ]
        }),
      "waiting": .array(waiting.map(\.json)), "ahead": ahead?.json ?? .null,
    ]
  }
}

extension WaitingSales {
  public var json: JSON {
    [
      "product_id": .string(product.description), "currency": .string(currency.code),
      "lines": .int(lines),
      "gross": .string(Amount(nanos: gross, currency: currency).decimal),
      "reason": "shares_not_locked",
    ]
  }
}

extension PreviewSettlement.Change {
  public var json: JSON {
    [
      "product_id": .string(product.description), "contract_version": .int(Int64(contractVersion)),
      "share_version": .int(Int64(shareVersion)), "currency": .string(before.currency.code),
      "before": .string(before.decimal), "after": .string(after.decimal),
    ]
  }
}

extension PreviewSettlement {
  public var json: JSON {
    [
      "outcome": "dry_run", "changes": .array(changes.map(\.json)),
      "ahead": ahead?.json ?? .null,
    ]
  }
}

extension SettleOutcome {
  public static func waitingJSON(_ period: Period, _ preview: PeriodPreview) -> JSON {
    [
      "outcome": "needs_approval", "period": .string(period.name),
      "preview_id": .string(preview.id.description),
      "exceeds": preview.exceeds.map { .string($0) } ?? .null,
    ]
  }

  public static func nothingJSON(_ waiting: [WaitingSales], _ ahead: SalesAhead?) -> JSON {
    [
      "outcome": "nothing_to_do", "waiting": .array(waiting.map(\.json)),
      "ahead": ahead?.json ?? .null,
    ]
  }
}
