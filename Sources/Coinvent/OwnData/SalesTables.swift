extension MemberTable {
  static let sales = [
    MemberTable("sale_mappings", "added_by", erasure: .stays(intake)),
    MemberTable("product_aliases", "added_by", erasure: .stays(intake)),
    MemberTable("sale_withdrawals", "withdrawn_by", erasure: .stays(intake)),
    MemberTable("suspense_repairs", "repaired_by", erasure: .stays(intake)),
  ]

  private static let intake = "Who decided how sales are counted"
}
