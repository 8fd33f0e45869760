/// A table that holds something of members, and what becomes of it when they take their data away
/// or leave. Exports of a member's own data and erasures are made of `all`.
///
/// A test walks the schema: a column of members that is not named here fails it.
struct MemberTable: Sendable {
  let name: String
  /// The columns that hold a member.
  let columns: [String]
  let export: Export
  let erasure: Erasure

  enum Export: Sendable {
    /// All rows in which one of `columns` is the member, without some of what they hold.
    case rows(without: Set<String> = [])
    /// Rows found by a condition in which `$` stands for the member, without some columns.
    case found(where: String, without: Set<String> = [])
    case none(because: String)
  }

  enum Erasure: Sendable {
    /// Rows whose first column is the member are deleted.
    case deleted
    /// `EraseMember` changes what tells who it was, or what was not given away.
    case changed(String)
    /// It stays under the pseudonym.
    case stays(String)
  }

  init(
    _ name: String, _ columns: String..., export: Export = .rows(), erasure: Erasure
  ) {
    self.name = name
    self.columns = columns
    self.export = export
    self.erasure = erasure
  }

  /// The condition for the rows that are exported; nil for none.
  var condition: String? {
    switch export {
    case .rows: columns.map { "t.\($0) = $" }.joined(separator: " OR ")
    case .found(let condition, _): condition
    case .none: nil
    }
  }

  var omitted: Set<String> {
    switch export {
    case .rows(let columns), .found(_, let columns): columns
    case .none: []
    }
  }

  static let all =
    account + ideas + votes + conversation + curation + notifications + products + projects + sales
    + choices + presales + holdings + money + statements
}

extension MemberTable {
  private static let account = [
    MemberTable(
      "members", "id", export: .rows(without: ["password_hash"]),
      erasure: .changed("The row stays as a former member, without name, address and password")),
    MemberTable(
      "tokens", "member_id", export: .rows(without: ["secret_hash"]), erasure: .deleted),
    MemberTable(
      "kept_answers", "principal",
      export: .none(because: "copies of answers, kept for a week for requests that are repeated"),
      erasure: .deleted),
    MemberTable("erasures", "member_id", erasure: .stays("That it was asked for, and when")),
    MemberTable(
      "terms", "made_by", export: .rows(without: ["text"]),
      erasure: .stays("Terms that others have accepted")),
    MemberTable(
      "term_acceptances", "member_id", erasure: .stays("Which terms were accepted for an idea")),
  ]

  private static let ideas = [
    MemberTable(
      "ideas", "author_id",
      erasure: .changed("Ideas that others have read stay; drafts and what was taken back go")),
    MemberTable(
      "idea_versions", export: .found(where: ownIdea),
      erasure: .changed("As the ideas that they are of")),
    MemberTable(
      "idea_images", export: .found(where: ownIdea),
      erasure: .changed("As the ideas that they are of, their bytes too")),
    MemberTable("idea_texts", "author_id", export: .none(because: repeats), erasure: .stays(same)),
    MemberTable("idea_tags", "author_id", export: .none(because: repeats), erasure: .stays(same)),
    MemberTable("tallies", "author_id", export: .none(because: repeats), erasure: .stays(same)),
    MemberTable(
      "imported_ideas", "imported_by", erasure: .stays("Which ideas were taken over")),
    MemberTable("idea_followers", "member_id", erasure: .deleted),
    MemberTable("merged_followers", "member_id", erasure: .deleted),
  ]

  private static let ownIdea = "t.idea_id IN (SELECT id FROM ideas WHERE author_id = $)"
  private static let repeats = "it repeats the idea"
  private static let same = "As the ideas that they repeat"

  private static let votes = [
    MemberTable(
      "votes", "member_id", erasure: .changed("Votes count on; where they came from goes")),
    MemberTable(
      "held_votes", "member_id", erasure: .changed("Votes stay; where they came from goes")),
    MemberTable(
      "merged_votes", "member_id", erasure: .changed("Votes stay; where they came from goes")),
    MemberTable("sealed_votes", "member_id", erasure: .stays("Votes that a seal counts")),
    MemberTable("vote_hold_events", "member_id", erasure: .stays("Which votes were held")),
    MemberTable(
      "vote_signal_votes", "member_id", export: .none(because: "what curators look into"),
      erasure: .stays("What a signal rests on")),
    MemberTable(
      "vote_pairs", "a", "b", export: .none(because: "what signals are found from"),
      erasure: .stays("Forgotten by itself after the look-back")),
    MemberTable("vote_accounts", "member_id", erasure: .stays("What the votes have cost")),
    MemberTable("vote_charges", "member_id", erasure: .stays("What the votes have cost")),
    MemberTable(
      "proxy_votes", "cast_by", "rescinded_by", "confirmed_by",
      export: .rows(without: ["person", "email", "note"]),
      erasure: .changed("The record stays; the person's name and address go")),
    MemberTable("evaluation_ratings", "member_id", erasure: .stays("Ratings that are counted")),
    MemberTable("idea_likings", "member_id", erasure: .deleted),
  ]

