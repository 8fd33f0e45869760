import Ledger
import Postgres

/// From a payout, the line on the bank's statement, back to the sales it came from.
public struct TracePayout: Sendable {
  public let payout: Payout
  /// When it was paid; nil while its outcome is open, or when it failed or came back.
  public let paidAt: Timestamp?
  public let parts: [(part: Trace.Part, sales: TracedSales)]

  /// Nil when there is no such payout.
  public static func run(_ id: PayoutID, in tx: Transaction) async throws -> TracePayout? {
    guard let payout = try await FindPayout.run(id, in: tx) else { return nil }
    let paidAt = try await FindPayout.events(of: payout, in: tx).last { $0.state == .paid }?.at
    var parts: [(part: Trace.Part, sales: TracedSales)] = []
    for part in try await Trace.of(payout.member, in: tx).parts(of: id) {
      parts.append((part, try await TracedSales.of(part.credit, in: tx)))
    }
    return TracePayout(
      payout: payout, paidAt: payout.state == .paid ? paidAt : nil, parts: parts)
  }
}
