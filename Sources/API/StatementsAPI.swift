import Coinvent
import HTTPServer
import JSON
import Postgres
import Web

/// Members' statements, for themselves and for finance.
enum StatementsRoute: FeatureRoute {
  case list(MemberID), read(MemberID, String)

  static func at(_ path: Path) -> [(method: Method, route: StatementsRoute)] {
    switch (path[0], path[1], path[2], path[3], path[4]) {
    case ("members", let id?, "statements", nil, nil): with(id) { [(.get, .list($0))] }
    case ("members", let id?, "statements", let name?, nil):
      with(id) { [(.get, .read($0, name))] }
    default: []
    }
  }

  /// Of others only for finance: the handler asks for the role.
  var policy: Policy { .members(.member, .read) }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list(let member): try await StatementsAPI.list(member, call)
    case .read(let member, let name): try await StatementsAPI.read(member, name, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/members/{member_id}/statements", "listStatements",
      "Which statements a member has, the newest first",
      answers: [
        .json(200, "All versions", .object([.required("statements", .list(.anything))]))
      ]),
    Operation(
      .get, "/v1/members/{member_id}/statements/{period_name}", "readStatement",
      "What a period brought a member, each line with its arithmetic",
      detail: "The name may end with .json, .csv or .html; otherwise Accept decides, and JSON is "
        + "the form that the statement's SHA-256 is of.",
      query: [
        .init("version", .whole(1...1_000_000), "The latest unless given"),
        .init("draft", .flag, "For finance: of an approved period, before it is published"),
      ],
      answers: [
        .files(200, "The statement", types: ["application/json", "text/csv", "text/html"])
      ], problems: [(409, "earlier-first")]),
  ]
}

enum StatementsAPI {
  private enum Form: String, CaseIterable { case json, csv, html }

  static func list(_ member: MemberID, _ call: Call) async throws -> Response {
    try allow(member, call)
    let entries = try await FindStatement.list(of: member, in: call.pool)
    return Response.json(FindStatement.json(entries).bytes()).tagged(for: call.request)
  }

  static func read(_ member: MemberID, _ path: String, _ call: Call) async throws -> Response {
    try allow(member, call)
    let (name, form) = form(path, call)
    let version = try version(call)
    let isDraft = call.request.query["draft"] == "true"
    if isDraft && !call.member.role.includes(.finance) {
      throw Problem.forbidden("Drafts are for finance.")
    }
    guard let period = try await Period.find(name, in: call.pool) else {
      throw Problem.notFound("such statement")
    }
    let found =
      isDraft
      ? try await draft(of: member, period, call)
      : try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
        try await FindStatement.run(of: member, period: period, version: version, in: tx)
      }
    guard let found else { throw Problem.notFound("such statement") }
    switch form {
    case .json: return Response.json(found.bytes).tagged(for: call.request)
    case .csv:
      return PagesAPI.page(found.csv, type: "text/csv; charset=utf-8", call)
    case .html:
      let handle = try await FindMember.by(handleOrID: member.description, in: call.pool)?.handle
      let page = StatementPage(
        statement: found, isDraft: isDraft, handle: handle ?? member.description)
      return PagesAPI.page(page.bytes, type: "text/html; charset=utf-8", call)
    }
  }

  private static func draft(of member: MemberID, _ period: Period, _ call: Call) async throws
    -> Statement?
  {
    do {
      return try await FindStatement.draft(of: member, period: period, pool: call.pool)
    } catch let other as FindStatement.IsBeingPublished {
      throw Problem.conflict(
        "earlier-first",
        "\(other.period) is being published. Finish that before: "
          + "POST /v1/periods/\(other.period)/publication.")
    }
  }

  private static func allow(_ member: MemberID, _ call: Call) throws {
    guard call.member.member == member || call.member.role.includes(.finance) else {
      throw Problem.forbidden("Statements are for the member and for finance.")
    }
  }

  private static func version(_ call: Call) throws -> Int? {
    guard let text = call.request.query["version"] else { return nil }
    guard let number = Int(text), (1...1_000_000).contains(number) else {
      throw Invalid("/version", "must be a whole number from 1 on")
    }
    return number
  }

  private static func form(_ path: String, _ call: Call) -> (name: String, form: Form) {
    for form in Form.allCases where path.hasSuffix("." + form.rawValue) {
      return (String(path.dropLast(form.rawValue.count + 1)), form)
    }
    let accept = call.request.headers["Accept"] ?? ""
    for part in accept.split(separator: ",") {
      switch part.prefix(while: { $0 != ";" }).filter({ $0 != " " }) {
      case "application/json", "*/*": return (path, .json)
      case "text/csv": return (path, .csv)
      case "text/html": return (path, .html)
      default: continue
      }
    }
    return (path, .json)
  }
}
