import EventLoop
import Synchronization
import TestSupport
import Testing

@testable import Coinvent

@Suite struct CoalescerTests {
  private final class Record: Sendable {
    let batches = Locked<[[Int]]>([])
    let isUnderWay = Atomic<Bool>(false)
    func add(_ batch: [Int]) { batches.withLock { $0.append(batch) } }
    var all: [[Int]] { batches.withLock { $0 } }
  }

  private struct Bad: Error {}
  private struct Down: Error {}

  @Test func `what arrives during a batch goes as one`() async throws {
    let loop = EventLoop(name: "coalescer")
    let record = Record()
    let coalescer = Coalescer<Int, Int>(on: loop) { batch in
      let isSecond = record.isUnderWay.exchange(true, ordering: .relaxed)
      #expect(!isSecond)
      record.add(batch)
      try await Task.sleep(for: .milliseconds(30))
      record.isUnderWay.store(false, ordering: .relaxed)
      return batch.map { $0 * 2 }
    }
    try await ask(coalescer, 0..<500)
    #expect(record.all.flatMap(\.self).sorted() == Array(0..<500))
    #expect(record.all.count < 10)
    #expect(record.all.allSatisfy { $0.count <= 256 })
    await loop.stop()
  }

  @Test func `a lone request waits for nothing`() async throws {
    let coalescer = Coalescer<Int, Int> { $0 }
    for number in 0..<100 { #expect(try await coalescer.answer(number) == number) }
  }

  @Test func `one bad request does not sink the others`() async throws {
    let coalescer = Coalescer<Int, Int> { batch in
      try await Task.sleep(for: .milliseconds(5))
      if batch.contains(7) { throw Bad() }
      return batch.map { $0 * 2 }
    }
    await withTaskGroup { group in
      for number in 0..<50 {
        group.addTask {
          if number == 7 {
            await #expect(throws: Bad.self) { try await coalescer.answer(number) }
          } else {
            let answer = try? await coalescer.answer(number)
            #expect(answer == number * 2)
          }
        }
      }
    }
  }

  @Test func `an error that meets everybody is not tried one by one`() async throws {
    let record = Record()
    let coalescer = Coalescer<Int, Int>(isFaultOfOne: { !($0 is Down) }) { batch in
      record.add(batch)
      try await Task.sleep(for: .milliseconds(20))
      throw Down()
    }
    await withTaskGroup { group in
      for number in 0..<100 {
        group.addTask {
          await #expect(throws: Down.self) { try await coalescer.answer(number) }
        }
      }
    }
    #expect(record.all.count < 10)
  }

  private func ask(_ coalescer: Coalescer<Int, Int>, _ numbers: Range<Int>) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in numbers {
        group.addTask {
          let answer = try await coalescer.answer(number)
          #expect(answer == number * 2)
        }
      }
      try await group.waitForAll()
    }
  }
}
