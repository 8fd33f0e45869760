import Coinvent
import Curl
import EventLoop
import Postgres

/// Sends the mails that are due. Any number may run at once, and each may die at any moment: a mail
/// that was handed over but not noted as sent goes out again, as the same message.
public struct MailWorker: Sendable {
  public struct Report: Sendable, Equatable {
    public var sent = 0
    public var failed = 0
    /// Put off: the server was away or busy.
    public var later = 0
    public var dropped = 0

    public init() {}

    public var didNothing: Bool { self == Report() }

    public static func += (sum: inout Report, part: Report) {
      sum.sent += part.sent
      sum.failed += part.failed
      sum.later += part.later
      sum.dropped += part.dropped
    }
  }

  /// Tries before a mail is given up; with the pauses between them that takes three days.
  static let mostTries = 30

  let pool: Pool
  let server: SMTPServer
  let compose: ComposeMail
  let threads: BlockingPool
  let leases: MailLeases
  private let handles = CurlHandles()

  public init(
    pool: Pool, server: SMTPServer, compose: ComposeMail, threads: BlockingPool,
    leases: MailLeases = MailLeases()
  ) {
    self.pool = pool
    self.server = server
    self.compose = compose
    self.threads = threads
    self.leases = leases
  }

  /// Claims and sends one batch.
  /// - Parameters:
  ///   - limit: messages; a lease has to outlast them.
  ///   - calls: connections to the server at once.
  public func pass(at now: Timestamp = .now, limit: Int = 20, calls: Int = 4) async throws
    -> Report
  {
    let claims = try await leases.claim(limit: limit, at: now, in: pool)
    return try await withThrowingTaskGroup(of: Report.self) { group in
      var report = Report()
      for (place, claim) in claims.enumerated() {
        if place >= calls, let part = try await group.next() { report += part }
        group.addTask { try await send(claim, at: now) }
      }
      for try await part in group { report += part }
      return report
    }
  }

  private func send(_ claim: MailLeases.Claim, at now: Timestamp) async throws -> Report {
    let end = try await attempt(claim, at: now)
    guard try await leases.record(end, of: claim.id, at: now, in: pool) else { return Report() }
    var report = Report()
    switch end {
    case .sent: report.sent = 1
    case .failed: report.failed = 1
    case .dropped: report.dropped = 1
    case .later: report.later = 1
    }
    return report
  }

  private func attempt(_ claim: MailLeases.Claim, at now: Timestamp) async throws
    -> MailLeases.End
  {
    guard let content = try await MailContent.of(claim, in: pool) else {
      return .dropped(why: "not wanted any more")
    }
    guard let address = MailAddress(content.address) else {
      return .failed(why: "the address has letters that cannot be mailed")
    }
    let call = SMTPCall(
      server: server, from: compose.from.text, to: address.text,
      message: compose.message(claim, content, to: address).bytes)
    let answer = try await threads.run { [handles] in handles.with { call.perform(on: $0) } }
    switch answer {
    case .accepted: return .sent
    case .refused(let why): return .failed(why: why)
    case .later(let why):
      let tries = claim.tries + 1
      if tries >= MailWorker.mostTries { return .failed(why: "given up: \(why)") }
      return .later(now + MailWorker.pause(after: tries), why: why)
    }
  }

  /// A minute, doubled with each try up to three hours, and spread.
  static func pause(after tries: Int) -> Duration {
    let doubled = Duration.seconds(60) * (1 << min(max(tries - 1, 0), 10))
    return min(doubled, .seconds(3 * 3600)) * Int.random(in: 80...120) / 100
  }
}
