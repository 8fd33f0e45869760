import Coinvent
import JSON
import Postgres

/// `coinvent mail list`
enum MailListCommand: Command {
  static let member = Option.value("member", "MEMBER", "Only this member's, by id or handle.")
  static let state = Option.value(
    "state", "STATE", "Only those in this state.",
    completes: .words(OutgoingMail.State.allCases.map(\.rawValue)))
  static let limit = Option.value("limit", "N", "At most so many.", standard: "50")

  static let spec = CommandSpec(
    "mail list", summary: "List mails, newest first.",
    examples: [
      Example("coinvent mail list", "The last fifty."),
      Example("coinvent mail list --state failed", "What the mail server refused, and why."),
      Example("coinvent mail list --member ada", "One member's."),
    ],
    options: [member, state, limit])

  static func run(_ context: Context) async throws -> ExitCode {
    let states = OutgoingMail.State.allCases.map(\.rawValue).joined(separator: ", ")
    let state = try context.value(state, expecting: "one of \(states)") {
      OutgoingMail.State(rawValue: $0)
    }
    let limit =
      try context.value(limit, expecting: "a number from 1 to 100000") {
        Int($0).flatMap { (1...100_000).contains($0) ? $0 : nil }
      } ?? 50
    return try await context.withPool { pool in
      var id: MemberID?
      if let text = context[member] { id = try await PayoutsListCommand.find(text, in: pool).id }
      let mails = try await OutgoingMail.list(state: state, member: id, limit: limit, in: pool)
      for mail in mails { context.output.say(line(mail)) }
      if mails.isEmpty { context.output.say("There are no such mails.") }
      context.output.json(["mails": .array(mails.map(json))])
      return .ok
    }
  }

  private static func line(_ mail: OutgoingMail) -> String {
    "\(mail.id)  \(mail.madeAt.day)  \(mail.state.rawValue)  \(mail.cadence.rawValue)  "
      + mail.handle + (mail.lastError.map { "  \($0)" } ?? "")
  }

  private static func json(_ mail: OutgoingMail) -> JSON {
    [
      "id": .string("\(mail.id)"), "member_id": .string("\(mail.member)"),
      "handle": .string(mail.handle), "address": mail.address.map(JSON.string) ?? .null,
      "cadence": .string(mail.cadence.rawValue), "state": .string(mail.state.rawValue),
      "made_at": .string("\(mail.madeAt)"), "due_at": .string("\(mail.dueAt)"),
      "tries": .int(Int64(mail.tries)), "last_error": mail.lastError.map(JSON.string) ?? .null,
      "ended_at": mail.endedAt.map { .string("\($0)") } ?? .null,
    ]
  }
}

/// `coinvent mail retry`
enum MailRetryCommand: Command {
  static let mails = Argument("MAIL", "Ids of failed mails.", required: false, many: true)
  static let all = Option.flag("all", "All that have failed.")

  static let spec = CommandSpec(
    "mail retry", summary: "Send failed mails again.",
    examples: [
      Example("coinvent mail retry mail_01kbxyz…", "One."),
      Example("coinvent mail retry --all", "After the mail server's settings were mended."),
    ],
    arguments: [mails], options: [all],
    notes: [
      "A worker sends them: the same messages, with the same Message-ID.",
      "Ends with 6 when none of them has failed.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let texts = context.all(mails)
    guard texts.isEmpty == context.has(all) else {
      throw Failure.usage("Give the ids of mails, or --all.")
    }
    let ids = try texts.map { text in
      guard let id = MailID(text) else { throw Failure.usage("“\(text)” is no id of a mail.") }
      return id
    }
    return try await context.withPool { pool in
      let retried = try await OutgoingMail.retry(context.has(all) ? nil : ids, in: pool)
      context.output.say("\(retried.count) mails wait to be sent again.")
      context.output.json(["retried": .array(retried.map { .string("\($0)") })])
      return retried.isEmpty ? .nothingToDo : .ok
    }
  }
}
