import Coinvent

/// What a worker did, and what it leaves behind.
public struct WorkerReport: Sendable, Equatable {
  /// Payouts it made because money was payable.
  public var made = 0
  /// Lines it wrote into files.
  public var exported = 0
  public var files: [String] = []
  public var submitted = 0
  public var paid = 0
  public var failed = 0
  public var returned = 0
  /// Calls whose outcome nobody knows yet.
  public var unknown = 0
  /// News that contradicts what is recorded: a person must look.
  public var contradictions = 0
  /// What waits for the provider when it ends.
  public var waiting = 0

  public init() {}

  public var didNothing: Bool {
    var idle = WorkerReport()
    idle.waiting = waiting
    return self == idle
  }

  /// Whether something is left that did not end well, or has not ended.
  public var isPartial: Bool {
    failed + returned + contradictions + waiting > 0
  }

  mutating func note(_ outcome: RecordAnswer.Outcome, _ answer: PayoutAnswer) {
    if case .unknown = answer { unknown += 1 }
    switch outcome {
    case .moved(let state): note(state)
    case .contradicts: contradictions += 1
    case .repeated, .noSuchPayout: break
    }
  }

  private mutating func note(_ state: PayoutState) {
    switch state {
    case .submitted: submitted += 1
    case .paid: paid += 1
    case .failed: failed += 1
    case .returned: returned += 1
    case .requested, .submitting, .exported: break
    }
  }

  static func += (sum: inout WorkerReport, part: WorkerReport) {
    sum.made += part.made
    sum.exported += part.exported
    sum.files += part.files
    sum.submitted += part.submitted
    sum.paid += part.paid
    sum.failed += part.failed
    sum.returned += part.returned
    sum.unknown += part.unknown
    sum.contradictions += part.contradictions
    sum.waiting = part.waiting
  }
}

extension WorkerReport {
  /// One line for people: what happened, zeros left out.
  public var sentence: String {
    let parts = [
      (made, "made"), (exported, "written to files"), (submitted, "submitted"), (paid, "paid"),
      (failed, "failed"), (returned, "returned"), (unknown, "answers unknown"),
      (contradictions, "contradictory"), (waiting, "waiting"),
    ]
    let said = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return said.isEmpty ? "nothing to do" : said.joined(separator: ", ")
  }
}
