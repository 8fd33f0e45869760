import Coinvent

/// What a worker did for presales, and what it leaves behind.
public struct ChargeReport: Sendable, Equatable {
  /// Presales whose end came.
  public var ended = 0
  public var captured = 0
  public var declined = 0
  public var refunded = 0
  /// Declined commitments whose time for another method passed.
  public var released = 0
  /// Calls whose outcome nobody knows yet.
  public var unknown = 0
  /// News that contradicts what is recorded: a person must look.
  public var contradictions = 0
  /// What waits to be charged or paid back when it ends.
  public var waiting = 0

  public init() {}

  public var didNothing: Bool {
    var idle = ChargeReport()
    idle.waiting = waiting
    return self == idle
  }

  /// Whether something is left that has not ended.
  public var isPartial: Bool { contradictions + waiting > 0 }

  mutating func note(_ outcome: RecordCharge.Outcome, _ answer: ChargeAnswer) {
    if case .unknown = answer { unknown += 1 }
    switch outcome {
    case .moved(.captured), .moved(.refundDue): captured += 1
    case .moved(.declined): declined += 1
    case .moved(.refunded): refunded += 1
    case .contradicts: contradictions += 1
    case .moved, .repeated, .unknown: break
    }
  }

  static func += (sum: inout ChargeReport, part: ChargeReport) {
    sum.ended += part.ended
    sum.captured += part.captured
    sum.declined += part.declined
    sum.refunded += part.refunded
    sum.released += part.released
    sum.unknown += part.unknown
    sum.contradictions += part.contradictions
    sum.waiting = part.waiting
  }

  /// One line for people: what happened, zeros left out.
  public var sentence: String {
    let parts = [
      (ended, "ended"), (captured, "charged"), (declined, "declined"), (refunded, "paid back"),
      (released, "released"), (unknown, "answers unknown"), (contradictions, "contradictory"),
      (waiting, "waiting"),
    ]
    let said = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return said.isEmpty ? "nothing to do" : said.joined(separator: ", ")
  }
}
