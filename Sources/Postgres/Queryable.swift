/// What statements can be run on: the pool, a session, a transaction.
public protocol Queryable: Sendable {
  /// Runs one statement.
  /// - Throws: `DatabaseError`, or `CancellationError` when the task was cancelled.
  func run(_ query: Query) async throws -> QueryResult
}

extension Queryable {
  /// Runs a statement for its effect.
  /// - Returns: how many rows it touched.
  @discardableResult
  public func execute(_ query: Query) async throws -> Int {
    try await run(query).affected
  }

  /// All rows as tuples, or as plain values for a single column.
  ///
  ///     for (id, title) in try await db.all("SELECT id, title …", as: (UUID, String).self)
  public func all<each Column: PostgresDecodable>(
    _ query: Query, as type: (repeat each Column).Type
  ) async throws -> [(repeat each Column)] {
    let result = try await run(query)
    var rows: [(repeat each Column)] = []
    rows.reserveCapacity(result.count)
    for index in 0..<result.count { rows.append(try result[index].decode(type)) }
    return rows
  }

  /// The first row, or nil when there is none.
  public func first<each Column: PostgresDecodable>(
    _ query: Query, as type: (repeat each Column).Type
  ) async throws -> (repeat each Column)? {
    let result = try await run(query)
    return result.count == 0 ? nil : try result[0].decode(type)
  }

  /// The only row.
  /// - Throws: `DatabaseError` of kind `.rowCount` when there is none or more than one.
  public func one<each Column: PostgresDecodable>(
    _ query: Query, as type: (repeat each Column).Type
  ) async throws -> (repeat each Column) {
    try await only(query).decode(type)
  }

  /// All rows as values of a type that reads itself.
  public func all<Value: RowDecodable>(_ query: Query, of type: Value.Type) async throws
    -> [Value]
  {
    let result = try await run(query)
    return try (0..<result.count).map { try result[$0].decode(type) }
  }

  /// The first row, or nil when there is none.
  public func first<Value: RowDecodable>(_ query: Query, of type: Value.Type) async throws
    -> Value?
  {
    let result = try await run(query)
    return result.count == 0 ? nil : try result[0].decode(type)
  }

  /// The only row.
  /// - Throws: `DatabaseError` of kind `.rowCount` when there is none or more than one.
  public func one<Value: RowDecodable>(_ query: Query, of type: Value.Type) async throws -> Value {
    try await only(query).decode(type)
  }

  private func only(_ query: Query) async throws -> Row {
    let result = try await run(query)
    guard result.count == 1 else {
      throw DatabaseError(
        kind: .rowCount, message: "one row was expected, \(result.count) came back")
    }
    return result[0]
  }
}
