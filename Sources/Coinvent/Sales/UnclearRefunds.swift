import Postgres

/// Refunds whose report does not say how many units came back.
enum UnclearRefunds {
  private struct Sale {
    let unitPrice: Int64
    let quantity: Int64
  }

  /// The lines, those made clear whose money is that of whole units of the sale they name.
  static func resolve(_ lines: [SaleLine], of source: String, in tx: Transaction) async throws
    -> [SaleLine]
  {
    let unclear = lines.filter(\.isUnclear)
    if unclear.isEmpty { return lines }
    var sales: [String: Sale] = [:]
    for line in lines where line.quantity > 0 {
      sales[line.externalID] = Sale(unitPrice: line.unitPrice, quantity: line.quantity)
    }
    let stored = try await tx.all(
      """
      SELECT external_id, unit_price, quantity FROM sale_lines s
      WHERE source = \(source) AND external_id = ANY(\(unclear.compactMap(\.returnOf)))
        AND quantity > 0 AND \(Withdrawals.stands("s"))
      """, as: (String, Int64, Int64).self)
    for (id, price, quantity) in stored {
      sales[id] = Sale(unitPrice: price, quantity: quantity)
    }
    return lines.map { line in
      guard line.isUnclear, let sale = line.returnOf.flatMap({ sales[$0] }), sale.unitPrice > 0
      else { return line }
      let units = line.unitPrice / sale.unitPrice
      guard line.unitPrice % sale.unitPrice == 0, (1...sale.quantity).contains(units) else {
        return line
      }
      return line.clear(units: units, at: sale.unitPrice)
    }
  }
}
