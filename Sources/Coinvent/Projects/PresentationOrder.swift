import Postgres

/// An order of a project's entries that looks random and is the same for one member every time.
///
/// The numbers 1 … n are permuted by a small keyed Feistel network over the next power of four, so
/// a page is computed and fetched by number, and no list of all entries is ever sorted. Numbers
/// above n are passed over.
struct PresentationOrder: Sendable, Equatable {
  let key: UInt64
  /// Half of the bits of the permuted numbers.
  let half: UInt64
  /// The greatest number there is.
  let last: Int64

  init(key: UInt64, last: Int64) {
    self.key = key
    self.last = last
    var half: UInt64 = 1
    while Int64(1) << Int64(2 * half) < last { half += 1 }
    self.half = half
  }

  /// - Parameter seed: who looks: a member's id, a day, or what somebody gave.
  init(project: ProjectID, seed: String, last: Int64) {
    let hash = Digest.sha256(Array("\(project) \(seed)".utf8))
    self.init(key: hash[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }, last: last)
  }

  /// Places that are passed over to get to the end.
  var places: UInt64 { 1 << (2 * half) }

  /// The number at a place; nil for a place that is passed over.
  func number(at place: UInt64) -> Int64? {
    let mask = (UInt64(1) << half) - 1
    var left = place >> half
    var right = place & mask
    for round in UInt64(0)..<6 {
      (left, right) = (right, left ^ (mixed(right, round) & mask))
    }
    let number = Int64(left << half | right) + 1
    return number <= last ? number : nil
  }

  /// The finalizer of SplitMix64, which spreads every bit over all.
  private func mixed(_ value: UInt64, _ round: UInt64) -> UInt64 {
    var z = value &+ key &+ (round &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
