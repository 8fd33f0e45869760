import Coinvent
import HTTPServer
import JSON

/// How I want to be told: `GET` and `PUT /v1/me/preferences`.
enum PreferencesAPI {
  private static let choice = Shape.object([
    .required("kind", .words(Notification.Kind.allCases.map(\.rawValue))),
    .required("in_app", .flag),
    .required("email", .words(NotificationPreferences.Email.allCases.map(\.rawValue))),
  ])

  static let operations = [
    Operation(
      .get, "/v1/me/preferences", "readPreferences", "How I want to be told, kind by kind",
      answers: [.json(200, "All kinds", preferences)]),
    Operation(
      .put, "/v1/me/preferences", "changePreferences", "Change how I want to be told",
      detail: "Kinds that are left out stay as they are.",
      body: .json(
        .object([
          .optional("time_zone", .text, "Such as Europe/Zurich: digests come at 08:00 there"),
          .optional("kinds", .list(choice, 1...Notification.Kind.allCases.count)),
        ])),
      answers: [.json(200, "All kinds", preferences)]),
  ]

  private static let preferences = Shape.object([
    .required("time_zone", .text), .required("kinds", .list(choice)),
  ])

  static func read(_ call: Call) async throws -> Response {
    answer(try await NotificationPreferences.of(call.member.member, in: call.pool))
  }

  static func change(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let zone = fields.optionalText("time_zone")
    var choices: [Notification.Kind: NotificationPreferences.Choice] = [:]
    if fields.json("kinds") != nil {
      let most = Notification.Kind.allCases.count
      let given = fields.list("kinds", 1...most) { (one: inout Fields) throws(Invalid) in
        (
          one.choice("kind", of: Notification.Kind.self), one.optionalFlag("in_app"),
          one.choice("email", of: NotificationPreferences.Email.self)
        )
      }
      for (place, (kind, inApp, email)) in given.enumerated() {
        if inApp == nil { fields.note("kinds/\(place)/in_app", "is required") }
        choices[kind] = .init(inApp: inApp ?? true, email: email)
      }
      if choices.count < given.count { fields.note("kinds", "must name each kind once") }
    }
    try fields.finish()
    let wanted = choices
    return try await call.write { tx in
      try await NotificationPreferences.change(
        wanted, timeZone: zone, of: call.member.member, in: tx)
      return answer(try await NotificationPreferences.of(call.member.member, in: tx))
    }
  }

  private static func answer(_ preferences: NotificationPreferences) -> Response {
    let choices = preferences.choices.sorted { $0.key.rawValue < $1.key.rawValue }
    return .json(
      JSONWriter.object {
        $0.field("time_zone", preferences.timeZone)
        $0.array("kinds", choices) { writer, choice in
          writer.object {
            $0.field("kind", choice.key.rawValue)
            $0.field("in_app", choice.value.inApp)
            $0.field("email", choice.value.email.rawValue)
          }
        }
      })
  }
}
