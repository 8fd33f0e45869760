extension MemberTable {
  /// What becomes of shares after they are earned.
  static let holdings: [MemberTable] = []
}
