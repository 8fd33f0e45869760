import Coinvent
import EventLoop
import Foundation
import HTTPServer
import JSON
import Ledger
import Postgres
import Rails
import Sandbox
import Synchronization
import TestSupport
import Testing

typealias UUID = Postgres.UUID

let usd = Currency("USD")!

func dollars(_ text: String) -> Amount {
  try! Amount(decimal: text, currency: usd)
}

/// A database, a provider on a real socket, and members with money.
struct PayoutScene {
  let pool: Pool
  let provider: TestProvider
  let folder: String

  static func with(
    _ faults: String = "", poolSize: Int = 10,
    _ body: nonisolated(nonsending) (PayoutScene) async throws -> Void
  ) async throws {
    let folder = NSTemporaryDirectory() + "payouts-" + Foundation.UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await withDatabase(configure: { $0.size = poolSize }) { pool in
      let provider = try TestProvider(folder: folder + "/provider", faults: faults)
      do {
        try await body(PayoutScene(pool: pool, provider: provider, folder: folder))
      } catch {
        await provider.stop()
        throw error
      }
      await provider.stop()
    }
  }

  // MARK: People and money

  func member(_ handle: String, paid amounts: String...) async throws -> MemberID {
    let member = MemberID.new()
    try await pool.execute(
      """
      INSERT INTO members (id, handle, display_name, email, role, joined_at)
      VALUES (\(member.uuid), \(handle), \("=" + handle), \(handle + "@example.org"), 'member',
        \(Timestamp.now))
      """)
    for amount in amounts { try await credit(member, dollars(amount)) }
    return member
  }

  func credit(_ member: MemberID, _ amount: Amount) async throws {
    let clearing = Account(.clearing, owner: member.uuid, currency: amount.currency)
    let payable = Account(.memberPayable, owner: member.uuid, currency: amount.currency)
    let forward = amount.nanos > 0
    let transfer = Transfer(
      home: member.uuid, cause: UUID.v7(), reason: .deliver, from: forward ? clearing : payable,
      to: forward ? payable : clearing,
      amount: Amount(nanos: abs(amount.nanos), currency: amount.currency), at: .now)
    let outcome = try await pool.transaction { try await Post.post(transfer, in: $0) }
    #expect(outcome == .posted)
  }

  func payable(_ member: MemberID, _ currency: Currency = usd) async throws -> String {
    let balances = try await Balances.of(owner: member.uuid, in: pool)
    return Amount(nanos: balances[.memberPayable]?[currency] ?? 0, currency: currency).decimal
  }

  func request(_ member: MemberID, _ wanted: RequestPayout.Wanted, key: String? = nil)
    async throws -> RequestPayoutOutcome
  {
    let request = RequestPayout(
      member: member, wanted: wanted, key: key, actor: "test", now: .now)
    return try await pool.transaction { try await request.run(in: $0) }
  }

  func payouts(_ member: MemberID? = nil) async throws -> [Payout] {
    try await ListPayouts(member: member, limit: 100_000).run(in: pool)
  }

  func why(_ member: MemberID) async throws -> WhyNotPaid.Code? {
    try await WhyNotPaid.explain(member: member, in: pool)[usd]?.code
  }

  // MARK: Workers

  func settings() -> PayoutWorker.Configuration {
    var settings = PayoutWorker.Configuration()
    settings.lease = .milliseconds(600)
    settings.patience = .seconds(3)
    settings.backoff = Backoff(first: .milliseconds(20), longest: .milliseconds(300))
    settings.interval = .milliseconds(50)
    settings.automaticInterval = .milliseconds(50)
    return settings
  }

  func worker(
    _ settings: PayoutWorker.Configuration? = nil, patience: Duration = .milliseconds(250),
    passed: @escaping @Sendable (PayoutStep, PayoutID) throws -> Void = { _, _ in }
  ) -> PayoutWorker {
    PayoutWorker(
      pool: pool, provider: provider.client(patience: patience), csv: csv(),
      settings: settings ?? self.settings(), log: { _ in }, passed: passed)
  }

  func csv() -> CSVRail { CSVRail(folder: folder + "/files", threads: provider.threads) }

  // MARK: Truth

