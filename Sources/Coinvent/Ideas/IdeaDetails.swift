import JSON
import Postgres

/// What more an idea tells; all of it may be absent.
public struct IdeaDetails: Sendable, Equatable {
  public let features: String
  public let similarProducts: String
  /// In lower case, each once, in the author's order.
  public let tags: [String]
  public let links: [IdeaLink]

  public static let mostTags = 10

  public init(
    features: String = "", similarProducts: String = "", tags: [String] = [],
    links: [IdeaLink] = []
  ) {
    self.features = features.trimmed
    self.similarProducts = similarProducts.trimmed
    var known = Set<String>()
    self.tags = tags.map(Self.tag).filter { known.insert($0).inserted }
    self.links = links
  }

  /// A tag as it is kept and looked for.
  public static func tag(_ text: String) -> String { text.trimmed.lowercased() }

  /// What is wrong with a tag; nil when nothing is.
  public static func fault(tag: String) -> String? { tag.fault(1...30) }

  var faults: [Invalid.Fault] {
    var found: [Invalid.Fault] = []
    if let fault = features.fault(0...5000, lines: true) { found.append(("/features", fault)) }
    if let fault = similarProducts.fault(0...2000, lines: true) {
      found.append(("/similar_products", fault))
    }
    if tags.count > Self.mostTags {
      found.append(("/tags", "must be at most \(Self.mostTags) different tags"))
    }
    for (place, tag) in tags.enumerated() {
      if let fault = Self.fault(tag: tag) { found.append(("/tags/\(place)", fault)) }
    }
    if links.count > IdeaLink.most {
      found.append(("/links", "must be at most \(IdeaLink.most) links"))
    }
    for (place, link) in links.enumerated() {
      found += link.faults.map { ("/links/\(place)\($0.pointer)", $0.message) }
    }
    return found
  }

  // As they are stored: what is absent is NULL.
  var storedFeatures: String? { features.isEmpty ? nil : features }
  var storedProducts: String? { similarProducts.isEmpty ? nil : similarProducts }
  var storedTags: [String]? { tags.isEmpty ? nil : tags }
  var storedLinks: String? { links.isEmpty ? nil : JSON.array(links.map(\.json)).text() }
}

extension IdeaDetails {
  /// Those of an idea.
  init(_ idea: Idea) throws {
    let tags = try idea.tags.map { try JSON.parse(Array($0.string.utf8)) }
    let links = try idea.links.map { try JSON.parse(Array($0.string.utf8)) }
    self.init(
      features: idea.features?.string ?? "", similarProducts: idea.similarProducts?.string ?? "",
      tags: (tags?.array ?? []).compactMap(\.string),
      links: (links?.array ?? []).map {
        IdeaLink(url: $0["url"]?.string ?? "", title: $0["title"]?.string)
      })
  }

  /// Reads an array of tags.
  public static func tags(_ json: JSON, at pointer: String) throws(Invalid) -> [String] {
    guard let array = json.array else { throw Invalid(pointer, "must be an array of strings") }
    let texts = array.compactMap(\.string)
    guard texts.count == array.count else { throw Invalid(pointer, "must be an array of strings") }
    return texts
  }
}
