/// What members write, as HTML that is safe to show: CommonMark with tables, strikethrough, task
/// lists and bare addresses as links.
///
/// Raw HTML is shown as the text it is. Links lead to http, https, mailto and our own pages only
/// and tell search engines not to follow; an image becomes a link to it, so that nobody is watched
/// while reading. A text whose rendering would cost more than its length warrants is shown as it
/// was typed.
public enum Markdown {
  /// Counts changes of what `html` makes of a text; kept HTML of another version is made anew.
  public static let version: Int64 = 2

  /// How deep lists and quotes may lie inside each other.
  static let depthLimit = 32

  /// - Parameter mentioning: handles whose `@handle` becomes a link to the member.
  public static func html(of text: String, mentioning handles: Set<String> = []) -> String {
    if let rendered = MarkdownTree.with(text, { $0.html(mentioning: handles) }) {
      return rendered
    }
    return "<pre>" + escaped(text) + "</pre>\n"
  }

  /// The handles after an @ outside of code and links, in their order, each once; whether there
  /// are such members is not known here.
  public static func mentions(in text: String) -> [String] {
    guard text.utf8.contains(UInt8(ascii: "@")) else { return [] }
    let found = MarkdownTree.with(text) { tree -> [String]? in tree.mentions() } ?? []
    var seen: Set<String> = []
    return found.filter { seen.insert($0).inserted }
  }

  static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count + text.utf8.count / 8)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
