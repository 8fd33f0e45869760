import Foundation
import TestSupport
import Testing

@testable import Coinvent

/// Files as people have them.
@Suite struct SalesFileTests {
  private static let head = "external_id,product_id,channel,quantity,unit_price,currency,sold_at"
  private static let rows = (1...3).map { "L-\($0),LAMP,größe,1,10.00,EUR,2026-02-0\($0)" }
  private static let text = ([head] + rows).joined(separator: "\n") + "\n"

  private func read(_ bytes: [UInt8], _ mapping: SaleMapping? = nil) throws -> [SaleLine] {
    let path = NSTemporaryDirectory() + "sales-\(MemberID.new()).csv"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file: any SaleRows =
      try mapping.map { try MappedFile(path: path, mapping: $0) } ?? SalesFile(path: path)
    var lines: [SaleLine] = []
    while let line = try file.next() { lines.append(line) }
    return lines
  }

  private func fault(_ bytes: [UInt8], _ mapping: SaleMapping? = nil) -> String {
    do {
      _ = try read(bytes, mapping)
      return ""
    } catch let wrong as Invalid { return wrong.description } catch { return "\(error)" }
  }

  private static func utf16(_ text: String, isBig: Bool) -> [UInt8] {
    let units = [0xFEFF] + text.utf16
    return units.flatMap { unit in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return isBig ? [high, low] : [low, high]
    }
  }

  @Test func `letters in other encodings are the same letters`() throws {
    let plain = try read(Array(Self.text.utf8))
    #expect(plain.map(\.channel) == ["größe", "größe", "größe"])
    #expect(try read([0xEF, 0xBB, 0xBF] + Array(Self.text.utf8)) == plain)
    #expect(try read(Self.utf16(Self.text, isBig: false)) == plain)
    #expect(try read(Self.utf16(Self.text, isBig: true)) == plain)
    // Letters of two halves that fall on both sides of a chunk.
    let many =
      Self.head + "\n"
      + (0..<9_000).map { "\($0),\(String(repeating: "🪔", count: 9)),x,1,1,EUR,2026-02-01\n" }
      .joined()
    let read = try read(Self.utf16(many, isBig: false))
    #expect(read.count == 9_000)
    #expect(Set(read.map(\.product)) == [String(repeating: "🪔", count: 9)])
  }

  @Test func `a mark before a quoted name is no part of it`() throws {
    let quoted = Self.text.replacing("external_id,", with: "\"external_id\",")
    let plain = try read(Array(Self.text.utf8))
    let fields = SaleLine.fields.prefix(5) + ["currency", "sold_at"]
    var mapping = SaleMapping()
    mapping.fields = Dictionary(uniqueKeysWithValues: fields.map { ($0, .columns([$0])) })
    mapping.encoding = .windows1252
    for mapping in [nil, mapping] {
      #expect(try read([0xEF, 0xBB, 0xBF] + Array(quoted.utf8), mapping) == plain)
      #expect(try read(Self.utf16(quoted, isBig: false), mapping) == plain)
      #expect(try read(Self.utf16(quoted, isBig: true), mapping) == plain)
    }
  }

  @Test func `Windows' letters are read through a mapping, and refused without`() throws {
    let bytes = Self.text.unicodeScalars.map { UInt8($0.value) }
    let said = fault(bytes)
    #expect(said.contains("row 2: is no UTF-8"), "\(said)")
    let fields = SaleLine.fields.prefix(5) + ["currency", "sold_at"]
    var mapping = SaleMapping()
    mapping.fields = Dictionary(uniqueKeysWithValues: fields.map { ($0, .columns([$0])) })
    mapping.encoding = .windows1252
    #expect(try read(bytes, mapping) == read(Array(Self.text.utf8)))
    mapping.encoding = .utf8
    #expect(fault(bytes, mapping).contains("row 2: is no UTF-8"))
  }

  @Test func `rows are numbered as editors do, whatever ends them`() throws {
    for end in ["\n", "\r\n", "\r"] {
      let text = [Self.head, "", Self.rows[0], "", "", "L-9,LAMP,x,0,1,EUR,2026-02-01", ""]
        .joined(separator: end)
      let said = fault(Array(text.utf8))
      #expect(said.contains("row 6/quantity"), "\(said)")
    }
  }

  @Test(arguments: [1, 6, 20, 35])
  func `a file that was cut off is refused`(missing: Int) throws {
    let bytes = Array(Self.text.utf8)
    if missing == 1 {
      // Only the end of the last line: many programs leave it out.
      #expect(try read(bytes.dropLast()).count == 3)
      return
    }
    #expect(fault(bytes.dropLast(missing)).contains("row 4"))
    var mapping = SaleMapping()
    mapping.fields = Dictionary(
      uniqueKeysWithValues: SaleLine.fields.prefix(5).map { ($0, .columns([$0])) })
    // Columns that a cut could take away unseen.
    mapping.fields["currency"] = .constant("EUR")
    mapping.fields["sold_at"] = .constant("2026-02-01")
    let said = fault(bytes.dropLast(missing), mapping)
    #expect(missing == 6 || said.contains("row 4: the file ends in the middle"), "\(said)")
  }

  @Test func `what a file has instead of fields is named`() {
    for (sign, name) in [(";", "semicolon"), ("\t", "tab")] {
      let said = fault(Array(Self.text.replacing(",", with: sign).utf8))
      #expect(said.contains("if a \(name) divides its fields"), "\(said)")
    }
    let strange = fault(Array(Self.text.replacing("unit_price", with: "price").utf8))
    #expect(strange.contains("\"price\" is no column") && strange.contains("need a mapping"))
    let quote = fault(Array(Self.text.replacing("L-2", with: "L\"2").utf8))
    #expect(quote.contains("row 3: a quotation mark stands within a field"), "\(quote)")
    let open = fault(Array(Self.text.replacing("L-2", with: "\"L-2").utf8))
    #expect(open.contains("ends within quotation marks"), "\(open)")
    let zero = fault(Array(Self.text.replacing("L-2", with: "L\0").utf8))
    #expect(zero.contains("row 3: has zero bytes"), "\(zero)")
  }
}
