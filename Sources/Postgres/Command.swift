import Synchronization

/// One statement on its way: queued, sent, answered. Confined to the loop it was handed to.
final class Command: @unchecked Sendable {
  let query: Query
  let key: StatementKey
  /// What opens the transaction if none is open yet; only on an exclusive connection.
  var opening: String?
  /// COMMIT or ROLLBACK: nothing to do unless a transaction is open.
  var closesTransaction = false
  /// Sent without being prepared (its text is used once).
  var isUnprepared = false

  private let isSettled = Atomic<Bool>(false)
  private var waiter: CheckedContinuation<QueryResult, any Error>?
  var deadline: ContinuousClock.Instant?
  /// Its task was cancelled.
  var isCancelled = false
  var isDone = false
  var isQueued = false
  /// How often it was sent again because somebody else's cancellation hit it.
  var repeats = 0
  var isRepeatedForStatement = false

  // While it is sent:
  var carrier: Connection?
  var sequence: UInt64 = 0
  var statement = ""
  var sendsOpening = false
  var sendsPrepare = false
  var isPrepared = false
  var isOpened = false
  private(set) var stage = 0
  var result: ResultBox?
  var failure: DatabaseError?

  init(_ query: Query) {
    self.query = query
    key = StatementKey(query)
  }

  /// Waits for the outcome, after `handOver` has given the command to its loop.
  func outcome(_ handOver: () -> Void) async throws -> QueryResult {
    // The continuation orders what the loop wrote before what follows here, but it does so in a
    // library that ThreadSanitizer cannot look into; this pair says the same where it can.
    defer { _ = isSettled.load(ordering: .acquiring) }
    return try await withCheckedThrowingContinuation { continuation in
      waiter = continuation
      handOver()
    }
  }

  func resume(returning result: QueryResult) {
    isDone = true
    isSettled.store(true, ordering: .releasing)
    waiter?.resume(returning: result)
    waiter = nil
  }

  func resume(throwing error: any Error) {
    isDone = true
    isSettled.store(true, ordering: .releasing)
    waiter?.resume(throwing: error)
    waiter = nil
  }

  func resetForSending(sequence: UInt64) {
    self.sequence = sequence
    stage = 0
    sendsOpening = false
    sendsPrepare = false
    isPrepared = false
    isOpened = false
    result = nil
    failure = nil
  }

  /// The server is done with one of the parts: opening, preparing, executing.
  func nextStage() { stage += 1 }

  private var part: Part {
    var parts: [Part] = []
    if sendsOpening { parts.append(.opening) }
    if sendsPrepare { parts.append(.preparing) }
    return stage < parts.count ? parts[stage] : .executing
  }

  private enum Part {
    case opening
    case preparing
    case executing
  }

  func take(success box: ResultBox) {
    switch part {
    case .opening: isOpened = true
    case .preparing: isPrepared = true
    case .executing: result = box
    }
  }
}
