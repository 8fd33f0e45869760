/// Counts of latencies in buckets that are never wider than a sixty-fourth of their value.
struct Latencies {
  private var counts = [UInt32](repeating: 0, count: 64 * 40)
  private(set) var count = 0
  /// Microseconds.
  private(set) var longest: UInt64 = 0

  mutating func add(_ microseconds: UInt64) {
    counts[Latencies.bucket(microseconds)] += 1
    count += 1
    longest = max(longest, microseconds)
  }

  /// The value that so large a part of all does not exceed; 0 when there are none.
  func percentile(_ part: Double) -> UInt64 {
    let wanted = max(1, Int((Double(count) * part).rounded(.up)))
    var seen = 0
    for (bucket, count) in counts.enumerated() where count > 0 {
      seen += Int(count)
      if seen >= wanted { return min(longest, Latencies.top(of: bucket)) }
    }
    return longest
  }

  /// Values below 64 have a bucket each; from there on each power of two has 64.
  static func bucket(_ value: UInt64) -> Int {
    if value < 64 { return Int(value) }
    let power = min(63 - value.leadingZeroBitCount, 44)
    return (power - 5) * 64 + Int((value >> UInt64(power - 6)) & 63)
  }

  /// The largest value of a bucket.
  static func top(of bucket: Int) -> UInt64 {
    if bucket < 64 { return UInt64(bucket) }
    let shift = UInt64(bucket / 64 - 1)
    return ((UInt64(64 + bucket % 64) + 1) << shift) - 1
  }
}
