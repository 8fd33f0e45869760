import Ledger
import Postgres

/// One row of a report, read by the names of its columns.
struct MappedRow {
  let number: Int
  let header: MappedHeader
  var values: [String]

  func value(_ column: String) -> String {
    guard let place = header.places[column] else { return "" }
    return values[place]
  }

  func value(_ place: SaleMapping.Place?) -> String {
    switch place {
    case .columns(let columns): columns.lazy.map { value($0) }.first { !$0.isEmpty } ?? ""
    case .constant(let text): text
    case .joined(let columns): columns.map { value($0) }.joined(separator: "-")
    case nil: ""
    }
  }

  /// The column that a place was read from.
  func column(_ place: SaleMapping.Place?) -> String? {
    switch place {
    case .columns(let columns): columns.first { !value($0).isEmpty }
    case .joined(let columns): columns.joined(separator: "-")
    case .constant, nil: nil
    }
  }

  func `is`(_ words: SaleMapping.Words?) -> Bool {
    guard let words else { return false }
    return words.words.contains(value(words.column).lowercased())
  }

  private func plain(_ text: String) throws -> String {
    guard let plain = header.numbers.plain(text) else {
      throw Invalid("row \(number)", header.numbers.fault(text))
    }
    return plain
  }

  /// Nanos of a decimal that fit with either sign; 0 for an empty one.
  func amount(_ text: String) throws -> Int64 {
    let plain = try plain(text)
    if plain.isEmpty { return 0 }
    do throws(AmountError) {
      let nanos = try Amount.nanos(decimal: plain)
      if nanos == .min { throw .overflow }
      return nanos
    } catch {
      throw Invalid("row \(number)", "\"\(text)\" \(error.description)")
    }
  }

  /// What was computed of amounts.
  func fitting(_ nanos: Int128) throws -> Int64 {
    guard let fitting = Int64(exactly: nanos), fitting != .min else {
      throw Invalid("row \(number)", AmountError.overflow.description)
    }
    return fitting
  }

  /// A whole number that fits with either sign.
  func whole(_ text: String) throws -> Int64 {
    var plain = try plain(text)
    if plain.isEmpty { return 0 }
    if let point = plain.firstIndex(of: "."), plain[point...].dropFirst().allSatisfy({ $0 == "0" })
    {
      plain = String(plain[..<point])
    }
    guard let count = Int64(plain), count != .min else {
      throw Invalid("row \(number)", "\"\(text)\" is no whole number")
    }
    return count
  }
}

/// The columns of a report and how it writes numbers and days.
struct MappedHeader: Sendable {
  let places: [String: Int]
  let count: Int
  let numbers: MappedNumbers
  let dates: DateOrder?

  /// Why a moment cannot be read with certainty; nil when it can.
  func fault(ofMoment text: String) -> String? { dates == nil ? DateOrder.fault(text) : nil }

  /// A moment as we write it; the text itself when it is none.
  func moment(_ text: String) -> String {
    // The T of RFC 3339 stands right behind a day.
    let hasT = text.utf8.dropFirst(10).first == UInt8(ascii: "T")
    let spaced = hasT ? text.prefix(10) + " " + text.dropFirst(11) : text[...]
    let parts = spaced.split(separator: " ").map(String.init)
    guard let day = parts.first.flatMap(day) else { return text }
    if parts.count == 1 { return day }
    var (clock, zone) = (parts[1], parts.dropFirst(2).joined())
    if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" || $0 == "Z" }) {
      (clock, zone) = (String(clock[..<sign]), String(clock[sign...]))
    }
    if clock.split(separator: ":").count == 2 { clock += ":00" }
    if clock.prefix(while: { $0 != ":" }).count == 1 { clock = "0" + clock }
    if zone.isEmpty || zone == "UTC" || zone == "GMT" { zone = "Z" }
    if zone.count == 5, !zone.contains(":") { zone = zone.prefix(3) + ":" + zone.suffix(2) }
    return "\(day)T\(clock)\(zone)"
  }

  /// 2026-01-31, from 31.01.2026, 31/01/2026 or, month first, 01/31/2026.
  private func day(_ text: String) -> String? {
    for separator in ["-", ".", "/"] as [Character] {
      let parts = text.split(separator: separator).map(String.init)
      guard parts.count == 3, parts.allSatisfy({ Int($0) != nil }) else { continue }
      if parts[0].count == 4 {
        return [parts[0], two(parts[1]), two(parts[2])].joined(separator: "-")
      }
      let isMonthFirst = dates == .monthFirst && separator != "."
      let (month, day) = isMonthFirst ? (parts[0], parts[1]) : (parts[1], parts[0])
      return [parts[2], two(month), two(day)].joined(separator: "-")
    }
    return nil
  }

  private func two(_ text: String) -> String { text.count == 1 ? "0" + text : text }
}