  /// The database's view and the provider's agree, nothing was paid twice, and the books balance.
  func check(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let theirs = try await provider.transfers()
    #expect(Set(theirs.map(\.key)).count == theirs.count, sourceLocation: sourceLocation)
    var states: [String: TestProvider.Transfer] = [:]
    for transfer in theirs { states[transfer.key] = transfer }
    for payout in try await payouts() where payout.rail == .provider {
      let transfer = states.removeValue(forKey: payout.id.description)
      #expect(
        transfer.map { $0.amount == payout.amount.decimal } ?? true,
        sourceLocation: sourceLocation)
      switch payout.state {
      case .paid, .returned, .submitted:
        #expect(
          transfer?.state == (payout.state == .submitted ? "accepted" : payout.state.rawValue),
          sourceLocation: sourceLocation)
      case .failed:
        #expect(transfer?.state ?? "failed" == "failed", sourceLocation: sourceLocation)
      case .requested: #expect(transfer == nil, sourceLocation: sourceLocation)
      case .submitting, .exported: break
      }
    }
    #expect(states.isEmpty, "paid what nobody asked for", sourceLocation: sourceLocation)
    try await checkBooks(sourceLocation: sourceLocation)
  }

  /// Σ reserve = Σ pay + Σ release + in flight, payout by payout, and both caches are true.
  func checkBooks(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let wrong = try await pool.all(
      """
      SELECT p.id FROM payouts p
      LEFT JOIN transfers t ON t.home = p.member_id AND t.cause = p.id
      GROUP BY p.id, p.amount, p.state, p.open
      HAVING coalesce(sum(t.amount) FILTER (WHERE t.reason = 'reserve'), 0) <> p.amount
        OR coalesce(sum(t.amount) FILTER (WHERE t.reason = 'pay'), 0)
          <> CASE WHEN p.state IN ('paid', 'returned') THEN p.amount ELSE 0 END
        OR coalesce(sum(t.amount) FILTER (WHERE t.reason = 'release'), 0)
          <> CASE WHEN p.state = 'failed' THEN p.amount ELSE 0 END
        OR coalesce(sum(t.amount) FILTER (WHERE t.reason = 'bounce'), 0)
          <> CASE WHEN p.state = 'returned' THEN p.amount ELSE 0 END
      """, as: UUID.self)
    #expect(wrong.isEmpty, sourceLocation: sourceLocation)
    let off = try await pool.all(
      """
      SELECT b.owner FROM balances b
      WHERE b.balance <>
        coalesce((SELECT sum(amount) FROM transfers t WHERE t.to_owner = b.owner
          AND t.to_kind = b.kind AND t.currency = b.currency), 0)
        - coalesce((SELECT sum(amount) FROM transfers t WHERE t.from_owner = b.owner
          AND t.from_kind = b.kind AND t.currency = b.currency), 0)
        OR (b.kind = 'payout_in_flight' AND b.balance <> coalesce((
          SELECT sum(amount) FROM payouts p
          WHERE p.member_id = b.owner AND p.currency = b.currency AND p.open), 0))
      """, as: UUID.self)
    #expect(off.isEmpty, sourceLocation: sourceLocation)
  }
}

/// The sandbox provider inside the test process, on a real socket.
final class TestProvider: Sendable {
  struct Transfer {
    let key: String
    let amount: String
    let state: String
  }

  let threads = BlockingPool(name: "calls", threads: 16, queueLimit: 4096)
  private let loop = EventLoop(name: "provider")
  private let sandbox: SandboxProvider
  private let server: Server

  init(folder: String, faults: String) throws {
    sandbox = try SandboxProvider(folder: folder, faults: try SandboxFaults(faults))
    var configuration = ServerConfiguration()
    configuration.connectionsPerAddress = 1000
    server = Server(configuration, loops: [loop], responder: sandbox)
    try server.start()
  }

  func stop() async {
    await server.stop(within: .milliseconds(100))
    sandbox.stop()
    await loop.stop()
    threads.stop()
  }

  var address: String { "http://127.0.0.1:\(server.port)" }

  func client(patience: Duration = .seconds(5)) -> ProviderClient {
    ProviderClient(address: address, token: nil, patience: patience, threads: threads)
  }

  func transfers() async throws -> [Transfer] {
    let response = await sandbox.respond(to: Request(.get, "/v1/transfers?limit=5000"))
    let json = try JSON.parse(try await response.collectedBody())
    return (json["transfers"]?.array ?? []).map {
      Transfer(
        key: $0["key"]?.string ?? "", amount: $0["amount"]?.string ?? "",
        state: $0["state"]?.string ?? "")
    }
  }

  /// What members paid.
  func payments() async throws -> [Transfer] {
    let response = await sandbox.respond(to: Request(.get, "/v1/payments?limit=5000"))
    let json = try JSON.parse(try await response.collectedBody())
    return (json["payments"]?.array ?? []).map {
      Transfer(
        key: $0["key"]?.string ?? "", amount: $0["amount"]?.string ?? "",
        state: $0["state"]?.string ?? "")
    }
  }

  func paymentClient(patience: Duration) -> PaymentClient {
    PaymentClient(address: address, token: nil, patience: patience, threads: threads)
  }

  /// Makes a transfer `pay`, `fail` or `return`.
  func push(_ payout: Payout, _ verb: String) async throws {
    let response = await sandbox.respond(to: Request(.post, "/v1/transfers/\(payout.id)/\(verb)"))
    #expect(response.status == 200)
  }
}

/// Counts from several tasks.
final class Tally: Sendable {
  private let count = Atomic<Int>(0)
  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
  var value: Int { count.load(ordering: .relaxed) }
}
