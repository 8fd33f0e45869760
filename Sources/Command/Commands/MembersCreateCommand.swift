import Coinvent
import JSON

/// `coinvent members create`
enum MembersCreateCommand: Command {
  static let handle = Option.value(
    "handle", "HANDLE", "3 to 30 of a-z, 0-9 and _.", required: true)
  static let role = Option.value(
    "role", "ROLE", "What the member may do.", standard: "member",
    completes: .words(Role.allCases.map(\.rawValue)))
  static let name = Option.value("name", "NAME", "The name that is shown; the handle if not given.")
  static let email = Option.value("email", "ADDRESS", "Where the member is reached.")
  static let password = Option.flag(
    "password-stdin", "Read a password from the first line of stdin.")

  static let spec = CommandSpec(
    "members create", summary: "Make a member.",
    examples: [
      Example("coinvent members create --handle ada --role curator", "A curator."),
      Example(
        "coinvent members create --handle bob --name Bob --email bob@example.org",
        "A member with a name and an address."),
    ],
    options: [handle, role, name, email, password],
    notes: [
      "Without a password the member uses tokens only: see coinvent tokens create.",
      "A handle or an address that somebody has already ends with exit code 3.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let words = Role.allCases.map(\.rawValue).joined(separator: ", ")
    let role = try context.value(role, expecting: "one of \(words)") { Role(rawValue: $0) }
    let handle = context[handle] ?? ""
    let draft = MemberDraft(
      handle: handle, displayName: context[name] ?? handle, email: context[email])
    try refuse(draft)
    let hash = context.has(password) ? try await hashFromStandardInput() : nil
    return try await context.withPool { pool in
      let outcome = try await CreateMember.run(
        draft, role: role ?? .member, passwordHash: hash, in: pool)
      switch outcome {
      case .created(let member):
        context.output.say("\(member.id)  \(member.handle)  \(member.role.rawValue)")
        context.output.json(member.json)
        return .ok
      case .handleTaken:
        throw Failure(.busy, "Somebody has the handle “\(draft.handle)” already.")
      case .emailTaken:
        throw Failure(.busy, "Somebody has this e-mail address already.")
      }
    }
  }

  private static func refuse(_ draft: MemberDraft) throws(Failure) {
    let options = ["/handle": "--handle", "/display_name": "--name", "/email": "--email"]
    let faults = draft.faults.map { "\(options[$0.pointer] ?? $0.pointer) \($0.message)" }
    if !faults.isEmpty {
      throw Failure(.usage, "The member cannot be made as given.", details: faults)
    }
  }

  private static func hashFromStandardInput() async throws -> String {
    let password = readLine(strippingNewline: true) ?? ""
    if let fault = Passwords.fault(password) { throw Failure.usage("The password \(fault).") }
    let passwords = Passwords(threads: 1)
    defer { passwords.stop() }
    return try await passwords.hash(password)
  }
}

extension Member {
  var json: JSON {
    [
      "id": .string(id.description), "handle": .string(handle),
      "display_name": .string(displayName), "email": email.map { .string($0) } ?? .null,
      "role": .string(role.rawValue), "joined_at": .string(joinedAt.description),
    ]
  }
}
