/// Timers by due time: a binary heap; cancelled ones are dropped when they come up.
struct TimerQueue {
  private struct Entry {
    let due: ContinuousClock.Instant
    let number: UInt64
    let action: () -> Void
  }

  private var heap: [Entry] = []
  private var live: Set<UInt64> = []
  private var taken: [UInt64: () -> Void] = [:]
  private var last: UInt64 = 0

  mutating func add(at due: ContinuousClock.Instant, _ action: @escaping () -> Void)
    -> EventLoop.TimerID
  {
    last += 1
    live.insert(last)
    heap.append(Entry(due: due, number: last, action: action))
    rise(heap.count - 1)
    return EventLoop.TimerID(number: last)
  }

  mutating func cancel(_ timer: EventLoop.TimerID) {
    live.remove(timer.number)
  }

  /// Milliseconds until the next timer, rounded up; −1 without one.
  mutating func milliseconds() -> Int32 {
    while let first = heap.first, !live.contains(first.number) { _ = pop() }
    guard let first = heap.first else { return -1 }
    let wait = first.due - .now
    if wait <= .zero { return 0 }
    let (seconds, attoseconds) = wait.components
    return Int32(min(seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1, 3_600_000))
  }

  /// Takes out what is due now. The caller runs it, as an action may add or cancel timers; a timer
  /// that an action adds waits for the next turn.
  mutating func takeDue() -> [UInt64] {
    guard !heap.isEmpty else { return [] }
    let now = ContinuousClock.Instant.now
    var due: [UInt64] = []
    while let first = heap.first, first.due <= now {
      let entry = pop()
      guard live.contains(entry.number) else { continue }
      due.append(entry.number)
      taken[entry.number] = entry.action
    }
    return due
  }

  /// The action of a timer that is due, unless an earlier one of the same turn cancelled it.
  mutating func claim(_ number: UInt64) -> (() -> Void)? {
    let action = taken.removeValue(forKey: number)
    return live.remove(number) == nil ? nil : action
  }

  private mutating func pop() -> Entry {
    heap.swapAt(0, heap.count - 1)
    let entry = heap.removeLast()
    sink(0)
    return entry
  }

  private mutating func rise(_ start: Int) {
    var child = start
    while child > 0, heap[child].due < heap[(child - 1) / 2].due {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].due < heap[least].due { least = child }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
