extension MemberTable {
  /// What members have committed to buy.
  static let presales = [
    MemberTable("presales", "opened_by", "ended_by", erasure: .stays(calls)),
    MemberTable("presale_extensions", "changed_by", erasure: .stays(calls)),
    MemberTable(
      "commitments", "member_id", "referrer_id",
      export: .found(where: "t.member_id = $", without: ["method", "referrer_id"]),
      erasure: .changed("What was charged stays; the rest is cancelled and not charged")),
    MemberTable("referrals", "member_id", erasure: .stays(trail)),
    MemberTable("referral_dues", "member_id", erasure: .stays(trail)),
    MemberTable("referral_sums", "member_id", erasure: .stays(trail)),
    MemberTable("referral_changes", "member_id", erasure: .stays(trail)),
  ]

  private static let calls = "Decisions about products"
}
