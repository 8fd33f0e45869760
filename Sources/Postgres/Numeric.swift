/// PostgreSQL's binary form of `numeric`: groups of four decimal digits.
struct Numeric {
  private var weight: Int
  private var sign: UInt16
  private var scale: Int
  private var groups: [Int16]

  private static let negative: UInt16 = 0x4000
  private static let special: UInt16 = 0xC000

  init(_ value: Int128) {
    var rest = value.magnitude
    groups = []
    while rest > 0 {
      groups.insert(Int16(rest % 10_000), at: 0)
      rest /= 10_000
    }
    weight = max(0, groups.count - 1)
    sign = value < 0 ? Numeric.negative : 0
    scale = 0
  }

  init(_ cell: Cell) throws {
    let bytes = try cell.content()
    guard bytes.count >= 8 else { throw cell.mismatch("is a broken numeric") }
    let count = Int(bytes.integer(Int16.self))
    weight = Int(bytes.integer(Int16.self, at: 2))
    sign = bytes.integer(UInt16.self, at: 4)
    scale = Int(bytes.integer(Int16.self, at: 6))
    guard count >= 0, bytes.count == 8 + 2 * count else {
      throw cell.mismatch("is a broken numeric")
    }
    groups = (0..<count).map { bytes.integer(Int16.self, at: 8 + 2 * $0) }
  }

  func encode(into bytes: inout [UInt8]) {
    bytes.append(bigEndian: Int16(groups.count))
    bytes.append(bigEndian: Int16(weight))
    bytes.append(bigEndian: sign)
    bytes.append(bigEndian: Int16(scale))
    for group in groups { bytes.append(bigEndian: group) }
  }

  /// The value when it is a whole number of at most 38 digits.
  func whole(_ cell: Cell) throws -> Int128 {
    guard sign & Numeric.special != Numeric.special else {
      throw cell.mismatch("is not a finite number")
    }
    var total: Int128 = 0
    for position in 0..<max(weight + 1, groups.count) {
      let group = Int128(position < groups.count ? groups[position] : 0)
      if position > weight {
        guard group == 0 else { throw cell.mismatch("holds a fraction") }
        continue
      }
      let (product, over) = total.multipliedReportingOverflow(by: 10_000)
      let (sum, above) = product.addingReportingOverflow(group)
      guard !over, !above else { throw cell.mismatch("holds a number too large") }
      total = sum
    }
    return sign == Numeric.negative ? -total : total
  }

  /// Decimal text with as many places as the server's value has.
  var text: String {
    switch sign {
    case 0xC000: return "NaN"
    case 0xD000: return "Infinity"
    case 0xF000: return "-Infinity"
    default: break
    }
    var text = sign == Numeric.negative ? "-" : ""
    if weight < 0 { text += "0" }
    for position in 0..<max(0, weight + 1) {
      text += position == 0 ? String(group(0)) : padded(group(position))
    }
    guard scale > 0 else { return text }
    var fraction = ""
    var position = weight + 1
    while fraction.utf8.count < scale {
      fraction += padded(group(position))
      position += 1
    }
    return text + "." + fraction.prefix(scale)
  }

  private func group(_ position: Int) -> Int16 {
    groups.indices.contains(position) ? groups[position] : 0
  }

  private func padded(_ group: Int16) -> String {
    let digits = String(group)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
