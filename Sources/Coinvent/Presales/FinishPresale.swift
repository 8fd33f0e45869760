import Postgres

/// Notes that nothing is left to charge or to send back.
enum FinishPresale {
  /// - Parameter presale: held by the caller
  static func run(_ presale: Presale, in tx: Transaction) async throws {
    let end: Presale.State
    switch presale.state {
    case .charging: end = .charged
    case .refunding: end = .refunded
    case .open, .failed, .charged, .refunded: return
    }
    try await tx.execute(
      """
      UPDATE presales p SET state = \(end.rawValue)
      WHERE product_id = \(presale.product.uuid) AND number = \(presale.number)
        AND NOT EXISTS (
          SELECT FROM commitments c
          WHERE c.product_id = p.product_id AND c.presale = p.number
            AND c.state IN ('committed', 'charging', 'declined', 'refund_due', 'refunding'))
      """)
  }
}
