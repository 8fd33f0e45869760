/// What a statement gave back.
public struct QueryResult: Sendable {
  let box: ResultBox?

  /// How many rows it holds.
  public var count: Int { box?.count ?? 0 }

  /// How many rows were inserted, changed, deleted or selected.
  public var affected: Int { box?.affected ?? 0 }

  public var rows: [Row] {
    guard let box else { return [] }
    return (0..<box.count).map { Row(result: box, index: $0) }
  }

  /// - Precondition: `index` is below `count`.
  public subscript(index: Int) -> Row {
    guard let box, index >= 0, index < box.count else {
      preconditionFailure("row \(index) of \(count)")
    }
    return Row(result: box, index: index)
  }

  var commandTag: String { box?.commandTag ?? "" }
}
