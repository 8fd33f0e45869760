extension MemberTable {
  /// What members chose in projects.
  static let choices: [MemberTable] = []
}
