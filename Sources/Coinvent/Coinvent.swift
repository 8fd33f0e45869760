/// One migration as it travels in the binary.
public struct EmbeddedMigration: Sendable {
  public let number: Int
  public let name: String
  public let sql: String
}
