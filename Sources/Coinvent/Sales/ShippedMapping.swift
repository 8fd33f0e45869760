import JSON

/// Mappings that come with Coinvent, for reports that many have.
public enum ShippedMapping: String, CaseIterable, Sendable {
  /// The orders that Shopify exports as CSV.
  case shopify
  /// Amazon's settlement report, flat file V2.
  case amazon
  /// Orders of WooCommerce as CSV with a row for each item.
  case woocommerce

  public var about: String {
    switch self {
    case .shopify: "Shopify: orders, exported as CSV"
    case .amazon: "Amazon: settlement report, flat file V2"
    case .woocommerce: "WooCommerce: orders as CSV, one row per item"
    }
  }

  public func mapping() throws -> SaleMapping { try SaleMapping(json: json()) }

  /// The same language in which a community writes its own.
  public func json() throws -> JSON {
    switch self {
    case .shopify: try JSON.parse(Self.shopifyText)
    case .amazon: try JSON.parse(Self.amazonText)
    case .woocommerce: try JSON.parse(Self.woocommerceText)
    }
  }

  private static let shopifyText = """
    {"layout": "orders",
     "fields": {
       "product_id": ["Lineitem sku", "Lineitem name"], "channel": {"value": "direct"},
       "quantity": "Lineitem quantity", "unit_price": "Lineitem price",
       "discount": ["Lineitem discount"], "currency": "Currency",
       "sold_at": ["Paid at", "Created at"], "territory": ["Shipping Country", "Billing Country"]},
     "optional": ["Lineitem sku", "Lineitem name", "Lineitem discount", "Paid at", "Created at",
                  "Shipping Country", "Billing Country", "Discount Amount", "Financial Status",
                  "Subtotal", "Shipping", "Duties", "Taxes", "Total", "Refunded Amount"],
     "territories": {"AC": "SH", "TA": "SH", "AN": "", "XK": ""},
     "orders": {
       "by": "Name", "discount": "Discount Amount", "subtotal": "Subtotal",
       "taxes": {"amount": "Taxes", "total": "Total", "plus": ["Shipping", "Duties"]},
       "carried": ["Currency", "Paid at", "Created at", "Shipping Country", "Billing Country",
                   "Financial Status"],
       "refunded_whole": {"column": "Financial Status", "is": ["refunded"]},
       "refunded": {"amount": "Refunded Amount", "of": "Total"}},
     "pass_over": [{"column": "Financial Status", "reason": "not paid",
                    "is": ["pending", "authorized", "partially_paid", "voided", "expired",
                           "unpaid"]}]}
    """

  private static let amazonText = """
    {"layout": "amounts", "delimiter": "tab", "decimal": "either",
     "fields": {"product_id": "sku", "channel": {"value": "retail"}, "currency": "currency",
                "sold_at": ["posted-date-time", "posted-date"]},
     "control": {"sum": "amount", "total": "total-amount"},
     "optional": ["total-amount", "quantity-purchased", "posted-date-time", "posted-date",
                  "adjustment-id", "merchant-adjustment-item-id"],
     "amounts": {
       "group": ["transaction-type", "order-id"], "carried": ["currency"],
       "item": "order-item-code",
       "type": "amount-type", "description": "amount-description", "amount": "amount",
       "units": "quantity-purchased",
       "sales": {"column": "transaction-type", "is": ["Order"]},
       "refunds": {"column": "transaction-type",
                   "is": ["Refund", "Chargeback Refund", "A-to-z Guarantee Refund"]},
       "refund_id": ["adjustment-id", "merchant-adjustment-item-id", "posted-date-time"],
       "price": ["ItemPrice/Principal"], "discount": ["Promotion/Principal"],
       "deductions": {"commission": ["ItemFees/Commission", "ItemFees/RefundCommission"],
                      "fees": ["ItemFees/*"]}}}
    """

  private static let woocommerceText = """
    {"layout": "orders", "dates": "month_first",
     "fields": {
       "product_id": ["item_sku", "item_name"], "channel": {"value": "direct"},
       "quantity": "item_quantity", "total": "item_subtotal", "net": "item_total",
       "currency": ["order_currency", "currency"],
       "sold_at": ["date", "order_date", "date_paid", "paid_date"],
       "territory": ["shipping_country", "billing_country"]},
     "optional": ["item_sku", "item_name", "item_total", "order_currency", "currency", "date",
                  "order_date", "date_paid", "paid_date", "shipping_country", "billing_country",
                  "item_id", "item_refunded_qty", "item_refunded", "status"],
     "territories": {"AC": "SH", "TA": "SH", "AN": "", "XK": ""},
     "orders": {
       "by": "order_id", "item": "item_id", "refunded_units": "item_refunded_qty",
       "refunded_money": "item_refunded",
       "carried": ["order_currency", "currency", "date_paid", "paid_date", "date", "order_date",
                   "shipping_country", "billing_country", "status"],
       "refunded_whole": {"column": "status", "is": ["refunded", "wc-refunded"]}},
     "pass_over": [{"column": "status", "reason": "not paid",
                    "is": ["pending", "failed", "cancelled", "on-hold", "checkout-draft",
                           "trash"]}]}
    """
}
