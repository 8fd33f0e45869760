import Coinvent
import JSON
import Ledger
import Postgres
import Rails
import TestSupport
import Testing

/// A product in presale, its members, and a provider on a real socket.
struct PresaleScene {
  let scene: PayoutScene
  let story: Story
  let product: ProductID
  let inventor: MemberID
  let curator: MemberID

  var pool: Pool { scene.pool }

  /// Two fifths are the inventor's, the rest is for who has committed.
  static let recipe: JSON = [
    "unclaimed": "house",
    "slices": [
      ["slice": "inventor", "ppb": 400_000_000, "policy": "named"],
      ["slice": "presale", "ppb": 600_000_000, "policy": "weight"],
    ],
  ]

  static func with(
    _ faults: String = "", poolSize: Int = 10,
    _ body: nonisolated(nonsending) (PresaleScene) async throws -> Void
  ) async throws {
    try await PayoutScene.with(faults, poolSize: poolSize) { scene in
      let story = Story(scene.pool)
      let curator = try await story.member("curator", role: .curator)
      let inventor = try await story.member("inventor")
      let product = try await story.product(
        by: inventor, curator: curator, recipe: try Recipe(json: PresaleScene.recipe))
      try await body(
        PresaleScene(
          scene: scene, story: story, product: product, inventor: inventor, curator: curator))
    }
  }

  /// A presale whose hour has passed, with these units committed to while it ran.
  func ended(target: Int64, units: [Int64], method: String = "pm_visa") async throws
    -> [Commitment]
  {
    let opened = Timestamp.now - .seconds(7200)
    try await story.presale(of: product, target: target, by: curator, at: opened)
    var commitments: [Commitment] = []
    for (number, units) in units.enumerated() {
      let member = try await story.member("buyer\(number)")
      commitments.append(
        try await story.commit(
          member, to: product, units: units, method: method, at: opened + .seconds(60)))
    }
    return commitments
  }

  func worker(
    first: Duration = .milliseconds(20),
    passed: @escaping @Sendable (ChargeStep, CommitmentID) throws -> Void = { _, _ in }
  ) -> ChargeWorker {
    var settings = ChargeWorker.Configuration()
    settings.lease = .milliseconds(600)
    settings.patience = .seconds(3)
    settings.interval = .milliseconds(50)
    settings.backoff = Backoff(first: first, longest: max(first, .milliseconds(300)))
    return ChargeWorker(
      pool: pool, provider: scene.provider.paymentClient(patience: .milliseconds(250)),
      settings: settings,
      log: { _ in }, passed: passed)
  }

  /// Works until nothing waits, on a busy machine too.
  func finish() async throws {
    for _ in 0..<60 {
      if try await worker().drain().waiting == 0 { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    Issue.record("commitments still wait")
  }

  func commitments() async throws -> [Commitment] {
    try await ListCommitments(product: product, limit: 100_000).run(in: pool)
  }

  func state() async throws -> Presale.State? {
    try await Presale.latest(of: product, in: pool)?.state
  }

  /// The database's view and the provider's agree, nobody was charged twice, and the books balance.
  func check(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let payments = try await scene.provider.payments()
    #expect(Set(payments.map(\.key)).count == payments.count, sourceLocation: sourceLocation)
    let all = try await commitments()
    for commitment in all {
      let own = payments.filter { $0.key.hasPrefix("\(commitment.id).") && $0.state != "declined" }
      let wanted: [String]? =
        switch commitment.state {
        case .captured, .refundDue: ["captured"]
        case .refunded: ["refunded"]
        case .committed, .declined, .cancelled, .released: []
        case .charging, .refunding: nil
        }
      if let wanted {
        #expect(own.map(\.state) == wanted, sourceLocation: sourceLocation)
      } else {
        #expect(own.count <= 1, sourceLocation: sourceLocation)
      }
      #expect(
        own.allSatisfy { $0.amount == commitment.amount.decimal }, sourceLocation: sourceLocation)
    }
    try await story.verify()
  }
}
