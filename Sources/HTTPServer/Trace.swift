/// Where a request stands in a distributed trace, as W3C Trace Context defines it.
public struct Trace: Sendable, Equatable {
  let traceHigh: UInt64
  let traceLow: UInt64
  let span: UInt64
  let parent: UInt64?
  /// Whether the caller records this trace.
  public let isSampled: Bool
  /// The caller's `tracestate`, to be passed on unchanged.
  public let state: String?

  /// 32 hexadecimal digits, the same for all that one outer request causes.
  public var traceID: String { hexadecimal(traceHigh, traceLow) }
  /// 16 hexadecimal digits, made for this request.
  public var spanID: String { hexadecimal(span) }
  /// The caller's span; nil when the trace begins here.
  public var parentID: String? { parent.map(hexadecimal) }
  /// The `traceparent` field for requests that this one causes.
  public var traceparent: String { "00-\(traceID)-\(spanID)-0\(isSampled ? 1 : 0)" }

  /// A trace that begins here.
  public init() {
    var random = SystemRandomNumberGenerator()
    self.init(random: &random)
  }

  init(random: inout some RandomNumberGenerator) {
    traceHigh = random.next()
    traceLow = random.next() | 1
    span = random.next() | 1
    parent = nil
    isSampled = false
    state = nil
  }

  /// Continues the trace that a `traceparent` names; nil when the field breaks its rules.
  init?(continuing field: String, state: String?, random: inout some RandomNumberGenerator) {
    let parts = field.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 4 || (parts.count > 4 && !parts[0].elementsEqual("00".utf8)),
      parts[0].count == 2, let version = lowercaseNumber(parts[0]), version != 0xFF,
      parts[1].count == 32, let high = lowercaseNumber(parts[1].prefix(16)),
      let low = lowercaseNumber(parts[1].dropFirst(16)), high | low != 0,
      parts[2].count == 16, let parent = lowercaseNumber(parts[2]), parent != 0,
      parts[3].count == 2, let flags = lowercaseNumber(parts[3])
    else { return nil }
    traceHigh = high
    traceLow = low
    span = random.next() | 1
    self.parent = parent
    isSampled = flags & 1 == 1
    self.state = state.flatMap { $0.utf8.count <= 512 ? $0 : nil }
  }
}

private func lowercaseNumber(_ digits: Substring.UTF8View) -> UInt64? {
  var number: UInt64 = 0
  for digit in digits {
    guard !(UInt8(ascii: "A")...UInt8(ascii: "F") ~= digit), let value = hexadecimalValue(digit)
    else { return nil }
    number = number << 4 | UInt64(value)
  }
  return number
}

func hexadecimal(_ number: UInt64) -> String {
  String(unsafeUninitializedCapacity: 16) { buffer in
    writeHexadecimal(number, into: buffer, at: 0)
    return 16
  }
}

func hexadecimal(_ high: UInt64, _ low: UInt64) -> String {
  String(unsafeUninitializedCapacity: 32) { buffer in
    writeHexadecimal(high, into: buffer, at: 0)
    writeHexadecimal(low, into: buffer, at: 16)
    return 32
  }
}

private func writeHexadecimal(
  _ number: UInt64, into buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int
) {
  for place in 0..<16 {
    let digit = UInt8(number >> UInt64(60 - 4 * place) & 15)
    buffer[start + place] =
      digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
