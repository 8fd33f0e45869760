/// How a part of a recipe is divided among those who earned it. Each has a page in Docs/policies.
public enum SlicePolicy: String, Sendable, CaseIterable {
  /// To those who are named, in proportion to their agreed weights.
  case named
  /// Each adopted contribution counts one.
  case equal
  /// What `proRata` was called first.
  case weight
  /// In proportion to weight, such as units that were bought.
  case proRata = "pro_rata"
  /// In proportion to the weight of a pick, times the agreed part of its team.
  case pickWeight = "pick_weight"
  /// A choice of a member who made n of them counts 1/n: it pays less the more were spread.
  case selective
  /// A vote that was the k-th for its entry counts 1/(1 + (k − 1)/step), the inner division whole.
  case earlyWeighted = "early_weighted"
  /// By how close a guess came; one that is off by the tolerance earns nothing.
  case accuracy
  /// Tops up what members hold of the product by other parts, towards their lifetime weight.
  case lifetimeBalanced = "lifetime_balanced"
}
