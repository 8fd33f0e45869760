@testable import API
@testable import Coinvent

extension PolicyTests {
  /// Of settlement periods and statements.
  static let periods: [Entry] = [
    Entry(.get, "/v1/periods", .finance, .read),
    Entry(.post, "/v1/periods", .finance, .finance),
    Entry(.get, "/v1/periods/2026-10", .finance, .read),
    Entry(.post, "/v1/periods/2026-10/preview", .finance, .finance),
    Entry(.post, "/v1/periods/2026-10/approval", .finance, .finance),
    Entry(.post, "/v1/periods/2026-10/publication", .finance, .finance),
    Entry(.post, "/v1/periods/2026-10/closing", .finance, .finance),
    Entry(.post, "/v1/periods/2026-10/reopening", .finance, .finance),
    Entry(.get, "/v1/members/\(MemberID.new())/statements", .member, .read),
    Entry(.get, "/v1/members/\(MemberID.new())/statements/2026-10", .member, .read),
  ]
}
