import Foundation
import Testing

/// The public surface of the layers that everything stands on is documented.
@Suite struct SurfaceTests {
  static let documented: Set = ["Postgres", "HTTPServer", "Ledger"]

  @Test(arguments: documented.sorted())
  func `public types and functions say what they are`(module: String) {
    let files = TidyTests.sources.filter { $0.module == module }
    let declarations = files.flatMap(declarations)
    // A requirement of a protocol is explained once, not with every type that fulfils it; those of
    // Swift's own protocols are explained there.
    let explained = Set(declarations.filter(\.isExplained).map(\.name))
      .union([
        "appendLiteral", "appendInterpolation", "StringInterpolation", "hash", "makeIterator",
        "makeAsyncIterator", "Iterator",
      ])
    for declaration in declarations where declaration.isPublic {
      if !declaration.isExplained && !explained.contains(declaration.name) {
        Issue.record("\(declaration.place): \(declaration.name) has no comment")
      }
    }
  }

  private struct Declaration {
    let name: String
    let place: String
    let isPublic: Bool
    let isExplained: Bool
  }

  private func declarations(_ file: SourceFile) -> [Declaration] {
    // Operators speak for themselves.
    let pattern = /\b(?:func|struct|class|enum|protocol|actor) (\w+)/
    return file.code.compactMap { number, text in
      guard let match = text.firstMatch(of: pattern) else { return nil }
      var above = number - 2
      while above >= 0, file.lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("@") {
        above -= 1
      }
      let explained =
        above >= 0 && file.lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("///")
      return Declaration(
        name: String(match.output.1), place: "\(file.path):\(number)",
        isPublic: text.contains("public "), isExplained: explained)
    }
  }
}
