extension MemberTable {
  static let projects = [
    MemberTable("projects", "made_by", "ended_by", erasure: .stays(calls)),
    MemberTable(
      "project_entries", "author_id",
      erasure: .stays("What others have chosen among, under the pseudonym")),
    MemberTable("entry_makers", "member_id", erasure: .stays(trail)),
    MemberTable(
      "entry_files", "uploader_id", export: .rows(without: ["sha256"]),
      erasure: .stays("As the entries that use them; others are deleted after a day")),
    MemberTable("product_stages", "changed_by", erasure: .stays(calls)),
  ]

  private static let calls = "Decisions about products"
}
