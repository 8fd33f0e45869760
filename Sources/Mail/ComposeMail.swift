import Coinvent
import Postgres

/// Puts into words what a mail tells.
public struct ComposeMail: Sendable {
  public let from: MailAddress
  public let fromName: String
  /// Where people read: the start of all links, without a slash at its end.
  public let publicURL: String
  let key: SigningKey

  public init(from: MailAddress, fromName: String, publicURL: String, key: SigningKey) {
    self.from = from
    self.fromName = fromName
    self.publicURL = publicURL
    self.key = key
  }

  func message(_ mail: MailLeases.Claim, _ content: MailContent, to address: MailAddress)
    -> MailMessage
  {
    let told = content.notifications
    let single = mail.cadence == .atOnce ? told.first : nil
    let kind = link(UnsubscribeToken(member: mail.member, kind: single?.kind))
    let all = link(UnsubscribeToken(member: mail.member, kind: nil))
    let period = mail.cadence == .weekly ? "week" : "day"
    let subject =
      single.map { "\(Self.headline($0)): \(Self.title($0))" }
      ?? "Your \(period) in ideas: \(content.total) \(content.total == 1 ? "notice" : "notices")"
    let more = content.total - told.count
    return MailMessage(
      id: "\(mail.id)", from: from, fromName: fromName, to: address, subject: subject,
      date: mail.madeAt,
      text: text(content.handle, told, more: more, single: single, kind: kind, all: all),
      html: html(content.handle, told, more: more, single: single, kind: kind, all: all),
      unsubscribe: kind)
  }

  private func link(_ token: UnsubscribeToken) -> String {
    "\(publicURL)/v1/unsubscribe/\(token.text(key))"
  }

  private func address(_ told: Coinvent.Notification) -> String {
    if let idea = told.idea { return "\(publicURL)/v1/ideas/\(idea)" }
    if let brief = told.subject, told.kind == .brief || told.kind == .newBrief {
      return "\(publicURL)/v1/briefs/\(BriefID(uuid: brief))"
    }
    return "\(publicURL)/v1/me/notifications"
  }

  /// What stands over the link.
  private static func title(_ told: Coinvent.Notification) -> String {
    told.ideaTitle ?? told.detail ?? name(told.kind)
  }

  // MARK: Plain text

  private func text(
    _ handle: String, _ told: [Coinvent.Notification], more: Int, single: Coinvent.Notification?,
    kind: String, all: String
  ) -> String {
    var lines = ["Hello \(handle),", ""]
    for one in told {
      lines += [Self.oneLine(Self.sentence(one)), "  \(Self.oneLine(Self.title(one)))"]
      lines += ["  \(address(one))", ""]
    }
    if more > 0 { lines += ["… and \(more) more in your inbox.", ""] }
    lines.append("-- ")
    if let single { lines.append("No more mails about “\(Self.name(single.kind))”: \(kind)") }
    lines += ["No more mails at all: \(all)", ""]
    return lines.joined(separator: "\r\n")
  }

  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }

  // MARK: HTML

  private func html(
    _ handle: String, _ told: [Coinvent.Notification], more: Int, single: Coinvent.Notification?,
    kind: String, all: String
  ) -> String {
    var html = """
      <!doctype html><html lang="en"><head><meta charset="utf-8"></head>\
      <body style="font-family: sans-serif; line-height: 1.5; max-width: 36rem">\
      <p>Hello \(Self.escape(handle)),</p>\r\n
      """
    for one in told {
      html +=
        "<p>\(Self.escape(Self.sentence(one)))<br>"
        + "<a href=\"\(Self.escape(address(one)))\">\(Self.escape(Self.title(one)))</a></p>\r\n"
    }
    if more > 0 { html += "<p>… and \(more) more in your inbox.</p>\r\n" }
    html += "<hr><p style=\"font-size: 0.85rem; color: #555\">"
    if let single {
      html +=
        "<a href=\"\(Self.escape(kind))\">No more mails about "
        + "“\(Self.name(single.kind))”</a> · "
    }
    return html + "<a href=\"\(Self.escape(all))\">No more mails at all</a></p></body></html>\r\n"
  }

  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar.value < 32 ? " " : scalar)
      }
    }
    return escaped
  }

  // MARK: Words

  static func name(_ kind: Coinvent.Notification.Kind) -> String {
    kind.rawValue.split(separator: "_").joined(separator: " ")
  }

  static func headline(_ told: Coinvent.Notification) -> String {
    switch told.kind {
    case .ideaState: "New state"
    case .gateWarning: "Votes are needed"
    case .comment: "New comment"
    case .reply: "A reply"
    case .mention: "You were mentioned"
    case .officialAnswer: "Official answer"
    case .helpful: "Found helpful"
    case .merge: "Merge"
    case .voteHeld: "Your vote"
    case .evaluation: "Evaluation"
    case .brief: "Brief"
    case .newBrief: "A call for ideas"
    case .moderation: "Moderation"
    case .productStage: "New stage"
    case .project: "Project"
    case .teamEntry: "Your part of an entry"
    case .projectDecided: "Decided"
    case .presale: "Presale"
    case .dispute: "Dispute"
    case .holding: "Your shares"
    case .statement: "Your statement"
    }
  }

  static func sentence(_ told: Coinvent.Notification) -> String {
    let who = told.actorHandle.map { "\($0)" } ?? "Coinvent"
    let what =
      switch told.kind {
      case .ideaState: "An idea you follow has a new state"
      case .gateWarning: "Your idea needs votes before its deadline"
      case .comment: "\(who) commented on an idea you follow"
      case .reply: "\(who) replied to you"
      case .mention: "\(who) mentioned you"
      case .officialAnswer: "There is an official answer"
      case .helpful: "\(who) found what you wrote helpful"
      case .merge: "An idea you follow is part of a merge"
      case .voteHeld: "There is news of your vote"
      case .evaluation: "There is news of an evaluation"
      case .brief: "There is news of a brief"
      case .newBrief: "There is a new call for ideas"
      case .moderation: "There is news of the moderation"
      case .productStage: "A product you follow has a new stage"
      case .project: "There is news of a project"
      case .teamEntry: "\(who) has named you as one of an entry's makers"
      case .projectDecided: "A project you took part in is decided"
      case .presale: "There is news of a presale"
      case .dispute: "There is news of a dispute about shares"
      case .holding: "There is news of what you hold of a product"
      case .statement: "There is a statement of what you have earned"
      }
    // A new state is one of the API's words; other details are people's own.
    let isState = told.kind == .ideaState || told.kind == .merge
    let detail = told.detail.map {
      isState ? $0.split(separator: "_").joined(separator: " ") : $0
    }
    return what + (detail.map { ": \($0)" } ?? "") + "."
  }
}
