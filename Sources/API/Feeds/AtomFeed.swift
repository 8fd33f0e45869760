import Coinvent
import HTTPServer
import Postgres

/// An Atom feed (RFC 4287).
struct AtomFeed: Sendable {
  struct Entry: Sendable {
    /// A UUID that the entry keeps for ever.
    let id: UUID
    let title: String
    let url: String
    let author: String
    let published: Timestamp
    let updated: Timestamp
    /// Plain text.
    let content: String
    var categories: [String] = []
  }

  let id: UUID
  let title: String
  let selfURL: String
  /// The page or resource that the feed is about.
  let url: String
  /// When nothing has happened yet.
  let began: Timestamp
  let entries: [Entry]

  static let type = "application/atom+xml; charset=utf-8"

  var bytes: [UInt8] {
    var xml = XMLText()
    xml.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
    xml.raw("<feed xmlns=\"http://www.w3.org/2005/Atom\">\n")
    xml.element("id", "urn:uuid:\(id)")
    xml.element("title", title)
    xml.element("updated", "\(entries.map(\.updated).max() ?? began)")
    xml.empty("link", [("rel", "self"), ("type", "application/atom+xml"), ("href", selfURL)])
    xml.empty("link", [("rel", "alternate"), ("type", "application/json"), ("href", url)])
    xml.element("generator", "Coinvent")
    // A feed without entries needs an author of its own.
    if entries.isEmpty { xml.person("Coinvent") }
    for entry in entries { write(entry, &xml) }
    xml.raw("</feed>\n")
    return xml.bytes
  }

  private func write(_ entry: Entry, _ xml: inout XMLText) {
    xml.raw("<entry>\n")
    xml.element("id", "urn:uuid:\(entry.id)")
    xml.element("title", entry.title)
    xml.element("published", "\(entry.published)")
    xml.element("updated", "\(entry.updated)")
    xml.person(entry.author)
    for category in entry.categories { xml.empty("category", [("term", category)]) }
    xml.empty(
      "link", [("rel", "alternate"), ("type", "application/json"), ("href", entry.url)])
    xml.element("content", entry.content, type: "text")
    xml.raw("</entry>\n")
  }
}

/// Writes XML 1.0: text is escaped, and what XML has no form for is left out.
struct XMLText {
  private(set) var bytes: [UInt8] = []

  /// Markup of ours.
  mutating func raw(_ markup: StaticString) {
    markup.withUTF8Buffer { bytes += $0 }
  }

  mutating func element(_ name: StaticString, _ text: String, type: String? = nil) {
    raw("<")
    raw(name)
    if let type { attribute("type", type) }
    raw(">")
    escape(text)
    raw("</")
    raw(name)
    raw(">\n")
  }

  mutating func empty(_ name: StaticString, _ attributes: [(StaticString, String)]) {
    raw("<")
    raw(name)
    for (name, value) in attributes { attribute(name, value) }
    raw("/>\n")
  }

  mutating func person(_ name: String) {
    raw("<author>")
    element("name", name)
    raw("</author>\n")
  }

  private mutating func attribute(_ name: StaticString, _ value: String) {
    raw(" ")
    raw(name)
    raw("=\"")
    escape(value)
    raw("\"")
  }

  private mutating func escape(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": raw("&amp;")
      case "<": raw("&lt;")
      case ">": raw("&gt;")
      case "\"": raw("&quot;")
      // Anything else below a blank, and two of the highest, are not in XML at all.
      case "\t", "\n": bytes.append(UInt8(scalar.value))
      case "\r": raw("&#13;")
      case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": continue
      default: bytes += Array(String(scalar).utf8)
      }
    }
  }
}
