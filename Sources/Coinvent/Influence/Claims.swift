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
  public mutating func add(_ event: InfluenceEvent) {
    guard let place = recipe.place(of: event.slice, event.role) else { return }
    let part = recipe.parts[place]
    if ofPart[place][event.member] == nil {
      ofPart[place][event.member] = Claim(event, for: part)
    } else {
      ofPart[place][event.member]?.add(event, for: part)
    }
  }

  /// Puts a claim in place, as the database has added it up.
  mutating func set(_ claim: Claim, of member: MemberID, at place: Int) {
    ofPart[place][member] = claim
  }
}
