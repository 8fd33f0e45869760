import JSON
import Ledger
import Postgres

extension Period {
  public var json: JSON {
    [
      "id": .string(id.description), "name": .string(name), "through": .string("\(through)"),
      "state": .string(state.rawValue), "automatic": .bool(isAutomatic),
    ]
  }

  /// With its history, and the preview that was looked at last.
  public func json(_ events: [PeriodEvent], _ report: PreviewReport?) -> JSON {
    [
      "id": .string(id.description), "name": .string(name), "through": .string("\(through)"),
      "state": .string(state.rawValue), "automatic": .bool(isAutomatic),
      "events": .array(events.map(\.json)), "preview": report?.json ?? .null,
    ]
  }
}

extension PeriodEvent {
  public var json: JSON {
    [
      "what": .string(what.rawValue), "state": .string(state.rawValue),
      "reason": .string(reason),
      "changed_by": changedBy.map { .string($0.description) } ?? .null,
      "changed_at": .string(changedAt.description),
      "preview_id": preview.map { .string($0.description) } ?? .null,
      "settlement_id": settlement.map { .string($0.description) } ?? .null,
    ]
  }
}

extension PreviewReport {
  public var json: JSON {
    [
      "preview_id": .string(preview.id.description),
      "made_by": preview.madeBy.map { .string($0.description) } ?? .null,
      "planned_at": .string(preview.plannedAt.description),
      "cut_off": .string(preview.cutOff.description), "changes": .int(preview.changes),
      "plan_sha256": .string(Digest.hex(preview.sha256)),
      "exceeds": preview.exceeds.map { .string($0) } ?? .null,
      "totals": .array(
        totals.map {
          [
            "currency": .string($0.change.currency.code), "change": .string($0.change.decimal),
            "products": .int(Int64($0.products)),
          ]
        }),
      "products": .array(
        products.map {
          [
            "product_id": .string($0.id.description), "name": .string($0.name),
            "currency": .string($0.change.currency.code), "change": .string($0.change.decimal),
            "last_period": .string($0.last.decimal),
          ]
        }),
      "warnings": .array(warnings.map { .string($0) }), "ahead": ahead?.json ?? .null,
    ]
  }
}
