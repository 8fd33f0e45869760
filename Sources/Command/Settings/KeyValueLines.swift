/// Lines of `key = value`; `#` starts a comment line. The value is nil where a line has no `=`.
enum KeyValueLines {
  static func parse(_ text: String) -> [(key: String, value: String?, line: Int)] {
    var lines: [(key: String, value: String?, line: Int)] = []
    let all = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, raw) in all.enumerated() {
      let line = trimmed(raw)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? String(trimmed(parts[1])) : nil
      lines.append((String(trimmed(parts[0])), value, index + 1))
    }
    return lines
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
