import Postgres

/// An id with a kind: a UUIDv7, written as a TypeID such as `idea_01h455vb4pex5vsknk084sn02q`.
///
/// <https://github.com/jetify-com/typeid/tree/main/spec>
public protocol EntityID: Hashable, Comparable, Sendable, CustomStringConvertible {
  static var prefix: String { get }
  var uuid: UUID { get }
  init(uuid: UUID)
}

extension EntityID {
  /// A new id; ids made later sort later.
  public static func new(at now: Timestamp = .now) -> Self { Self(uuid: .v7(now: now)) }

  /// - Returns: nil unless the text is a TypeID with this kind's prefix.
  public init?(_ text: String) {
    let start = text.utf8.count - TypeIDSuffix.length
    guard start == Self.prefix.utf8.count + 1, text.hasPrefix(Self.prefix),
      text.utf8.dropFirst(start - 1).first == UInt8(ascii: "_"),
      let bits = TypeIDSuffix.decode(text.utf8.dropFirst(start))
    else { return nil }
    self.init(uuid: UUID(bits: bits))
  }

  public var description: String {
    var text = Self.prefix
    text += "_"
    text += TypeIDSuffix.encode(uuid.bits)
    return text
  }

  /// Bytes of the text form.
  public static var textLength: Int { prefix.utf8.count + 1 + TypeIDSuffix.length }

  /// Writes the text form, which is ASCII.
  /// - Returns: how many bytes it has.
  public func write(into text: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var place = 0
    for byte in Self.prefix.utf8 {
      text[place] = byte
      place += 1
    }
    text[place] = UInt8(ascii: "_")
    return TypeIDSuffix.write(uuid.bits, into: text, at: place + 1)
  }

  public static func < (a: Self, b: Self) -> Bool { a.uuid < b.uuid }
}

extension UUID {
  static let max = UUID(high: .max, low: .max)

  init(bits: UInt128) {
    self.init(high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
  }

  var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }
}

/// A member of the community.
public struct MemberID: EntityID {
  public static let prefix = "mem"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

/// An idea; the product it becomes has the same UUID.
public struct IdeaID: EntityID {
  public static let prefix = "idea"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

/// A product; it has the UUID of the idea that it comes from.
public struct ProductID: EntityID {
  public static let prefix = "prod"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

/// A token or session.
public struct TokenID: EntityID {
  public static let prefix = "tok"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
