extension MemberTable {
  /// What members have committed to buy.
  static let presales = [
    MemberTable("presales", "opened_by", "ended_by", erasure: .stays(calls)),
    MemberTable("presale_extensions", "changed_by", erasure: .stays(calls)),
    MemberTable(
      "commitments", "member_id", export: .rows(without: ["method"]),
      erasure: .changed("What was charged stays; the rest is cancelled and not charged")),
  ]

  private static let calls = "Decisions about products"
}
