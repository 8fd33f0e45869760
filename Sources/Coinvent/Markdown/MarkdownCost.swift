/// What a text may cost, told from its bytes before it is parsed.
///
/// cmark-gfm 0.29 needs far more time and room than a text's length in some cases: quotes and lists
/// nested in one line, a table with many columns and then many short lines, addresses with many @.
/// Each is bounded here, so that what is left grows with the length.
struct MarkdownCost {
  /// Whether no line opens more lists and quotes than may lie inside each other.
  let isNestingBounded: Bool
  /// The extensions that the text can be given.
  let extensions: [String]

  private static let atLimit = 100
  private static let cellLimit = 4000

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var ats = 0
    var lines = 0
    var mostPipes = 0
    var isBounded = true
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      lines += 1
      var pipes = 0
      for byte in line {
        if byte == UInt8(ascii: "@") { ats += 1 }
        if byte == UInt8(ascii: "|") { pipes += 1 }
      }
      mostPipes = max(mostPipes, pipes)
      if MarkdownCost.openings(line) > Markdown.depthLimit { isBounded = false }
    }
    isNestingBounded = isBounded
    var extensions = ["strikethrough", "tasklist"]
    if ats <= Self.atLimit { extensions.append("autolink") }
    if (mostPipes + 1) * lines <= Self.cellLimit || mostPipes <= 1 { extensions.append("table") }
    self.extensions = extensions
  }

  /// How many quotes and list items a line can open.
  private static func openings(_ line: UnsafeBufferPointer<UInt8>.SubSequence) -> Int {
    var count = 0
    var hasMarker = false
    for byte in line {
      switch byte {
      case UInt8(ascii: ">"): count += 1
      case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "."),
        UInt8(ascii: ")"):
        hasMarker = true
        continue
      case UInt8(ascii: " "), UInt8(ascii: "\t"): if hasMarker { count += 1 }
      case UInt8(ascii: "0")...UInt8(ascii: "9"): break
      default: return count
      }
      hasMarker = false
    }
    return count
  }
}
