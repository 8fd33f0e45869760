/// Text of a page. What is interpolated is escaped, unless it is such text itself.
public struct HTML: Sendable, ExpressibleByStringInterpolation {
  public let text: String

  public init(stringLiteral text: String) { self.text = text }

  public init(stringInterpolation pieces: StringInterpolation) { text = pieces.text }

  public struct StringInterpolation: StringInterpolationProtocol {
    var text = ""

    public init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 32)
    }

    public mutating func appendLiteral(_ literal: String) { text += literal }

    public mutating func appendInterpolation(_ part: HTML) { text += part.text }

    public mutating func appendInterpolation(_ parts: [HTML]) {
      for part in parts { text += part.text }
    }

    public mutating func appendInterpolation(_ number: Int64) { text += "\(number)" }

    public mutating func appendInterpolation(_ words: String) { text += HTML.escape(words) }
  }

  /// Safe between tags and in quoted attributes.
  static func escape(_ words: String) -> String {
    var text = ""
    text.reserveCapacity(words.utf8.count)
    for scalar in words.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// A whole page.
  /// - Parameter style: what stands for the sheet that the server has, in a file of its own.
  static func page(
    _ title: String, _ body: HTML,
    style: HTML = "<link rel=\"stylesheet\" href=\"/products/style.css\">", isFile: Bool = false
  ) -> [UInt8] {
    // A file has no site round it to go to.
    let site: HTML =
      isFile
      ? ""
      : """
      <header><nav aria-label="Site"><a href="/products">Products</a>
      <a href="/solvency">Owed and set aside</a></nav></header>

      """
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title>
      \(style)
      </head>
      <body>
      \(site)<main>
      \(body)
      </main>
      <footer><p>Served by Coinvent, the open backend for communities that invent together.</p>
      </footer>
      </body>
      </html>

      """
    return Array(page.text.utf8)
  }
}
