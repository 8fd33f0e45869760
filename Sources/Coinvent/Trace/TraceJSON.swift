import JSON
import Ledger

extension TracePayout {
  /// As `GET /v1/payouts/{id}/trace` and `coinvent explain payout --json` answer.
  public var json: JSON {
    [
      "payout_id": .string(payout.id.description), "member_id": .string(payout.member.description),
      "amount": .string(payout.amount.decimal),
      "currency": .string(payout.amount.currency.code), "state": .string(payout.state.rawValue),
      "rail": .string(payout.rail.rawValue),
      "provider_id": payout.providerID.map(JSON.string) ?? .null,
      "batch_id": payout.batch.map { .string($0.description) } ?? .null,
      "paid_at": paidAt.map { .string($0.description) } ?? .null,
      "parts": .array(
        parts.map { part, sales in
          [
            "amount": .string(money(part.amount, part.credit.currency)),
            "credit": part.credit.json(sales),
          ]
        }),
    ]
  }
}

extension TraceShare {
  /// As `GET /v1/products/{id}/trace` and `coinvent explain vote --json` answer.
  public var json: JSON {
    [
      "share": share.json,
      "credits": .array(
        credits.map { credit in
          [
            "credit": credit.credit.json(credit.sales),
            "went_to": .array(
              credit.parts.map { part in
                [
                  "kind": .string(part.taking.kind.rawValue),
                  "payout_id": part.taking.payout.map { .string($0.description) } ?? .null,
                  "at": .string(part.taking.at.description),
                  "amount": .string(money(part.amount, part.credit.currency)),
                ]
              }),
            "in_balance": .string(money(credit.left, credit.credit.currency)),
          ]
        }),
    ]
  }
}

extension TracedCredit {
  func json(_ sales: TracedSales) -> JSON {
    [
      "settlement_id": .string(settlement.description),
      "settled_at": .string(settledAt.description), "product_id": .string(product.description),
      "contract_version": .int(Int64(contractVersion)),
      "share_version": .int(Int64(shareVersion)), "currency": .string(currency.code),
      "amount": .string(money(amount, currency)), "is_referral": .bool(isReferral),
      "share_ppb": isReferral ? .null : .int(ppb), "pool_before": .string(money(before, currency)),
      "pool_after": .string(money(after, currency)),
      "lines": .array(sales.lines.map { $0.json(currency) }),
      "terms": sales.terms?.json(currency) ?? .null,
      "sales": .array(sales.sales.map { $0.json(currency) }),
      "sale_count": .int(sales.saleCount),
      "in_words": .array(sentences(sales).map(JSON.string)),
    ]
  }
}

extension TracedSales.Line {
  fileprivate func json(_ currency: Currency) -> JSON {
    [
      "channel": .string(channel), "territory": .string(territory), "format": .string(format),
      "rate_ppm": .int(ratePPM), "units": .int(units), "base": .string(money(base, currency)),
      "earned": .string(money(earned, currency)),
    ]
  }
}

extension TracedSales.Terms {
  fileprivate func json(_ currency: Currency) -> JSON {
    [
      "reserved": .string(money(reserved, currency)),
      "released": .string(money(released, currency)),
      "recouped": .string(money(recouped, currency)),
      "advanced": .string(money(advanced, currency)),
      "guaranteed": .string(money(guaranteed, currency)),
    ]
  }
}

extension TracedSales.Sale {
  fileprivate func json(_ currency: Currency) -> JSON {
    [
      "source": .string(source), "external_id": .string(externalID), "channel": .string(channel),
      "quantity": .int(quantity), "unit_price": .string(money(unitPrice, currency)),
      "sold_at": .string(soldAt.description),
      "territory": territory.map { .string($0) } ?? .null,
      "discount": .string(money(discount, currency)),
      "deductions": .string(money(deductions, currency)),
      "list_price": listPrice.map { .string(money($0, currency)) } ?? .null,
      "return_of": returnOf.map { .string($0) } ?? .null,
    ]
  }
}

private func money(_ nanos: Int64, _ currency: Currency) -> String {
  Amount(nanos: nanos, currency: currency).decimal
}
