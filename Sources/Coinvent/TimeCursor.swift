import Postgres

/// Where a page of a list ends that is ordered by time, the newest first, and by id.
///
/// Clients get it as opaque text. It is checked for form and not signed: a forged one can only
/// start a page elsewhere.
public struct TimeCursor: Sendable, Hashable {
  let time: Timestamp
  let id: UUID
  private static let version: UInt8 = 1

  init(time: Timestamp, id: UUID) {
    self.time = time
    self.id = id
  }

  /// Before the first row: in the year 9999, which the database can hold.
  static let start = TimeCursor(
    time: Timestamp(microseconds: 253_370_764_800_000_000), id: .max)

  /// - Returns: nil for a text that no page has handed out.
  public init?(_ text: String) {
    guard let bytes = Base64URL.decode(text.utf8), bytes.count == 25, bytes[0] == Self.version,
      let id = UUID(bytes: bytes[9...])
    else { return nil }
    let number = bytes[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let time = Timestamp(microseconds: Int64(bitPattern: number))
    guard time <= TimeCursor.start.time, time >= Timestamp(microseconds: 0) else { return nil }
    self.time = time
    self.id = id
  }

  public var text: String {
    let number = UInt64(bitPattern: time.microseconds)
    let digits = (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    return Base64URL.encode([Self.version] + digits + id.bytes)
  }
}

extension TimeCursor {
  /// For a list that is ordered by a number of its own.
  public init(number: Int64) { self.init(time: Timestamp(microseconds: number), id: .zero) }

  public var number: Int64 { time.microseconds }
}
