import EventLoop

/// Lets everybody who asks the same question at the same time share one answer.
///
/// Nothing is remembered: who asks while an answer is under way waits for the next one, so that no
/// answer is older than its question.
public final class SharedAnswer<Question: Hashable & Sendable, Answer: Sendable>: Sendable {
  private typealias Waiter = CheckedContinuation<Answer, any Error>

  private let waiting = Locked<[Question: [Waiter]]>([:])
  private let executor: (any TaskExecutor)?
  private let find: @Sendable (Question) async throws -> Answer

  /// - Parameters:
  ///   - executor: where answers are found; nil for Swift's own threads.
  ///   - find: answers one question.
  public init(
    on executor: (any TaskExecutor)? = nil,
    find: @escaping @Sendable (Question) async throws -> Answer
  ) {
    self.executor = executor
    self.find = find
  }

  /// The answer, found after the call; throws what finding it throws.
  public func answer(_ question: Question) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
      // An entry, also an empty one, means that somebody is at work on the question.
      let isFirst = waiting.withLock { waiting in
        let isFirst = waiting[question] == nil
        waiting[question, default: []].append(continuation)
        return isFirst
      }
      if isFirst { start(question) }
    }
  }

  private func start(_ question: Question) {
    Task(executorPreference: executor) {
      while let waiters = self.take(question) {
        do {
          let answer = try await self.find(question)
          for waiter in waiters { waiter.resume(returning: answer) }
        } catch {
          for waiter in waiters { waiter.resume(throwing: error) }
        }
      }
    }
  }

  private func take(_ question: Question) -> [Waiter]? {
    waiting.withLock { waiting in
      guard let waiters = waiting[question], !waiters.isEmpty else {
        waiting[question] = nil
        return nil
      }
      waiting[question] = []
      return waiters
    }
  }
}
