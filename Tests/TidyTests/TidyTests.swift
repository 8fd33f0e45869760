import Foundation
import Testing

/// The house's rules of style that a machine can check. The limits only ever get tighter.
@Suite struct TidyTests {
  static let sources = SourceFile.all(below: "Sources")
  static let tests = SourceFile.all(below: "Tests")
  static let everything = sources + tests

  @Test func `no file is longer than 400 lines`() {
    for file in Self.everything where file.lines.count > 400 {
      Issue.record("\(file.path) has \(file.lines.count) lines: split it by noun or action")
    }
  }

  @Test func `no function is longer than 70 lines`() {
    for file in Self.everything {
      for function in file.functions where function.length > 70 {
        Issue.record("\(file.path):\(function.number): \(function.name), \(function.length) lines")
      }
    }
  }

  @Test func `no line is longer than 100 columns`() {
    // To be lowered with every change until it is gone.
    let allowance = 15
    var long: [String] = []
    for file in Self.everything {
      for (index, line) in file.lines.enumerated() where line.count > 100 {
        long.append("\(file.path):\(index + 1): \(line.count) columns")
      }
    }
    #expect(long.count <= allowance, "\(long.joined(separator: "\n"))")
  }

  @Test func `errors are never swallowed and never crash`() {
    for file in Self.sources {
      for (number, text) in file.code where text.contains("try") && text.contains(/\btry[?!]/) {
        Issue.record("\(file.path):\(number): try? and try! are for tests")
      }
    }
  }

  @Test func `sources do without Foundation`() {
    for file in Self.sources where file.module != "SchemaPlugin" {
      for (number, text) in file.code where text.hasSuffix("import Foundation") {
        Issue.record("\(file.path):\(number): use Glibc and the modules of the house")
      }
    }
  }

  static let kinds = ["struct ", "class ", "enum ", "actor ", "protocol "]

  @Test func `names say what a thing is`() {
    let empty = /(Manager|Service|Helper|Helpers|Util|Utils|Common|Base|Impl|DTO)$/
    for file in Self.sources {
      if file.name.contains(empty) { Issue.record("\(file.path): the file's name says nothing") }
      for (number, text) in file.code {
        guard Self.kinds.contains(where: text.contains),
          let match = text.firstMatch(of: /\b(?:struct|class|enum|actor|protocol) (\w+)/)
        else { continue }
        if match.output.1.contains(empty) {
          Issue.record("\(file.path):\(number): the name \(match.output.1) says nothing")
        }
      }
    }
  }

  @Test func `only Coinvent and Ledger contain SQL`() {
    // Postgres speaks the protocol itself: BEGIN, COPY, LISTEN and the record of migrations.
    let free: Set = ["Coinvent", "Ledger", "Postgres"]
    let words = [
      "SELECT ", "INSERT INTO", "DELETE FROM", "UPDATE ", "CREATE TABLE", "CREATE INDEX",
      "TRUNCATE ",
    ]
    for file in Self.sources where !free.contains(file.module) {
      for (number, text) in file.code where words.contains(where: text.contains) {
        Issue.record("\(file.path):\(number): SQL belongs to Coinvent or Ledger")
      }
    }
  }

  @Test func `migrations are numbered without a gap`() {
    let files = SourceFile.all(below: "Schema", ending: ".sql").map(\.name)
      .filter { $0 != "schema" }
    for (index, name) in files.enumerated() {
      let number = String(format: "%04d-", index + 1)
      #expect(name.hasPrefix(number), "Schema/\(name).sql should start with \(number)")
      #expect(name.wholeMatch(of: /\d{4}-[a-z][a-z0-9-]*/) != nil, "Schema/\(name).sql")
    }
  }

  @Test func `every script says what it is`() {
    for file in SourceFile.all(below: "Scripts", ending: "") {
      guard let first = file.lines.first else { continue }
      let comment = first.hasPrefix("#!") ? file.lines.dropFirst().first : first
      let says = ["# ", "\"\"\"", "-- "].contains { comment?.hasPrefix($0) ?? false }
      #expect(says, "\(file.path) starts without a comment")
    }
  }
}
