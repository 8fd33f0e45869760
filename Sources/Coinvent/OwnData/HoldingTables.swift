extension MemberTable {
  /// What becomes of shares after they are earned.
  static let holdings = [
    MemberTable("disputes", "member_id", erasure: .stays(trail)),
    MemberTable("dispute_ends", "ended_by", erasure: .stays(trail)),
  ]
}
