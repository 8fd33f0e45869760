extension MemberTable {
  /// Settlement periods, and what members were told of them.
  static let statements = [
    MemberTable("period_events", "changed_by", "maker", erasure: .stays(calls)),
    MemberTable("period_previews", "made_by", "maker", erasure: .stays(calls)),
    MemberTable("publications", "begun_by", erasure: .stays(calls)),
    MemberTable("statements", "member_id", erasure: .stays(trail)),
    MemberTable("statement_balances", "member_id", erasure: .stays(trail)),
    MemberTable(
      "statement_movements", "member_id", "from_owner", "to_owner", erasure: .stays(trail)),
  ]

  private static let calls = "Decisions about settlements"
}
