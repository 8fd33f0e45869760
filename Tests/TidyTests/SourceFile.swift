import Foundation

/// A file of the repository, cut into lines.
struct SourceFile: Sendable {
  /// From the repository's root: `Sources/Ledger/Account.swift`.
  let path: String
  let lines: [String]

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// `Ledger` for `Sources/Ledger/Account.swift`.
  var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  var name: String {
    path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? ""
  }

  /// Lines that are not comments, with their numbers.
  var code: [(number: Int, text: String)] {
    lines.enumerated().compactMap { index, line in
      line.trimmingCharacters(in: .whitespaces).hasPrefix("//") ? nil : (index + 1, line)
    }
  }

  /// Every file below `folder` whose name ends so, in order.
  static func all(below folder: String, ending: String = ".swift") -> [SourceFile] {
    let base = root.appending(path: folder)
    guard let walker = FileManager.default.enumerator(atPath: base.path()) else { return [] }
    return walker.compactMap { $0 as? String }.filter { $0.hasSuffix(ending) }.sorted().compactMap {
      let data = try? Data(contentsOf: base.appending(path: $0))
      guard let data, let text = String(data: data, encoding: .utf8) else { return nil }
      var lines = text.components(separatedBy: "\n")
      if lines.last == "" { lines.removeLast() }
      return SourceFile(path: "\(folder)/\($0)", lines: lines)
    }
  }

  /// Functions, initialisers and tests with the number of lines from name to closing brace.
  var functions: [(name: String, number: Int, length: Int)] {
    var found: [(name: String, number: Int, length: Int)] = []
    for (index, line) in lines.enumerated() {
      guard line.contains("func ") || line.contains("init"),
        let match = line.firstMatch(of: Self.functionStart)
      else { continue }
      let closing = String(match.output.1) + "}"
      guard let end = lines[index...].firstIndex(where: { $0 == closing }) else { continue }
      // A requirement or a one-line body has no closing brace of its own before the next one.
      let between = lines[(index + 1)..<end]
      if between.contains(where: { isSibling($0, of: String(match.output.1)) }) { continue }
      found.append((String(match.output.2), index + 1, end - index + 1))
    }
    return found
  }

  private func isSibling(_ line: String, of indent: String) -> Bool {
    guard line.contains("func ") || line.contains("init"),
      let match = line.firstMatch(of: Self.functionStart)
    else { return false }
    return match.output.1.count <= indent.count
  }

  private static var functionStart: Regex<(Substring, Substring, Substring)> {
    /^( *)(?:@\S+ )*(?:[a-z]+(?:\([a-z]+\))? )*(func [^(<]+|init[?]?(?=[(<]))/
  }
}
