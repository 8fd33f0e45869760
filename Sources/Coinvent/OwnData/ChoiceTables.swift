extension MemberTable {
  /// What members chose in projects.
  static let choices = [
    MemberTable("project_choosers", "member_id", erasure: .stays(counted)),
    MemberTable("project_votes", "member_id", erasure: .stays(counted)),
    MemberTable("duels", "member_id", erasure: .stays(counted)),
    MemberTable("duel_offers", "member_id", erasure: .deleted),
    MemberTable("entry_ratings", "member_id", erasure: .stays(counted)),
    MemberTable("jury_scores", "member_id", erasure: .stays(counted)),
    MemberTable("price_guesses", "member_id", erasure: .stays(counted)),
  ]

  private static let counted = "Choices that are counted, under the pseudonym"
}
