import EventLoop

/// Bytes between the producer of a streamed body and the connection that sends them.
///
/// The producer may be on any thread; the reader is the daemon on its loop.
final class StreamPipe: Sendable {
  private static let highWater = 64 * 1024
  private static let lowWater = 16 * 1024

  private enum End { case finished, failed, closed }

  private struct State {
    var buffer: [UInt8] = []
    var start = 0
    var end: End?
    var cancelled = false
    var readerWaits = false
    var writers: [CheckedContinuation<Void, any Error>] = []
    var lastWrite = ContinuousClock.Instant.now
    var waiting: Int { buffer.count - start }

    mutating func advance(_ count: Int) {
      start += count
      if start == buffer.count {
        buffer.removeAll(keepingCapacity: buffer.capacity <= 256 * 1024)
        start = 0
      } else if start > 256 * 1024 {
        buffer.removeFirst(start)
        start = 0
      }
    }
  }

  enum Reading {
    case bytes(Int)
    case nothingYet
    case finished
    case failed
  }

  private let state = Locked<State>(State())
  private let wake: @Sendable () -> Void

  /// - Parameter wake: called when a reader that found nothing should look again.
  init(wake: @escaping @Sendable () -> Void) {
    self.wake = wake
  }

  // MARK: The producer's side

  func write(_ bytes: [UInt8]) async throws {
    try Task.checkCancellation()
    let isFull = try append(bytes)
    if !isFull { return }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wait($0) }
    } onCancel: {
      let writers = state.withLock { state in
        state.cancelled = true
        return take(&state.writers)
      }
      for writer in writers { writer.resume(throwing: CancellationError()) }
    }
  }

  func finish(failed: Bool) {
    let wakes = state.withLock { state in
      state.end = state.end ?? (failed ? .failed : .finished)
      return take(&state.readerWaits)
    }
    if wakes { wake() }
  }

  private func append(_ bytes: [UInt8]) throws -> Bool {
    let (wakes, isFull) = try state.withLock { state in
      if state.end != nil { throw StreamClosed() }
      if bytes.isEmpty { return (false, false) }
      state.buffer += bytes
      state.lastWrite = .now
      return (take(&state.readerWaits), state.waiting > StreamPipe.highWater)
    }
    if wakes { wake() }
    return isFull
  }

  private func wait(_ writer: CheckedContinuation<Void, any Error>) {
    let now: Result<Void, any Error>? = state.withLock { state in
      if state.cancelled { return .failure(CancellationError()) }
      if state.end != nil { return .failure(StreamClosed()) }
      if state.waiting <= StreamPipe.highWater { return .success(()) }
      state.writers.append(writer)
      return nil
    }
    if let now { writer.resume(with: now) }
  }

  // MARK: The connection's side

  /// Moves what there is into `space`. After `nothingYet` the pipe wakes its reader once.
  func read(into space: UnsafeMutableRawBufferPointer) -> Reading {
    let (reading, writers) = state.withLock { state -> (Reading, [Writer]) in
      if state.end == .failed || state.end == .closed { return (.failed, []) }
      let count = min(space.count, state.waiting)
      if count == 0 {
        if state.end == .finished { return (.finished, []) }
        state.readerWaits = true
        return (.nothingYet, [])
      }
      state.buffer.withUnsafeBytes { buffer in
        space.copyMemory(from: .init(rebasing: buffer[state.start..<state.start + count]))
      }
      state.advance(count)
      return (.bytes(count), state.waiting < StreamPipe.lowWater ? take(&state.writers) : [])
    }
    for writer in writers { writer.resume() }
    return reading
  }

  /// The client has gone: what is written from now on is refused.
  func close() {
    let (writers, wakes) = state.withLock { state in
      state.end = .closed
      return (take(&state.writers), take(&state.readerWaits))
    }
    for writer in writers { writer.resume(throwing: StreamClosed()) }
    if wakes { wake() }
  }

  /// Writes the bytes when nothing else was written for that long.
  func beat(after interval: Duration, _ bytes: [UInt8]) {
    let wakes = state.withLock { state in
      guard state.end == nil, state.waiting == 0, .now - state.lastWrite >= interval else {
        return false
      }
      state.buffer += bytes
      state.lastWrite = .now
      return take(&state.readerWaits)
    }
    if wakes { wake() }
  }

  private typealias Writer = CheckedContinuation<Void, any Error>
}

private func take<Element>(_ elements: inout [Element]) -> [Element] {
  let taken = elements
  elements = []
  return taken
}

private func take(_ flag: inout Bool) -> Bool {
  let taken = flag
  flag = false
  return taken
}
