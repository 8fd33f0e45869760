import Postgres

/// Where a page of ideas ends: the sort key and id of its last idea.
///
/// Clients get it as opaque text. It tells nothing that the page did not, and a forged one can
/// only start a page elsewhere, so it is checked for form and not signed.
public struct IdeaCursor: Sendable, Hashable {
  let sort: ListIdeas.Sort
  let state: Idea.State
  let filter: IdeaFilter
  let key: Int64
  let id: IdeaID
  /// 2: there are more states than in 1.
  private static let version: UInt8 = 2

  init(sort: ListIdeas.Sort, state: Idea.State, filter: IdeaFilter = .none, last: Idea) {
    self.sort = sort
    self.state = state
    self.filter = filter
    key = sort.key(of: last)
    id = last.id
  }

  /// - Returns: nil for a text that no page of this sort, state and filter has handed out.
  public init?(
    _ text: String, sort: ListIdeas.Sort, state: Idea.State, filter: IdeaFilter = .none
  ) {
    guard let bytes = Base64URL.decode(text.utf8), bytes.count >= 27,
      bytes[27...] == filter.mark[...],
      bytes[0] == Self.version, bytes[1] == sort.mark, bytes[2] == state.mark,
      let id = UUID(bytes: bytes[11..<27])
    else { return nil }
    self.sort = sort
    self.state = state
    self.filter = filter
    key = Int64(bitPattern: bytes[3..<11].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    self.id = IdeaID(uuid: id)
  }

  public var text: String {
    let number = UInt64(bitPattern: key)
    let digits = (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    return Base64URL.encode(
      [Self.version, sort.mark, state.mark] + digits + id.uuid.bytes + filter.mark)
  }
}

extension CaseIterable where Self: Equatable {
  fileprivate var mark: UInt8 {
    var mark: UInt8 = 0
    for other in Self.allCases {
      if other == self { return mark }
      mark += 1
    }
    return mark
  }
}
