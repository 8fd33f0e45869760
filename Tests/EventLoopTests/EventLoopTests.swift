import EventLoop
import Glibc
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct EventLoopTests {
  @Test func `a task with a loop as preference stays on it over every await`() async {
    let loop = EventLoop(name: "test")
    let stayed = await Task(executorPreference: loop) {
      var stayed = loop.isCurrent
      for _ in 0..<100 {
        await Task.yield()
        stayed = stayed && loop.isCurrent
      }
      return stayed
    }.value
    #expect(stayed)
    await loop.stop()
  }

  @Test func `work from many threads is never lost`() async {
    let loop = EventLoop(name: "test")
    let count = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<2_000 {
        group.addTask {
          await withCheckedContinuation { continuation in
            loop.execute {
              count.up()
              continuation.resume()
            }
          }
        }
      }
    }
    #expect(count.value == 2_000)
    await loop.stop()
  }

  @Test func `a descriptor that a library closed may come back as another file`() async {
    let loop = EventLoop(name: "test")
    let seen = Seen()
    await withCheckedContinuation { continuation in
      loop.execute {
        var (first, second): ([Int32], [Int32]) = ([0, 0], [0, 0])
        #expect(pipe(&first) == 0 && pipe(&second) == 0)
        let old = loop.watch(first[0], for: .read) { _ in seen.note(1) }
        // The number is closed and taken again before its first owner hears of it.
        #expect(dup2(second[0], first[0]) == first[0])
        let number = first[0]
        let new = loop.watch(number, for: .read) { _ in
          seen.note(2)
          loop.execute { continuation.resume() }
          loop.rewatch(number, for: [])
        }
        loop.unwatch(number, old)
        #expect(write(second[1], "x", 1) == 1)
        loop.schedule(after: .milliseconds(50)) {
          loop.unwatch(number, new)
          for descriptor in first + second { close(descriptor) }
        }
      }
    }
    #expect(seen.all == [2])
    await loop.stop()
  }

  @Test func `timers run in the order of their times and a cancelled one does not run`() async {
    let loop = EventLoop(name: "test")
    let seen = Seen()
    await withCheckedContinuation { continuation in
      loop.execute {
        loop.schedule(after: .milliseconds(30)) { seen.note(3) }
        loop.schedule(after: .milliseconds(10)) { seen.note(1) }
        let cancelled = loop.schedule(after: .milliseconds(20)) { seen.note(2) }
        loop.cancel(cancelled)
        loop.schedule(after: .milliseconds(40)) { continuation.resume() }
      }
    }
    #expect(seen.all == [1, 3])
    await loop.stop()
  }

  @Test func `a timer's action may add and cancel timers`() async {
    let loop = EventLoop(name: "test")
    let seen = Seen()
    await withCheckedContinuation { continuation in
      loop.execute {
        let places = Places()
        loop.schedule(after: .milliseconds(10)) {
          seen.note(1)
          if let other = places.timer { loop.cancel(other) }
          loop.schedule(after: .milliseconds(10)) {
            seen.note(3)
            continuation.resume()
          }
        }
        places.timer = loop.schedule(after: .milliseconds(10)) { seen.note(2) }
        usleep(20_000)
      }
    }
    #expect(seen.all == [1, 3])
    await loop.stop()
  }

  @Test func `a full blocking pool refuses at once`() async throws {
    let pool = BlockingPool(name: "test", threads: 1, queueLimit: 1)
    let gate = Gate()
    #expect(pool.submit { gate.wait() })
    while pool.waiting > 0 { await Task.yield() }
    #expect(pool.submit {})
    await #expect(throws: BlockingPool.Full.self) { try await pool.run { 1 } }
    gate.open()
    pool.stop()
  }
}

private final class Places {
  var timer: EventLoop.TimerID?
}

private final class Gate: Sendable {
  private let isOpen = Atomic<Bool>(false)
  func open() { isOpen.store(true, ordering: .releasing) }
  func wait() { while !isOpen.load(ordering: .acquiring) {} }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  func up() { count.add(1, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}

private final class Seen: Sendable {
  private let numbers = Locked<[Int]>([])
  func note(_ number: Int) { numbers.withLock { $0.append(number) } }
  var all: [Int] { numbers.withLock { $0 } }
}
