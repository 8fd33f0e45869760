/// What one member, or the house, holds of a product by one part of its recipe.
public struct Share: Sendable, Equatable {
  /// The slice's name; `house` for what nobody earned.
  public let slice: String
  public let role: ContributionRole
  /// Nil is the house.
  public let member: MemberID?
  public let ppb: Int64
  /// How it came about, in words that a member can follow.
  public let reason: String

  init(
    slice: String, role: ContributionRole = .any, member: MemberID?, ppb: Int64, reason: String
  ) {
    self.slice = slice
    self.role = role
    self.member = member
    self.ppb = ppb
    self.reason = reason
  }

  /// What a snapshot's hash is made of: `naming/vote mem_01… 25000000`.
  var line: String {
    var bytes: [UInt8] = []
    write(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the line: a large product has a hundred thousand of them.
  func write(into bytes: inout [UInt8]) {
    bytes.append(contentsOf: slice.utf8)
    if role != .any {
      bytes.append(UInt8(ascii: "/"))
      bytes.append(contentsOf: role.rawValue.utf8)
    }
    bytes.append(UInt8(ascii: " "))
    if let member {
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: MemberID.textLength) { text in
        let count = member.write(into: text)
        bytes.append(contentsOf: text.prefix(count))
      }
    } else {
      bytes.append(contentsOf: "house".utf8)
    }
    bytes.append(UInt8(ascii: " "))
    bytes.append(contentsOf: "\(ppb)".utf8)
  }
}
