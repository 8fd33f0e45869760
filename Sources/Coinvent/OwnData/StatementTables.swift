extension MemberTable {
  /// Settlement periods, and what members were told of them.
  static let statements = [
    MemberTable("period_events", "changed_by", "maker", erasure: .stays(calls)),
    MemberTable("period_previews", "made_by", "maker", erasure: .stays(calls)),
    MemberTable("publications", "begun_by", erasure: .stays(calls)),
    MemberTable(
      "statement_seals", "member_id", export: .found(where: told), erasure: .stays(trail)),
    MemberTable(
      "statement_balances", "member_id", export: .found(where: told), erasure: .stays(trail)),
    MemberTable(
      "statement_movements", "member_id", "from_owner", "to_owner",
      export: .found(where: told), erasure: .stays(trail)),
  ]

  /// They are found by publication, and are told when it is done.
  private static let told = """
    t.member_id = $ AND (t.period_id, t.version) IN (
      SELECT period_id, version FROM publications WHERE done_at IS NOT NULL)
    """
  private static let calls = "Decisions about settlements"
}
