import CLibPQ

/// COPY, step by step, on a connection in simple mode.
extension Connection {
  /// Starts COPY; the connection stays in simple mode until it is over.
  func beginCopy(_ sql: String, _ expected: ExecStatusType) async throws {
    try await onLoop {
      let pg = try self.enterSimple()
      do {
        guard PQsendQuery(pg, sql) == 1 else { throw self.lost() }
        try await self.drain()
        try await self.expect(expected)
      } catch {
        self.leaveSimple()
        throw error
      }
    }
  }

  private func expect(_ expected: ExecStatusType) async throws {
    guard let box = try await nextResult() else { throw lost() }
    if box.status == expected { return }
    let failure = box.status == PGRES_FATAL_ERROR ? DatabaseError(box) : nil
    switch box.status {
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      lose(DatabaseError(kind: .misuse, message: "COPY goes the other way"))
      throw lost()
    default: break
    }
    _ = try await finishSimple()
    throw failure ?? DatabaseError(kind: .misuse, message: "the statement is no COPY of this kind")
  }

  /// Sends a chunk and waits until the socket has taken it.
  func putCopy(_ bytes: [UInt8]) async throws {
    try await onLoop {
      guard let pg = self.pg else { throw self.lost() }
      let code = bytes.withUnsafeBytes { buffer in
        let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        return PQputCopyData(pg, start, Int32(buffer.count))
      }
      // It copies what it cannot send, so only a COPY that has ended is refused.
      guard code == 1 else { throw CopyEnded() }
      try await self.drain()
    }
  }

  func endCopyIn() async throws -> Int {
    try await onLoop {
      defer { self.leaveSimple() }
      guard let pg = self.pg else { throw self.lost() }
      _ = PQputCopyEnd(pg, nil)
      try await self.drain()
      return try await self.finishSimple()?.affected ?? 0
    }
  }

  /// Ends a COPY whose source failed; the server undoes it.
  /// - Throws: the server's own error when that was the reason.
  func abandonCopyIn(after error: any Error) async throws {
    do {
      try await onLoop(shielded: true) {
        defer { self.leaveSimple() }
        guard let pg = self.pg else { throw self.lost() }
        _ = PQputCopyEnd(pg, "the sender gave up")
        try await self.drain()
        _ = try await self.finishSimple()
      }
    } catch let failure as DatabaseError {
      if error is CopyEnded || failure.kind == .connectionLost { throw failure }
    }
  }

  /// The rows that have arrived; nil after the last.
  func takeCopy() async throws -> [UInt8]? {
    try await onLoop {
      var chunk: [UInt8] = []
      while true {
        guard let pg = self.pg else { throw self.lost() }
        var row: UnsafeMutablePointer<CChar>?
        let length = PQgetCopyData(pg, &row, 1)
        if length > 0 {
          chunk += UnsafeRawBufferPointer(start: row, count: Int(length))
          PQfreemem(row)
          if chunk.count >= 65_536 { return chunk }
        } else if length == 0 {
          if !chunk.isEmpty { return chunk }
          try await self.wait(for: .read)
          try self.consume()
        } else {
          // The end: what was gathered goes first, and the next call finds the end again.
          if !chunk.isEmpty { return chunk }
          defer { self.leaveSimple() }
          _ = try await self.finishSimple()
          return nil
        }
      }
    }
  }
}

/// The server ended a COPY before its source did; the reason comes with the result.
struct CopyEnded: Error {}
