import Coinvent

extension PolicyTests {
  /// Routes about what comes in about sales, and what goes out.
  static let salesEntries = [
    Entry(.get, "/v1/sales/reports", .finance, .finance),
    Entry(.get, "/v1/sales/reports/\(SaleReportID(uuid: .zero))", .finance, .finance),
    Entry(
      .post, "/v1/sales/reports/\(SaleReportID(uuid: .zero))/withdrawal", .finance, .finance),
    Entry(.get, "/v1/sales/mappings", .finance, .finance),
    Entry(.post, "/v1/sales/mappings", .finance, .finance),
    Entry(.get, "/v1/sales/aliases", .finance, .finance),
    Entry(.post, "/v1/sales/aliases", .finance, .finance),
    Entry(.get, "/v1/sales/suspense", .finance, .finance),
    Entry(.post, "/v1/sales/suspense/repair", .finance, .finance),
    Entry(.post, "/v1/sales/suspense/reject", .finance, .finance),
    Entry(.post, "/v1/sales/suspense/replay", .finance, .finance),
    Entry(.post, "/v1/hooks/sales/shop"),
    Entry(.post, "/v1/sales", .finance, .finance),
    Entry(.post, "/v1/settlements", .finance, .finance),
    Entry(.get, "/v1/members/\(MemberID.new())/earnings", .member, .read),
    Entry(.post, "/v1/payouts", .member, .finance),
    Entry(.get, "/v1/payouts", .member, .read),
    Entry(.get, "/v1/payouts/\(PayoutID.new())", .member, .read),
    Entry(.get, "/v1/payouts/\(PayoutID.new())/trace", .member, .read),
  ]
}
