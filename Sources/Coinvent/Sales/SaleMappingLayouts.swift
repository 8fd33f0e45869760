import JSON

/// The parts of a mapping's JSON that belong to one layout.
extension SaleMapping {
  static func orders(_ json: JSON) throws(Invalid) -> Orders {
    var fields = try Fields(json, at: "/orders")
    var orders = Orders()
    orders.by = fields.text("by")
    orders.item = fields.optionalText("item")
    orders.carried = list(&fields, "carried")
    orders.discount = fields.optionalText("discount")
    orders.subtotal = fields.optionalText("subtotal")
    orders.taxes = fields.part("taxes", taxes)
    if orders.taxes != nil && orders.subtotal == nil {
      fields.note("subtotal", "is required with taxes")
    }
    orders.refundedUnits = fields.optionalText("refunded_units")
    orders.refundedMoney = fields.optionalText("refunded_money")
    orders.refundedWhole = fields.part("refunded_whole") { (json) throws(Invalid) in
      try words(json)
    }
    orders.refunded = fields.part("refunded") { (json) throws(Invalid) in
      var inner = try Fields(json, at: "/orders/refunded")
      let refunded = (amount: inner.text("amount"), of: inner.text("of"))
      try inner.finish()
      return refunded
    }
    try fields.finish()
    return orders
  }

  private static func taxes(_ json: JSON) throws(Invalid) -> OrderTaxes {
    var fields = try Fields(json, at: "/orders/taxes")
    let taxes = OrderTaxes(
      amount: fields.text("amount"), total: fields.text("total"), plus: list(&fields, "plus"),
      otherwise: fields.optionalChoice("else", of: OrderTaxes.Prices.self))
    try fields.finish()
    return taxes
  }

  static func amounts(_ json: JSON) throws(Invalid) -> Amounts {
    var fields = try Fields(json, at: "/amounts")
    var amounts = Amounts()
    amounts.group = list(&fields, "group")
    amounts.carried = list(&fields, "carried")
    amounts.item = fields.text("item")
    amounts.type = fields.text("type")
    amounts.kind = fields.text("description")
    amounts.amount = fields.text("amount")
    amounts.units = fields.text("units")
    amounts.sales = fields.part("sales") { (json) throws(Invalid) in try words(json) }
    amounts.refunds = fields.part("refunds") { (json) throws(Invalid) in try words(json) }
    amounts.refundID = list(&fields, "refund_id")
    amounts.price = Set(list(&fields, "price"))
    amounts.discount = Set(list(&fields, "discount"))
    let named = fields.json("deductions")?.object ?? JSONObject()
    for (name, kinds) in named {
      if let fault = SaleLineReader.fault(ofDeduction: name) {
        fields.note("deductions", "\(name) \(fault)")
      }
      amounts.deductions.append((name, Set((kinds.array ?? []).compactMap(\.string))))
    }
    if amounts.sales == nil { fields.note("sales", "is required") }
    if amounts.group.isEmpty { fields.note("group", "must name the columns of an order") }
    try fields.finish()
    return amounts
  }
}
