import Postgres

/// After a payout that failed or came back, automatic ones stop for that member and currency, or a
/// closed bank account would be tried for ever. A payout by request, or resuming, starts them.
enum StoppedPayouts {
  /// An SQL condition; `m` names the member's id, `currency` binds or names the currency's code.
  /// It reads `s.resumed_at` of payout_settings.
  static func exist(member: String, currency: Query) -> Query {
    """
    EXISTS (
      SELECT FROM payouts f
      WHERE f.member_id = \(unsafeSQL: member) AND f.currency = \(currency)
        AND f.state IN ('failed', 'returned')
        AND (s.resumed_at IS NULL OR f.changed_at > s.resumed_at)
        AND NOT EXISTS (
          SELECT FROM payouts r
          WHERE r.member_id = f.member_id AND r.currency = f.currency AND r.id <> f.id
            AND r.origin = 'requested' AND r.created_at >= f.changed_at))
    """
  }
}
