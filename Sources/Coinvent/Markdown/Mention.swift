/// An `@handle` in a text.
struct Mention {
  /// In small letters.
  let handle: String
  /// With the @.
  let range: Range<String.Index>

  /// A word of its own: `ada@home` and `/@ada` name nobody.
  static func all(in text: String) -> [Mention] {
    let bytes = text.utf8
    var mentions: [Mention] = []
    var place = bytes.startIndex
    var before: UInt8?
    while place < bytes.endIndex {
      let byte = bytes[place]
      let start = place
      place = bytes.index(after: place)
      defer { before = byte }
      guard byte == UInt8(ascii: "@"), before.map({ !joins($0) }) ?? true else { continue }
      let word = bytes[place...].prefix { isWord($0) }
      guard (3...30).contains(word.count),
        word.endIndex == bytes.endIndex
          || bytes[word.endIndex] < 128 && bytes[word.endIndex] != UInt8(ascii: "@")
      else { continue }
      mentions.append(
        Mention(
          handle: String(text[place..<word.endIndex]).lowercased(), range: start..<word.endIndex))
    }
    return mentions
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// What makes the @ part of something longer, letters of other scripts included.
  private static func joins(_ byte: UInt8) -> Bool {
    isWord(byte) || byte >= 128 || [UInt8](".-/@+".utf8).contains(byte)
  }
}
