import Postgres

/// What one member did for one part of a recipe, added up as far as the part's policy asks.
public struct Claim: Sendable, Equatable {
  /// Of its earliest event, which wins ties.
  public private(set) var first: Timestamp
  /// How many events.
  public private(set) var events: Int64
  /// The sum of what counts by itself.
  public private(set) var weight: UInt128
  /// What can be added only when all claims are known, such as the n of fractions 1/n: each with
  /// how often it stands, the smallest first.
  public private(set) var terms: [Term]

  public struct Term: Sendable, Equatable {
    public let value: Int64
    public internal(set) var times: Int64

    public init(value: Int64, times: Int64) {
      self.value = value
      self.times = times
    }
  }

  init(first: Timestamp, events: Int64, weight: UInt128, terms: [Term]) {
    self.first = first
    self.events = events
    self.weight = weight
    self.terms = terms
  }

  /// Of one event.
  init(_ event: InfluenceEvent, for part: Recipe.Part) {
    first = event.occurredAt
    events = 1
    weight = part.weight(of: event)
    terms = part.term(of: event).map { [Term(value: $0, times: 1)] } ?? []
  }

  /// Adds what the same member did besides.
  mutating func add(_ other: Claim) {
    first = min(first, other.first)
    events += other.events
    weight += other.weight
    for term in other.terms { add(term) }
  }

  private mutating func add(_ term: Term) {
    let place = terms.firstIndex { $0.value >= term.value } ?? terms.endIndex
    if place < terms.endIndex && terms[place].value == term.value {
      terms[place].times += term.times
    } else {
      terms.insert(term, at: place)
    }
  }

  /// Takes one of several events out again.
  /// - Returns: false when it may have been the earliest, so that another one is now: only the
  ///   database knows which.
  mutating func remove(_ event: Claim) -> Bool {
    guard events > event.events, event.first > first else { return false }
    events -= event.events
    weight -= event.weight
    for term in event.terms {
      guard let place = terms.firstIndex(where: { $0.value == term.value }) else { return false }
      terms[place].times -= term.times
      if terms[place].times == 0 { terms.remove(at: place) }
    }
    return true
  }
}

extension Recipe.Part {
  /// What an event adds to the weight of a claim.
  func weight(of event: InfluenceEvent) -> UInt128 {
    switch policy {
    case .accuracy: Accuracy.weight(of: event.guess, tolerancePPM: tolerancePPM ?? 0)
    case .named, .equal, .weight, .proRata, .pickWeight, .selective, .earlyWeighted,
      .lifetimeBalanced:
      UInt128(event.weight)
    }
  }

  /// What an event adds to the terms of a claim; nil where its weight says all.
  func term(of event: InfluenceEvent) -> Int64? {
    switch policy {
    case .selective: event.spreadOrWeight
    case .earlyWeighted: EarlyWeighted.denominator(place: event.place ?? 1, step: step ?? 1)
    case .accuracy: Accuracy.distancePPM(of: event.guess)
    case .named, .equal, .weight, .proRata, .pickWeight, .lifetimeBalanced: nil
    }
  }
}

extension InfluenceEvent {
  /// Events of before the spread was kept hold it in the weight.
  var spreadOrWeight: Int64 { spread ?? weight }
}
