/// Where a product is on its way from an accepted idea to the shops.
public enum Stage: String, Sendable, CaseIterable {
  case research, design, finish, naming, tagline, packaging, pricing, presale, production, shipping
  case lineExtension = "line_extension"
  /// It has stopped; the reason says why.
  case shelved
  /// What was shelved is its inventor's again: the end.
  case rightsReturned = "rights_returned"

  enum Way { case free, withReason, never }

  /// How a product gets from here to there: forward, past others too, and back or out of the way
  /// only with a reason. The same stage again is news about it. The table `stage_transitions`
  /// holds the same, and a test compares them.
  func way(to next: Stage) -> Way {
    switch (self, next) {
    case (.rightsReturned, _), (.shelved, .shelved): .never
    case (.shelved, _): .withReason
    case (_, .rightsReturned): .never
    case (_, .shelved): .withReason
    default: place <= next.place ? .free : .withReason
    }
  }

  private var place: Int { Stage.allCases.firstIndex(of: self) ?? 0 }
}
