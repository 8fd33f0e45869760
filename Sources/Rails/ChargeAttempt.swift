import Coinvent
import Postgres

/// The places where a worker may die. What it did until then is committed; the next one goes on.
public enum ChargeStep: String, Sendable, CaseIterable {
  case claimed, begun, asked, noted, sent, recorded
}

/// One commitment's way through one worker, to be charged or paid back: leave a trace, call the
/// provider, record what it said.
struct ChargeAttempt {
  let pool: Pool
  let provider: PaymentClient
  let backoff: Backoff
  let clock: WorkerClock
  /// Told after each step; a test throws here, as if the process had died.
  let passed: @Sendable (ChargeStep, CommitmentID) throws -> Void

  func run(_ claim: CommitmentClaim) async throws -> ChargeReport {
    let begun = clock.now
    let next = try await pool.transaction { try await BeginCharge.run(claim, now: begun, in: $0) }
    try passed(.begun, claim.id)
    switch next {
    case .finished: return ChargeReport()
    case .send(let commitment):
      return try await record(try await send(commitment), commitment, claim)
    case .askOnly(let commitment):
      return try await record(try await ask(commitment), commitment, claim)
    case .askFirst(let commitment):
      let answer = try await ask(commitment)
      guard hadNoEffect(answer, commitment) else {
        return try await record(answer, commitment, claim)
      }
      let now = clock.now
      let mayGo = try await pool.transaction {
        try await BeginCharge.again(commitment, now: now, in: $0)
      }
      try passed(.noted, claim.id)
      return try await record(mayGo ? try await send(commitment) : answer, commitment, claim)
    }
  }

  private func hadNoEffect(_ answer: ChargeAnswer, _ commitment: Commitment) -> Bool {
    switch answer {
    case .notFound: commitment.state == .charging
    case .captured: commitment.state == .refunding
    case .declined, .refunded, .unknown: false
    }
  }

  private func send(_ commitment: Commitment) async throws -> ChargeAnswer {
    let answer =
      commitment.state == .refunding
      ? await provider.refund(commitment.order) : await provider.capture(commitment.order)
    try passed(.sent, commitment.id)
    return answer
  }

  private func ask(_ commitment: Commitment) async throws -> ChargeAnswer {
    let answer = await provider.ask(commitment.order)
    try passed(.asked, commitment.id)
    return answer
  }

  private func record(
    _ answer: ChargeAnswer, _ commitment: Commitment, _ claim: CommitmentClaim
  ) async throws -> ChargeReport {
    let tries = claim.tries + 1
    let record = RecordCharge(
      product: commitment.product, id: commitment.id, charge: commitment.charge, answer: answer,
      now: clock.now)
    let again = backoff.delay(after: tries)
    let outcome = try await pool.transaction {
      try await record.run(again: again, tries: tries, in: $0)
    }
    try passed(.recorded, commitment.id)
    var report = ChargeReport()
    report.note(outcome, answer)
    return report
  }
}
