import EventLoop

/// How many streams of events are open, in all and for an address.
final class StreamLimit: Sendable {
  private let most: Int
  private let perAddress: Int
  private let open = Locked<[String: Int]>([:])

  init(most: Int, perAddress: Int) {
    self.most = most
    self.perAddress = perAddress
  }

  /// - Throws: 429 when the address has enough of them, 503 when there are none left.
  func demandPlace(_ address: String) throws {
    let refusal: Problem? = open.withLock { open in
      if open[address, default: 0] >= perAddress {
        return .tooMany("At most \(perAddress) streams for one address.", wait: .seconds(5))
      }
      return isFull(open)
        ? .unavailable("All streams are taken; read the counts instead.", retryAfter: 10) : nil
    }
    if let refusal { throw refusal }
  }

  /// Takes a place when the stream begins, which is also when it is sure to end.
  /// - Returns: false when others were faster.
  func take(_ address: String) -> Bool {
    open.withLock { open in
      guard open[address, default: 0] < perAddress, !isFull(open) else { return false }
      open[address, default: 0] += 1
      return true
    }
  }

  private func isFull(_ open: [String: Int]) -> Bool { open.values.reduce(0, +) >= most }

  func giveBack(_ address: String) {
    open.withLock { open in
      let left = (open[address] ?? 1) - 1
      open[address] = left == 0 ? nil : left
    }
  }
}
