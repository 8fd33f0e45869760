import Postgres

/// Which products' pools must be computed together: those that name the same collateral in any
/// version, also over third ones. All others stand alone.
struct CollateralGroups {
  private var parent: [ProductID: ProductID] = [:]

  /// - Parameter names: of each product the collateral in its versions.
  /// - Returns: groups and their products, ascending.
  static func of(_ names: [ProductID: Set<String>]) -> [[ProductID]] {
    var groups = CollateralGroups()
    var first: [String: ProductID] = [:]
    for (product, named) in names.sorted(by: { $0.key.uuid < $1.key.uuid }) {
      for name in named {
        if let other = first[name] { groups.join(product, other) } else { first[name] = product }
      }
    }
    return Dictionary(grouping: names.keys, by: groups.head).values
      .map { $0.sorted { $0.uuid < $1.uuid } }
      .sorted { ($0.first?.uuid ?? .zero) < ($1.first?.uuid ?? .zero) }
  }

  private func head(_ product: ProductID) -> ProductID {
    var head = product
    while let next = parent[head] { head = next }
    return head
  }

  private mutating func join(_ a: ProductID, _ b: ProductID) {
    let (one, other) = (head(a), head(b))
    if one != other { parent[one] = other }
  }
}
