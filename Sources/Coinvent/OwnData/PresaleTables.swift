extension MemberTable {
  /// What members have committed to buy.
  static let presales: [MemberTable] = []
}
