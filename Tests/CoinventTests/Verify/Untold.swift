/// Columns that verify does not look at, each with the reason, and those that the schema guards.
enum Untold {
  static let reasons: [String: String] = [
    "lifetime_marker.planned_at": "a later plan that changes nothing moves it on; the rules that "
      + "were new until then are in counted_rules",
    "contracts.created_at": "nothing depends on when a first version was written; a later one "
      + "begins no earlier, and then its sales do not fit",
    "contracts.reason": "words",
    "transfers.posted_at": "says when, and no figure follows from it but the sums of days and "
      + "statements, which are looked at where they are",
    "referrals.made_at": "says when; a code counts from the first sale that names it",
    "shares.reason": "words; the weights that they name are recounted from events",
    "publications.begun_at": "says when",
    "publications.done_at": "says when",
    "publications.sealed": "when it is not, the next run looks for what is left, and says so again",
    "period_previews.exceeds": "words; whether there are any is in the event, which is looked at",
    "sale_lines.source": "a name; figures follow from it only through returns",
    "sale_lines.external_id": "a name; figures follow from it only through returns",
    "sale_lines.received_at": "says when",
    "sale_lines.edition": "numbers the lines of one key, of which one counts",
    "payouts.minimum": "the policy at the time, which the schema holds the amount to",
    "payouts.payable_before": "what the amount was held to by the schema",
    "payouts.handle": "who it was then",
    "payouts.name": "who it was then",
    "payouts.batch_id": "which file it went out with",
    "payouts.problem": "words",
    "payouts.created_at": "says when",
    "payouts.changed_at": "says when",
    "sale_withdrawals.reason": "words",
    "sale_withdrawals.withdrawn_by": "says who",
    "sale_withdrawals.withdrawn_at": "says when; what counts is its arrival",
  ]

  /// No row can be changed in them alone: a check or a key of the table itself refuses it, or
  /// nothing ever writes into them.
  static let refused: Set<String> = [
    "settlements.state", "lifetime_marker.only_one", "contracts.version", "contracts.made_by",
    "referrals.code", "transfers.corrects", "publications.begun_by", "balances.kind",
    "payouts.origin", "payouts.request_key", "payouts.unit", "payouts.attempts",
    "payouts.first_sent_at", "payouts.provider_id",
  ]

  /// Of these only the sum of all settlements is recounted, and so the pool is named.
  static let isOfAllTime: Set = ["settlement_terms.released"]

  /// Where rows differ in what follows from them.
  static let condition = [
    "contracts.starts_at": "version > 1",
    // What no rate is of is looked at from the moment on that a statement says it.
    "sale_lines.unit_price": told, "sale_lines.discount": told, "sale_lines.allowance": told,
    "contracts.referral_ppm": "referral_ppm > 0",
    // Of products whose contract has no terms nothing follows from it.
    "sale_lines.territory":
      told + " AND product_id IN (SELECT product_id FROM contracts WHERE terms IS NOT NULL)",
  ]

  private static let told = """
    product_id IN (SELECT product_id FROM pools)
    AND arrival <= (SELECT max(horizon) FROM settlements WHERE statement_version IS NOT NULL)
    """
}
