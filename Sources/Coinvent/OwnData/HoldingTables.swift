extension MemberTable {
  /// What becomes of shares after they are earned.
  static let holdings = [
    MemberTable("disputes", "member_id", erasure: .stays(trail)),
    MemberTable("dispute_ends", "ended_by", erasure: .stays(trail)),
    MemberTable(
      "identity_merges", "from_member", "to_member", "asked_by", "ended_by",
      erasure: .stays(trail)),
    MemberTable(
      "holding_changes", "from_member", "to_member", "recorded_by", erasure: .stays(trail)),
    MemberTable("share_offers", "from_member", "to_member", erasure: .stays(trail)),
    MemberTable("share_offer_ends", "ended_by", erasure: .stays(trail)),
    MemberTable("leaver_rules", "made_by", erasure: .stays("Decisions about the community")),
    MemberTable("leavers", "member_id", erasure: .stays(trail)),
    MemberTable(
      "deaths", "member_id", "heir_id", "recorded_by", "ended_by", erasure: .stays(trail)),
    MemberTable(
      "display_choices", "member_id", erasure: .stays("Who wished not to be shown")),
  ]
}
