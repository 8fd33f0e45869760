/// Turns a recipe and events into shares: a pure function, so that replaying gives the same bytes.
public enum ShareOut {
  /// The shares of a product, by part in the recipe's order and by member id within a part; they
  /// add up to exactly 10⁹ ppb. Shares of zero ppb are left out.
  /// - Parameter events: in any order; revoked ones already taken out.
  public static func shares(recipe: Recipe, events: [InfluenceEvent]) -> [Share] {
    shares(of: Claims(recipe, events: events))
  }

  /// The same of claims that were added up before.
  static func shares(of claims: Claims, _ changes: HoldingChanges = .none) -> [Share] {
    Division(claims, changes).shares
  }
}
