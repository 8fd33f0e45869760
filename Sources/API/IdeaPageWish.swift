import Coinvent
import HTTPServer
import Postgres

extension IdeasAPI {
  /// The page that a query asks for. Pointers name parameters as if the query were an object.
  struct PageWish: Hashable {
    var state = Idea.State.open
    var sort = ListIdeas.Sort.new
    var limit = 20
    var filter = IdeaFilter.none
    var cursor: IdeaCursor?

    init(_ query: QueryItems) throws {
      var invalid = Invalid()
      if let text = query["state"], !text.isEmpty {
        let words = Idea.State.allCases.map(\.rawValue).joined(separator: ", ")
        if let state = Idea.State(rawValue: text) {
          self.state = state
        } else {
          invalid.add("/state", "must be one of \(words)")
        }
      }
      if let text = query["sort"], !text.isEmpty {
        if let sort = ListIdeas.Sort(rawValue: text) {
          self.sort = sort
        } else {
          invalid.add("/sort", "must be new, top or trending")
        }
      }
      if let text = query["limit"], !text.isEmpty {
        if let limit = Int(text), (1...100).contains(limit) {
          self.limit = limit
        } else {
          invalid.add("/limit", "must be a whole number from 1 to 100")
        }
      }
      filter = Self.filter(query, &invalid)
      if let text = query["cursor"], !text.isEmpty {
        cursor = IdeaCursor(text, sort: sort, state: state, filter: filter)
        if cursor == nil { invalid.add("/cursor", "is none that this list has given") }
      }
      if !invalid.isEmpty { throw invalid }
    }

    private static func filter(_ query: QueryItems, _ invalid: inout Invalid) -> IdeaFilter {
      var filter = IdeaFilter.none
      if let text = query["tag"], !text.isEmpty {
        let tag = IdeaDetails.tag(text)
        if let fault = IdeaDetails.fault(tag: tag) { invalid.add("/tag", fault) }
        filter.tag = tag
      }
      if let text = query["category"], !text.isEmpty {
        if let fault = IdeaDraft.fault(category: text) { invalid.add("/category", fault) }
        filter.category = text
      }
      return filter
    }

    func find(in pool: Pool) async throws -> ListIdeas.Page {
      if filter.isNone {
        return try await ListIdeas.run(
          state: state, sort: sort, limit: limit, after: cursor, in: pool)
      }
      return try await ListIdeas.filtered(
        filter, state: state, sort: sort, limit: limit, after: cursor, in: pool)
    }

    /// The query that asks for the same from the beginning.
    var query: String {
      var query = "state=\(state.rawValue)&sort=\(sort.rawValue)&limit=\(limit)"
      if let tag = filter.tag { query += "&tag=" + percentEncoded(tag) }
      if let category = filter.category { query += "&category=" + percentEncoded(category) }
      return query
    }

    func link(to next: IdeaCursor) -> String {
      "</v1/ideas?\(query)&cursor=\(next.text)>; rel=\"next\""
    }
  }
}

/// A value as it stands in a query.
private func percentEncoded(_ text: String) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      bytes.append(byte)
    default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
