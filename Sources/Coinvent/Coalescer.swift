import EventLoop

/// Sends requests that arrive while the previous ones are under way as one batch.
///
/// There is no timer and no added wait: a request that finds the coalescer idle goes at the end of
/// the loop's turn, together with what else arrived in that turn. One batch is under way at a
/// time. When a batch fails because of one of its requests, each is sent alone, so that one bad
/// request never sinks the others.
public final class Coalescer<Request: Sendable, Answer: Sendable>: Sendable {
  public typealias Batch = @Sendable ([Request]) async throws -> [Answer]

  private struct Waiter: Sendable {
    let request: Request
    let continuation: CheckedContinuation<Answer, any Error>
  }

  private struct State {
    var waiting: [Waiter] = []
    var isBusy = false
  }

  private let state = Locked(State())
  private let limit: Int
  private let executor: (any TaskExecutor)?
  private let send: Batch
  private let isFaultOfOne: @Sendable (any Error) -> Bool

  /// - Parameters:
  ///   - limit: the most requests in one batch.
  ///   - executor: where batches run; nil for Swift's own threads.
  ///   - isFaultOfOne: false for errors that every request would meet, such as a lost connection:
  ///     then all of the batch fail with it and nothing is sent again.
  ///   - send: answers one batch, one answer per request in their order.
  public init(
    limit: Int = 256, on executor: (any TaskExecutor)? = nil,
    isFaultOfOne: @escaping @Sendable (any Error) -> Bool = { _ in true }, send: @escaping Batch
  ) {
    self.limit = limit
    self.executor = executor
    self.isFaultOfOne = isFaultOfOne
    self.send = send
  }

  /// The answer to one request; suspends until its batch has ended.
  public func answer(_ request: Request) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
      let isFirst = state.withLock { state in
        state.waiting.append(Waiter(request: request, continuation: continuation))
        defer { state.isBusy = true }
        return !state.isBusy
      }
      if isFirst { start() }
    }
  }

  private func start() {
    Task(executorPreference: executor) {
      while let batch = self.take() { await self.run(batch) }
    }
  }

  private func take() -> [Waiter]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.isBusy = false
        return nil
      }
      if state.waiting.count <= limit {
        defer { state.waiting = [] }
        return state.waiting
      }
      defer { state.waiting.removeFirst(limit) }
      return Array(state.waiting.prefix(limit))
    }
  }

  private func run(_ batch: [Waiter]) async {
    do {
      let answers = try await send(batch.map(\.request))
      precondition(answers.count == batch.count, "a batch answers each of its requests")
      for place in batch.indices { batch[place].continuation.resume(returning: answers[place]) }
    } catch {
      await retry(batch, after: error)
    }
  }

  private func retry(_ batch: [Waiter], after error: any Error) async {
    guard batch.count > 1, isFaultOfOne(error) else {
      for waiter in batch { waiter.continuation.resume(throwing: error) }
      return
    }
    for (place, waiter) in batch.enumerated() {
      do {
        let answers = try await send([waiter.request])
        precondition(answers.count == 1, "a batch answers each of its requests")
        waiter.continuation.resume(returning: answers[0])
      } catch {
        guard isFaultOfOne(error) else {
          for rest in batch[place...] { rest.continuation.resume(throwing: error) }
          return
        }
        waiter.continuation.resume(throwing: error)
      }
    }
  }
}
