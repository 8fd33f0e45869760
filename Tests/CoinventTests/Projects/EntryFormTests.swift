import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct EntryFormTests {
  private func pointers(_ body: () throws -> Void) -> [String] {
    do {
      try body()
      return []
    } catch {
      return (error as? Invalid)?.fields.map(\.pointer) ?? ["\(error)"]
    }
  }

  @Test func `a form is read as it is written, and every mistake has its place`() throws {
    for slice in ProjectDraft.slices {
      let form = EntryForm.usual(for: slice)
      #expect(try EntryForm(json: form.json) == form, "\(slice)")
    }
    let faults = pointers {
      _ = try EntryForm(
        json: [
          ["name": "Name", "label": "", "kind": "text", "min": 5, "max": 4],
          ["name": "size", "label": "Size", "kind": "units", "decimals": 1, "min": "0.25"],
          [
            "name": "size", "label": "Size", "kind": "number", "max": "1", "min": "2", "step": "-1",
          ],
          ["name": "c", "label": "C", "kind": "choice", "options": ["a", "a"], "max": 3],
          ["name": "f", "label": "F", "kind": "file", "types": ["text/html"]],
          ["name": "g", "label": "G", "kind": "colour"],
          ["name": "u", "label": "U", "kind": "text", "max": 500, "unique": true, "step": "1"],
          7,
        ], at: "/form")
    }
    #expect(
      faults == [
        "/form/0/name", "/form/0/label", "/form/0/max",
        "/form/1/min", "/form/1/units",
        "/form/2/max", "/form/2/step",
        "/form/3/options", "/form/3/max",
        "/form/4/types",
        "/form/5/kind",
        "/form/6/max", "/form/6/step",
        "/form/7",
      ])
    #expect(pointers { _ = try EntryForm(json: []) } == [""])
  }

  private static let form = EntryForm([
    EntryField(
      "name", label: "Name", .text(.init(length: 2...10, hasLines: false, isUnique: true))),
    EntryField(
      "about", label: "About", isRequired: false,
      .text(.init(length: 1...100, hasLines: true, isUnique: false))),
    EntryField(
      "price", label: "Price", isRequired: false,
      .number(
        .init(
          least: ExactNumber("0.05"), most: ExactNumber("10"), decimals: 2,
          step: ExactNumber("0.05")))),
    EntryField(
      "width", label: "Width", isRequired: false,
      .units(.init(least: nil, most: nil, decimals: 3, step: nil), units: ["mm", "in"])),
    EntryField(
      "colour", label: "Colour", isRequired: false,
      .choice(options: ["red", "blue"], count: 1...1)),
    EntryField(
      "ports", label: "Ports", isRequired: false,
      .choice(options: ["usb", "hdmi", "audio"], count: 1...2)),
    EntryField("picture", label: "Picture", isRequired: false, .image),
  ])

  @Test func `what fits its form is kept in one form`() throws {
    let file = EntryFileID.new()
    let answers = try EntryAnswers(
      [
        "name": "  The  LAMP ", "about": "Two\nlines", "price": "1.50",
        "width": ["value": "12.500", "unit": "mm"], "colour": "red", "ports": ["audio", "usb"],
        "picture": .string(file.description),
      ], form: Self.form)
    #expect(
      answers.json == [
        "name": "The  LAMP", "about": "Two\nlines", "price": "1.5",
        "width": ["value": "12.5", "unit": "mm"], "colour": "red", "ports": ["usb", "audio"],
        "picture": .string(file.description),
      ])
    #expect(answers.unique.map(\.folded) == ["the lamp"])
    #expect(answers.files.map(\.id) == [file])
  }

  @Test func `what does not fit is refused with its place`() {
    let wrong: [(JSON, String)] = [
      (["name": "a"], "name"), (["name": "two\nlines"], "name"), (["name": 7], "name"),
      ([:], "name"), (["name": "ok", "other": 1], "other"),
      (["name": "ok", "price": 1.5], "price"), (["name": "ok", "price": "0"], "price"),
      (["name": "ok", "price": "10.05"], "price"), (["name": "ok", "price": "1.005"], "price"),
      (["name": "ok", "price": "1.01"], "price"), (["name": "ok", "price": "1e1"], "price"),
      (["name": "ok", "width": "12"], "width"),
      (["name": "ok", "width": ["value": "12", "unit": "ft"]], "width"),
      (["name": "ok", "width": ["value": "12.0001", "unit": "mm"]], "width"),
      (["name": "ok", "colour": "green"], "colour"), (["name": "ok", "colour": ["red"]], "colour"),
      (["name": "ok", "ports": "usb"], "ports"), (["name": "ok", "ports": []], "ports"),
      (["name": "ok", "ports": ["usb", "usb"]], "ports"),
      (["name": "ok", "ports": ["usb", "hdmi", "audio"]], "ports"),
      (["name": "ok", "picture": "img_1"], "picture"),
    ]
    for (answers, field) in wrong {
      let found = pointers { _ = try EntryAnswers(answers, form: Self.form) }
      #expect(found == ["/answers/\(field)"], "\(answers)")
    }
    let several = pointers {
      _ = try EntryAnswers(["price": "x", "colour": "x"], form: Self.form, at: "/3/answers")
    }
    #expect(several == ["/3/answers/name", "/3/answers/price", "/3/answers/colour"])
  }

  @Test func `numbers are exact and written shortly`() {
    for (text, short) in [
      ("1", "1"), ("1.50", "1.5"), ("-0.100000000", "-0.1"), ("0.000000001", "0.000000001"),
      ("-0", "0"), ("9000000000", "9000000000"),
    ] {
      #expect(ExactNumber(text)?.description == short)
    }
    for text in ["", "1.", ".5", "+1", "1e3", "0.0000000001", "99999999999", "1,5"] {
      #expect(ExactNumber(text) == nil, "\(text)")
    }
  }

  @Test func `what a file is, its bytes say`() {
    #expect(FileType(of: Array("%PDF-1.7\n".utf8)) == .pdf)
    #expect(FileType(of: [0x50, 0x4B, 3, 4, 0]) == .zip)
    #expect(FileType(of: Array("glTF\u{2}".utf8)) == .gltf)
    #expect(FileType(of: Array("ISO-10303-21;\nHEADER;".utf8)) == .step)
    #expect(FileType(of: [0, 0, 0, 24] + Array("ftypisom".utf8)) == .mp4)
    #expect(FileType(of: Array("<html>%PDF-".utf8)) == nil && FileType(of: []) == nil)
  }

  @Test func `an order that looks random holds every number once`() {
    for last in [0, 1, 2, 3, 5, 64, 65, 1000, 4659] as [Int64] {
      let order = PresentationOrder(key: 42, last: last)
      let numbers = (0..<order.places).compactMap(order.number(at:))
      #expect(numbers.sorted() == Array(Swift.stride(from: 1, through: last, by: 1)))
      if last > 60 { #expect(numbers != numbers.sorted()) }
    }
    // No number stands first for many more than its part of a crowd.
    var firsts: [Int64: Int] = [:]
    for key in 0..<2000 as Range<UInt64> {
      let order = PresentationOrder(key: key &* 0x9E37_79B9_7F4A_7C15, last: 10)
      let first = (0..<order.places).lazy.compactMap(order.number(at:)).first ?? 0
      firsts[first, default: 0] += 1
    }
    #expect(firsts.count == 10)
    #expect(firsts.values.allSatisfy { (120...280).contains($0) }, "\(firsts)")
  }
}
