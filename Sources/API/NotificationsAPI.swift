import Coinvent
import HTTPServer
import JSON

/// A member's inbox and preferences, and the links in mails.
enum NotificationsRoute: FeatureRoute {
  case list, read, preferences, prefer
  case askUnsubscribe(String), unsubscribe(String)

  static func at(_ path: Path) -> [(method: Method, route: NotificationsRoute)] {
    switch (path[0], path[1], path[2]) {
    case ("me", "notifications", nil): [(.get, .list)]
    case ("me", "notifications", "read"): path.count == 3 ? [(.post, .read)] : []
    case ("me", "preferences", nil): [(.get, .preferences), (.put, .prefer)]
    case ("unsubscribe", let token?, nil):
      [(.get, .askUnsubscribe(token)), (.post, .unsubscribe(token))]
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .read: .members(.member, .read)
    case .preferences, .prefer: .members(.member, .account)
    case .askUnsubscribe, .unsubscribe: .open
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await NotificationsAPI.list(call)
    case .read: try await NotificationsAPI.read(call)
    case .preferences: try await PreferencesAPI.read(call)
    case .prefer: try await PreferencesAPI.change(call)
    case .askUnsubscribe(let token): try await UnsubscribeAPI.ask(token, call)
    case .unsubscribe(let token): try await UnsubscribeAPI.run(token, call)
    }
  }

  static let operations = inbox + PreferencesAPI.operations + UnsubscribeAPI.operations

  private static let inbox = [
    Operation(
      .get, "/v1/me/notifications", "listNotifications", "What I am told, the last arrival first",
      query: Operation.Parameter.paging + [
        .init("unread", .flag, "`true` shows only what is unread")
      ],
      answers: [
        .json(
          200, "A page",
          .all([
            .page("notifications", of: .named("Notification")),
            .object([
              .required("unread", .whole(0...99), "How many are unread, counted up to 99"),
              .required("unread_more", .flag, "There are more unread ones than that"),
            ]),
          ]))
      ]),
    Operation(
      .post, "/v1/me/notifications/read", "readNotifications", "Mark notifications as read",
      detail: "One of `ids`, `up_to` (the `cursor` of a notification: it and all that arrived "
        + "before it) and `all`.",
      body: .json(
        .object([
          .optional("ids", .list(.id(NoticeID.self), 1...100)),
          .optional("up_to", .text), .optional("all", .flag),
        ])),
      answers: [
        .json(
          200, "They are read", .object([.required("read", .count, "How many were unread before")]))
      ]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Notification",
      .object([
        .required("id", .id(NoticeID.self)),
        .required("kind", .words(Notification.Kind.allCases.map(\.rawValue))),
        .required("idea_id", .nullable(.id(IdeaID.self)), "Null: it is about no idea"),
        .required("idea_title", .nullable(.text)),
        .required("subject", .nullable(.text), "The UUID of what it is about, such as a comment"),
        .required("detail", .nullable(.text), "A line that says more, such as the new state"),
        .required("actor_id", .nullable(.id(MemberID.self)), "Null: the rules did it"),
        .required("actor_handle", .nullable(.text)),
        .required("posted_at", .time, "When it happened"),
        .required("arrived_at", .time),
        .required("read_at", .nullable(.time)),
        .required("cursor", .text, "Its place: for `up_to`"),
      ])
    )
  ]
}

/// The inbox: `GET /v1/me/notifications`, `POST /v1/me/notifications/read`.
enum NotificationsAPI {
  static func list(_ call: Call) async throws -> Response {
    let page = try PageQuery(call.request.query)
    let unread = call.request.query["unread"] ?? ""
    guard ["", "true", "false"].contains(unread) else {
      throw Invalid("/unread", "must be true or false")
    }
    let found = try await Inbox.page(
      of: call.member.member, unreadOnly: unread == "true", limit: page.limit, after: page.cursor,
      in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("notifications", found.notifications) { writer, notification in
          writer.object { write(notification, &$0) }
        }
        $0.field("next_cursor", found.next?.text)
        $0.field("unread", Int64(min(found.unread, Inbox.countLimit)))
        $0.field("unread_more", found.unread > Inbox.countLimit)
      })
  }

  private static func write(_ notification: Notification, _ writer: inout JSONWriter) {
    writer.field("id", notification.id)
    writer.field("kind", notification.kind.rawValue)
    writer.field("idea_id", notification.idea?.description)
    writer.field("idea_title", notification.ideaTitle)
    writer.field("subject", notification.subject?.description)
    writer.field("detail", notification.detail)
    writer.field("actor_id", notification.actor?.description)
    writer.field("actor_handle", notification.actorHandle)
    writer.field("posted_at", notification.postedAt)
    writer.field("arrived_at", notification.arrivedAt)
    writer.field("read_at", notification.readAt)
    writer.field("cursor", notification.place.text)
  }

  static func read(_ call: Call) async throws -> Response {
    let range = try range(call)
    return try await call.write { tx in
      let count = try await Inbox.read(range, of: call.member.member, in: tx)
      return .json(JSONWriter.object { $0.field("read", Int64(count)) })
    }
  }

  private static func range(_ call: Call) throws -> Inbox.Range {
    var fields = try call.fields()
    let ids = fields.json("ids")
    let place = fields.optionalText("up_to")
    let all = fields.optionalFlag("all")
    let given = [ids != nil, place != nil, all == true].count { $0 }
    try fields.finish(
      and: given == 1 ? [] : [("", "must have one of ids, up_to and all (which is then true)")])
    if let place {
      guard let cursor = TimeCursor(place) else {
        throw Invalid("/up_to", "must be the cursor of a notification")
      }
      return .upTo(cursor)
    }
    guard let ids else { return .all }
    let known = (ids.array ?? []).compactMap { $0.string.flatMap { NoticeID($0) } }
    guard (1...100).contains(known.count), known.count == ids.array?.count else {
      throw Invalid("/ids", "must be an array of 1 to 100 ids that begin with note_")
    }
    return .ids(known)
  }
}
