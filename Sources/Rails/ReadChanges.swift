import Coinvent
import Postgres

/// Reads the provider's list of changes to its end: late failures and returns are told only there.
struct ReadChanges {
  let pool: Pool
  let provider: ProviderClient
  let name: String
  let backoff: Backoff
  let clock: WorkerClock
  private static let page = 500

  func run() async throws -> WorkerReport {
    var report = WorkerReport()
    var position = try await PayoutFeed.position(of: name, in: pool)
    while true {
      let (changes, next) = try await provider.changes(after: position, limit: ReadChanges.page)
      guard next > position else { return report }
      for news in try await news(in: changes) {
        report += try await record(news)
      }
      try await PayoutFeed.advance(name, to: next, in: pool)
      position = next
    }
  }

  private struct News {
    let member: MemberID
    let id: PayoutID
    let answer: PayoutAnswer
  }

  /// What is not recorded yet, in order; keys that are not payouts of ours are left out.
  private func news(in changes: [ProviderClient.Change]) async throws -> [News] {
    let all = changes.compactMap { change -> News? in
      guard let id = PayoutID(change.key), let member = MemberID(change.recipient),
        let answer = answer(change.state)
      else { return nil }
      return News(member: member, id: id, answer: answer)
    }
    let states = try await PayoutStates.of(all.map { ($0.member, $0.id) }, in: pool)
    return all.filter { news in
      states[news.id].map { $0.isNews(news.answer) } ?? false
    }
  }

  private func answer(_ state: String) -> PayoutAnswer? {
    switch state {
    case "paid": .paid(providerID: nil)
    case "failed": .failed(providerID: nil, why: "the provider reports a late failure")
    case "returned": .returned(providerID: nil, why: "the bank returned it")
    default: nil
    }
  }

  private func record(_ news: News) async throws -> WorkerReport {
    let record = RecordAnswer(
      member: news.member, id: news.id, answer: news.answer, actor: "provider", now: clock.now)
    let again = backoff.delay(after: 0)
    let outcome = try await pool.transaction { tx in
      try await record.run(again: again, tries: 0, in: tx)
    }
    var report = WorkerReport()
    report.note(outcome, news.answer)
    return report
  }
}
