import JSON

/// Where more about an idea is to be read.
public struct IdeaLink: Sendable, Equatable {
  public let url: String
  public let title: String?

  public static let most = 10

  public init(url: String, title: String? = nil) {
    self.url = url.trimmed
    let title = title?.trimmed ?? ""
    self.title = title.isEmpty ? nil : title
  }

  var faults: [Invalid.Fault] {
    var found: [Invalid.Fault] = []
    if let fault = WebAddress.fault(url) { found.append(("/url", fault)) }
    if let fault = title?.fault(1...200) { found.append(("/title", fault)) }
    return found
  }

  var json: JSON {
    guard let title else { return ["url": .string(url)] }
    return ["url": .string(url), "title": .string(title)]
  }

  /// Reads an array of links, each with its own pointers.
  public static func list(_ json: JSON, at pointer: String) throws(Invalid) -> [IdeaLink] {
    guard let array = json.array else { throw Invalid(pointer, "must be an array of objects") }
    var links: [IdeaLink] = []
    for (place, element) in array.enumerated() {
      var fields = try Fields(element, at: "\(pointer)/\(place)")
      links.append(IdeaLink(url: fields.text("url"), title: fields.optionalText("title")))
      try fields.finish()
    }
    return links
  }
}
