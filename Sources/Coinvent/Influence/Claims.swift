/// Everybody's claims to the parts of one recipe: all that dividing it needs, whatever the number
/// of events. An event can be added without looking at the others.
public struct Claims: Sendable, Equatable {
  public let recipe: Recipe
  /// By the place of the part in the recipe.
  private(set) var ofPart: [[MemberID: Claim]]

  public init(_ recipe: Recipe) {
    self.recipe = recipe
    ofPart = recipe.parts.map { _ in [:] }
  }

  /// - Parameter events: in any order; revoked ones already taken out.
  public init(_ recipe: Recipe, events: [InfluenceEvent]) {
    self.init(recipe)
    for event in events { add(event) }
  }

  /// Adds an event; one whose slice and role no part names counts for nothing.
  /// - Returns: the place of the part that it counts for.
  @discardableResult
  public mutating func add(_ event: InfluenceEvent) -> Int? {
    guard let place = recipe.place(of: event.slice, event.role) else { return nil }
    add(Claim(event, for: recipe.parts[place]), of: event.member, at: place)
    return place
  }

  /// Adds what a member did for a part.
  mutating func add(_ claim: Claim, of member: MemberID, at place: Int) {
    if ofPart[place][member]?.add(claim) == nil { ofPart[place][member] = claim }
  }

  enum Removal: Equatable {
    case removed(Int?)
    /// Another event of the member is the earliest now, and only the database knows which.
    case unknown
  }

  /// Takes out an event that was added before.
  mutating func remove(_ event: InfluenceEvent) -> Removal {
    guard let place = recipe.place(of: event.slice, event.role) else { return .removed(nil) }
    let part = Claim(event, for: recipe.parts[place])
    guard let claim = ofPart[place][event.member] else { return .unknown }
    if claim == part {
      ofPart[place][event.member] = nil
      return .removed(place)
    }
    return ofPart[place][event.member]?.remove(part) == true ? .removed(place) : .unknown
  }

  /// The same claims with those of merged accounts under the one that stands for them.
  func renamed(_ heads: [MemberID: MemberID]) -> Claims {
    var claims = Claims(recipe)
    for (place, part) in ofPart.enumerated() {
      for (member, claim) in part { claims.add(claim, of: heads[member] ?? member, at: place) }
    }
    return claims
  }

  /// How much of memory they take, in claims and their terms.
  var size: Int {
    ofPart.reduce(0) { $1.values.reduce($0) { $0 + 1 + $1.terms.count } }
  }
}
