import Postgres

extension RowReader {
  /// The next column as one of the names that a check in the schema vouches for.
  mutating func named<Name: RawRepresentable<String>>(_ type: Name.Type = Name.self) throws -> Name
  {
    let text = try next(String.self)
    guard let name = Name(rawValue: text) else {
      preconditionFailure("\(text) is no \(Name.self), though the schema lets it stand")
    }
    return name
  }
}
