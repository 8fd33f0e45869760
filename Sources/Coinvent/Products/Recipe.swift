/// How the community's share of a product is cut; the parts add up to exactly 10⁹ ppb.
public struct Recipe: Sendable, Equatable {
  /// One cut: what some role in a slice earns, and how it is divided.
  public struct Part: Sendable, Equatable {
    public let slice: Slice
    /// `any`: events of every role that no other part of the slice names.
    public let role: ContributionRole
    public let ppb: Int64
    public let policy: SlicePolicy
    /// `earlyWeighted`: how many votes for an entry count in full before the next count half.
    public let step: Int64?
    /// `accuracy`: how far from the target, in ppm of it, a guess earns nothing any more.
    public let tolerancePPM: Int64?
    /// The most and the least that one member holds of this part.
    public let cap: Int64?
    public let minimum: Int64?

    public static let standardStep: Int64 = 100
    public static let standardTolerance: Int64 = 250_000

    /// Figures that the policy needs and that are not given are the standard ones.
    public init(
      slice: Slice, role: ContributionRole = .any, ppb: Int64, policy: SlicePolicy,
      step: Int64? = nil, tolerancePPM: Int64? = nil, cap: Int64? = nil, minimum: Int64? = nil
    ) {
      self.slice = slice
      self.role = role
      self.ppb = ppb
      self.policy = policy
      self.step = policy == .earlyWeighted ? step ?? Part.standardStep : nil
      self.tolerancePPM = policy == .accuracy ? tolerancePPM ?? Part.standardTolerance : nil
      self.cap = cap
      self.minimum = minimum
    }

    /// `naming`, or `naming/vote` where the slice is cut by role.
    public var name: String { Part.name(slice.rawValue, role) }

    static func name(_ slice: String, _ role: ContributionRole) -> String {
      role == .any ? slice : "\(slice)/\(role.rawValue)"
    }
  }

  /// Where a part goes that nobody earned.
  public enum Unclaimed: String, Sendable, CaseIterable {
    case house
    /// Pro rata over the parts that were earned.
    case spread
  }

  public static let whole: Int64 = 1_000_000_000
  public let parts: [Part]
  public let unclaimed: Unclaimed

  /// - Precondition: the parts are whole; what comes from outside goes through `init(json:)`.
  public init(parts: [Part], unclaimed: Unclaimed) {
    precondition(parts.reduce(0) { $0 + $1.ppb } == Recipe.whole, "a recipe adds up to 10⁹ ppb")
    self.parts = parts
    self.unclaimed = unclaimed
  }

  /// The place among `parts` of the one that an event of such a role counts for; nil for none.
  ///
  /// An event of no role in particular, in a slice that is cut by role, was an entry.
  func place(of slice: Slice, _ role: ContributionRole) -> Int? {
    func place(_ role: ContributionRole) -> Int? {
      parts.firstIndex { $0.slice == slice && $0.role == role }
    }
    return place(role) ?? place(.any) ?? (role == .any ? place(.entry) : nil)
  }
}