  private static let conversation = [
    MemberTable(
      "comments", "author_id", export: .rows(without: ["html", "rendered", "thread_id"]),
      erasure: .changed("Comments lose their text, official answers keep it")),
    MemberTable(
      "comment_versions",
      export: .found(
        where: "(t.idea_id, t.comment_id) IN "
          + "(SELECT idea_id, id FROM comments WHERE author_id = $)"),
      erasure: .changed("Former texts go")),
    MemberTable("comment_mentions", "member_id", erasure: .deleted),
    MemberTable("helpful_marks", "member_id", erasure: .stays("Marks that earn for others")),
    MemberTable("reactions", "member_id", erasure: .stays("Signs that are counted")),
  ]

  private static let curation = [
    MemberTable("conversations", "locked_by", erasure: .stays(office)),
    MemberTable("audit", "actor_id", erasure: .stays("What curators and admins did to others")),
    MemberTable(
      "bans", "member_id", "made_by", erasure: .stays("Who was kept from what, and why")),
    MemberTable(
      "cases", "member_id", "claimed_by", "resolved_by",
      export: .found(where: "t.member_id = $ OR t.resolved_by = $"),
      erasure: .stays("What was decided about reports")),
    MemberTable("reports", "reporter_id", erasure: .stays("What others had to answer for")),
    MemberTable("decisions", "decided_by", erasure: .stays(office)),
    MemberTable("gate_choices", "chosen_by", erasure: .stays(office)),
    MemberTable("briefs", "made_by", erasure: .stays(office)),
    MemberTable("brief_extensions", "changed_by", erasure: .stays(office)),
    MemberTable("idea_history", "changed_by", erasure: .stays(office)),
    MemberTable("idea_merges", "merged_by", "undone_by", erasure: .stays(office)),
    MemberTable("evaluations", "made_by", erasure: .stays(office)),
    MemberTable("evaluation_entries", "decided_by", erasure: .stays(office)),
    MemberTable("vote_policies", "made_by", erasure: .stays(office)),
    MemberTable("vote_group_weights", "made_by", erasure: .stays(office)),
    MemberTable(
      "vote_group_members", "member_id", "added_by", "removed_by",
      export: .found(where: "t.member_id = $"),
      erasure: .stays("How votes were weighed, under the pseudonym")),
    MemberTable("vote_signal_decisions", "decided_by", erasure: .stays(office)),
  ]

  private static let office = "Decisions about ideas"

  private static let notifications = [
    MemberTable(
      "notices", "actor_id", "recipients", export: .found(where: "t.actor_id = $"),
      erasure: .stays("That something has happened")),
    MemberTable(
      "member_notices", "actor_id", "recipients", export: .found(where: "t.actor_id = $"),
      erasure: .stays("That something has happened")),
    MemberTable(
      "notifications", "member_id", "actor_id", export: .found(where: "t.member_id = $"),
      erasure: .deleted),
    MemberTable("notification_preferences", "member_id", erasure: .deleted),
    MemberTable("member_zones", "member_id", erasure: .deleted),
    MemberTable(
      "digest_work", "member_id", export: .none(because: "when the next mail is due"),
      erasure: .deleted),
    MemberTable(
      "mails", "member_id", export: .rows(without: ["worker", "leased_until"]),
      erasure: .deleted),
  ]

  private static let products = [
    MemberTable("products", "inventor_id", erasure: .stays(trail)),
    MemberTable("recipes", "made_by", erasure: .stays(trail)),
    MemberTable("contracts", "made_by", erasure: .stays(trail)),
    MemberTable(
      "default_recipes", "made_by", export: .rows(without: ["recipe"]), erasure: .stays(office)),
    MemberTable("influence_events", "member_id", "recorded_by", erasure: .stays(trail)),
    MemberTable("share_versions", "proposed_by", "locked_by", erasure: .stays(trail)),
    MemberTable("shares", "member_id", erasure: .stays(trail)),
    MemberTable("share_totals", "member_id", erasure: .stays(trail)),
  ]

  static let trail = "Who has earned what share of a product, under the pseudonym"

  private static let money = [
    MemberTable("fee_rates", "set_by", erasure: .stays(books)),
    MemberTable("idea_fees", "member_id", erasure: .stays(books)),
    MemberTable("fee_events", "changed_by", erasure: .stays(books)),
    MemberTable("fee_receipts", "recorded_by", erasure: .stays(books)),
    MemberTable("balances", "owner", erasure: .stays(books)),
    MemberTable("transfers", "home", "from_owner", "to_owner", erasure: .stays(books)),
    MemberTable(
      "payouts", "member_id", erasure: .changed("Payouts stay, without handle and name")),
    MemberTable("payout_events", "member_id", erasure: .stays(books)),
    MemberTable("book_deposits", "made_by", erasure: .stays(books)),
    MemberTable("bank_days", "made_by", erasure: .stays(books)),
    MemberTable("balance_assertions", "made_by", erasure: .stays(books)),
    MemberTable(
      "proof_leaves", "first_member",
      export: .none(because: "hashes of many members' lines; a proof has the member's own"),
      erasure: .stays(books)),
    MemberTable(
      "payout_settings", "member_id", erasure: .changed("Nothing is paid out any more")),
    MemberTable(
      "payout_work", "member_id", export: .none(because: "what workers have to do"),
      erasure: .stays("There is none: no payout may be open")),
  ]

  private static let books = "The books, under the pseudonym"
}
