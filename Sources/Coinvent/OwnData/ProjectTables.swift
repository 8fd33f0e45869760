extension MemberTable {
  static let projects = [
    MemberTable("projects", "made_by", "ended_by", erasure: .stays(calls)),
    MemberTable(
      "project_entries", "author_id",
      erasure: .stays("What others have chosen among, under the pseudonym")),
    MemberTable("entry_makers", "member_id", erasure: .stays(trail)),
  ]

  private static let calls = "Decisions about products"
}
