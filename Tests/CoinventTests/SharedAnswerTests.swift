import EventLoop
import TestSupport
import Testing

@testable import Coinvent

@Suite struct SharedAnswerTests {
  private struct Bad: Error {}

  @Test func `those who ask together share an answer that is younger than their question`()
    async throws
  {
    let loop = EventLoop(name: "shared")
    let found = Locked<[String: Int]>([:])
    let shared = SharedAnswer<String, Int>(on: loop) { question in
      let number = found.withLock { found in
        found[question, default: 0] += 1
        return found[question] ?? 0
      }
      try await Task.sleep(for: .milliseconds(20))
      return number
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask {
          try await Task.sleep(for: .milliseconds(number / 4))
          let question = number.isMultiple(of: 2) ? "top" : "new"
          let before = found.withLock { $0[question] ?? 0 }
          // Finding it began after the question was asked.
          #expect(try await shared.answer(question) > before)
        }
      }
      try await group.waitForAll()
    }
    let times = found.withLock { $0.values.reduce(0, +) }
    #expect(times < 60, "200 questions took \(times) answers")
    await loop.stop()
  }

  @Test func `an error is everybody's, and the next question is asked anew`() async throws {
    let calls = Locked(0)
    let shared = SharedAnswer<Int, Int> { question in
      let call = calls.withLock { calls in
        calls += 1
        return calls
      }
      if call == 1 { throw Bad() }
      return question
    }
    await #expect(throws: Bad.self) { try await shared.answer(7) }
    #expect(try await shared.answer(7) == 7)
  }
}
