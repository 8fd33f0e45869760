import Coinvent
import HTTPServer
import JSON

/// What comes with a submission, and what it is told when something is missing.
enum SubmissionAPI {
  /// The body of `POST /v1/ideas/{id}/submission`, which may be left out.
  static func wish(_ call: Call) throws -> Submission.Wish {
    if call.request.body.isEmpty { return .nothing }
    var fields = try call.fields()
    let wish = wish(&fields, isDraft: false)
    try fields.finish()
    return wish
  }

  static func wish(_ fields: inout Fields, isDraft: Bool) -> Submission.Wish {
    let terms = fields.optionalWhole("accept_terms", in: 1...2_000_000_000)
    if isDraft && terms != nil {
      fields.note("accept_terms", "is for a submission, and not for a draft")
    }
    return Submission.Wish(terms: terms, brief: fields.optionalID("brief", as: BriefID.self))
  }

  /// What a submitted idea waits for.
  static func write(_ waits: SubmissionWaits, _ writer: inout JSONWriter) {
    var words: [String] = []
    if waits.fee != nil { words.append("fee") }
    if waits.briefUntil != nil { words.append("brief") }
    if waits.curator { words.append("curator") }
    writer.array("waits_for", words) { $0.value($1) }
    if let fee = waits.fee {
      writer.object("fee") {
        $0.field("amount", fee.decimal)
        $0.field("currency", fee.currency.code)
      }
    }
    if let until = waits.briefUntil { writer.field("brief_closes_at", until) }
  }

  static let waits = Shape.object([
    .optional(
      "waits_for", .list(.words(["fee", "brief", "curator"])),
      "What has to happen before votes are taken, when the idea is `submitted`"),
    .optional("fee", .named("Money"), "What is to be paid"),
    .optional("brief_closes_at", .time, "Its brief hides it until then"),
  ])

  static func problem(_ refusal: Submission.Refusal) -> Problem {
    switch refusal {
    case .termsNotAccepted(let version):
      Problem.conflict(
        "terms-not-accepted",
        "Version \(version) of the contribution terms is in force: read /v1/terms/\(version), and "
          + "accept it with \"accept_terms\": \(version)."
      ).with("Link", "</v1/terms/\(version)>; rel=\"terms-of-service\"")
    case .unknownBrief: .unprocessable(Invalid("/brief", "there is no such brief"))
    case .briefNotOpen(let brief):
      Problem.conflict(
        "brief-not-open",
        "The brief takes ideas from \(brief.texts.opensAt) until \(brief.texts.closesAt).")
    }
  }
}
