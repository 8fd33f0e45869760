import Coinvent
import Postgres

/// The places where a worker may die. What it did until then is committed; the next one goes on.
public enum PayoutStep: String, Sendable, CaseIterable {
  case claimed, begun, asked, noted, sent, recorded
}

/// One payout's way through one worker: leave a trace, call the provider, record what it said.
struct PayoutAttempt {
  let pool: Pool
  let provider: ProviderClient
  let backoff: Backoff
  let clock: WorkerClock
  /// Told after each step; a test throws here, as if the process had died.
  let passed: @Sendable (PayoutStep, PayoutID) throws -> Void

  func run(_ claim: PayoutClaim) async throws -> WorkerReport {
    let begun = clock.now
    let next = try await pool.transaction { try await BeginAttempt.run(claim, now: begun, in: $0) }
    try passed(.begun, claim.id)
    switch next {
    case .finished: return WorkerReport()
    case .send(let payout): return try await record(try await send(payout), payout, claim)
    case .askOnly(let payout): return try await record(try await ask(payout), payout, claim)
    case .askFirst(let payout):
      let answer = try await ask(payout)
      guard answer == .notFound else { return try await record(answer, payout, claim) }
      let now = clock.now
      let mayGo = try await pool.transaction {
        try await BeginAttempt.again(payout, now: now, in: $0)
      }
      try passed(.noted, claim.id)
      return try await record(mayGo ? try await send(payout) : answer, payout, claim)
    }
  }

  private func send(_ payout: Payout) async throws -> PayoutAnswer {
    let answer = await provider.send(payout.order)
    try passed(.sent, payout.id)
    return answer
  }

  private func ask(_ payout: Payout) async throws -> PayoutAnswer {
    let answer = await provider.ask(payout.order)
    try passed(.asked, payout.id)
    return answer
  }

  private func record(_ answer: PayoutAnswer, _ payout: Payout, _ claim: PayoutClaim) async throws
    -> WorkerReport
  {
    var isFresh = false
    if case .accepted = answer { isFresh = payout.state != .submitted }
    let tries = isFresh ? 0 : claim.tries + 1
    let record = RecordAnswer(
      member: payout.member, id: payout.id, answer: answer, actor: "provider", now: clock.now)
    let again = backoff.delay(after: tries)
    let outcome = try await pool.transaction {
      try await record.run(again: again, tries: tries, in: $0)
    }
    try passed(.recorded, payout.id)
    var report = WorkerReport()
    report.note(outcome, answer)
    return report
  }
}
