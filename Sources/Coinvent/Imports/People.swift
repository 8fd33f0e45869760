import Postgres

/// Finds the members behind the people of an import, and makes those who are none yet.
///
/// Who is made has no password and no token: nobody can sign in as them. An operator who knows that
/// the address is somebody's gives them a token (`coinvent tokens create`).
struct People {
  let now: Timestamp
  private(set) var made = 0
  private var known: [ImportedIdea.Person: MemberID] = [:]

  init(now: Timestamp) { self.now = now }

  /// - Returns: nil for a handle that nobody has, and for what is no address.
  mutating func find(_ person: ImportedIdea.Person, in tx: Transaction) async throws -> MemberID? {
    if let id = known[person] { return id }
    let id: MemberID?
    switch person {
    case .member(let member): return member
    case .handle(let handle):
      id = try await FindMember.by(handleOrID: handle, in: tx)?.id
    case .email(let address, let name):
      id = try await member(address.trimmed.lowercased(), name, in: tx)
    }
    known[person] = id
    return id
  }

  private mutating func member(_ address: String, _ name: String, in tx: Transaction) async throws
    -> MemberID?
  {
    let found = try await tx.first(
      "SELECT id FROM members WHERE lower(email) = \(address)", as: UUID.self)
    if let found { return MemberID(uuid: found) }
    let id = MemberID.new(at: now)
    let shown = name.trimmed.unicodeScalars.filter { $0.properties.generalCategory != .control }
    let start = People.handle(of: address)
    let draft = MemberDraft(
      handle: start, displayName: shown.isEmpty ? start : String(String(shown).prefix(60)),
      email: address)
    guard draft.faults.isEmpty else { return nil }
    switch try await CreateMember.run(draft, passwordHash: nil, id: id, at: now, in: tx) {
    case .created: break
    case .emailTaken: return nil
    case .handleTaken:
      // The end of the id is random: taken by nobody.
      let other = MemberDraft(
        handle: "\(start.prefix(21))_\(id.description.suffix(8))", displayName: draft.displayName,
        email: address)
      guard
        case .created = try await CreateMember.run(
          other, passwordHash: nil, id: id, at: now, in: tx)
      else { return nil }
    }
    made += 1
    return id
  }

  /// What stands before the `@`, as far as a handle may hold it.
  static func handle(of address: String) -> String {
    let letters = address.prefix { $0 != "@" }.lowercased().map { letter -> Character in
      letter.isASCII && (letter.isLetter || letter.isNumber) ? letter : "_"
    }
    let text = String(letters.prefix(30))
    return text.count < 3 ? text + String(repeating: "_", count: 3 - text.count) : text
  }
}
