import Postgres

/// Refunds whose report does not say how many units came back.
enum UnclearRefunds {
  private struct Sale {
    let unitPrice: Int64
    let quantity: Int64
    let discount: Int64

    /// The refund, of the units whose money it is: at their price, or what was paid of it.
    func clear(_ refund: SaleLine) -> SaleLine {
      guard unitPrice > 0 else { return refund }
      let units = refund.unitPrice / unitPrice
      if refund.unitPrice % unitPrice == 0, (1...quantity).contains(units) {
        return refund.clear(units: units, at: unitPrice, discount: refund.discount)
      }
      let (amount, all) = (Int128(refund.unitPrice), Int128(quantity))
      let paid = Int128(unitPrice) * all - Int128(discount)
      guard refund.discount == 0, refund.deductions.isEmpty, paid > 0, amount <= paid,
        amount * all % paid == 0
      else { return refund }
      let part = amount * all / paid
      return refund.clear(
        units: Int64(part), at: unitPrice, discount: Int64(Int128(discount) * part / all))
    }
  }

  /// The lines, those made clear whose money is that of whole units of the sale they name.
  static func resolve(_ lines: [SaleLine], of source: String, in tx: Transaction) async throws
    -> [SaleLine]
  {
    let unclear = lines.filter(\.isUnclear)
    if unclear.isEmpty { return lines }
    var sales: [String: Sale] = [:]
    for line in lines where line.quantity > 0 {
      sales[line.externalID] = Sale(
        unitPrice: line.unitPrice, quantity: line.quantity, discount: line.discount)
    }
    let stored = try await tx.all(
      """
      SELECT external_id, unit_price, quantity, discount FROM sale_lines s
      WHERE source = \(source) AND external_id = ANY(\(unclear.compactMap(\.returnOf)))
        AND quantity > 0 AND \(Withdrawals.stands("s"))
      """, as: (String, Int64, Int64, Int64).self)
    for (id, price, quantity, discount) in stored {
      sales[id] = Sale(unitPrice: price, quantity: quantity, discount: discount)
    }
    return lines.map { line in
      guard line.isUnclear, let sale = line.returnOf.flatMap({ sales[$0] }) else { return line }
      return sale.clear(line)
    }
  }
}
