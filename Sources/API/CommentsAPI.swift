import Coinvent
import HTTPServer
import JSON
import Postgres

/// Comments: `GET` and `POST /v1/ideas/{id}/comments`, and `/v1/comments/{id}` with its parts.
enum CommentsAPI {
  /// - Parameter project: the one whose thread it is; nil for the idea's own.
  static func list(_ id: IdeaID, in project: ProjectID? = nil, _ call: Call) async throws
    -> Response
  {
    try await IdeasAPI.demandReadable(id, call)
    let query = call.request.query
    var invalid = Invalid()
    var sort = ReadThread.Sort.new
    if let text = query["sort"], !text.isEmpty {
      if let known = ReadThread.Sort(rawValue: text) {
        sort = known
      } else {
        invalid.add("/sort", "must be new, old or helpful")
      }
    }
    let limit = number("limit", query, 1...100, 20, &invalid)
    let replies = number("replies", query, 0...20, 5, &invalid)
    let cursor = cursor(query, sort, &invalid)
    if !invalid.isEmpty { throw invalid }
    let page = try await ReadThread.run(
      id, project: project, sort: sort, limit: limit, replies: replies, after: cursor,
      in: call.pool)
    let all = page.official + page.roots.flatMap { [$0.root] + $0.replies }
    let details = try await CommentDetails(of: all, for: call)
    return Response.json(
      JSONWriter.object(reserving: 2048 * (all.count + 1)) {
        $0.field("count", page.count)
        $0.field("locked", page.lockReason != nil)
        $0.field("lock_reason", page.lockReason)
        $0.array("official", page.official) { writer, comment in
          writer.object { details.write(comment, &$0) }
        }
        $0.array("comments", page.roots) { writer, branch in
          writer.object {
            details.write(branch.root, &$0)
            $0.array("replies", branch.replies) { writer, reply in
              writer.object { details.write(reply, &$0) }
            }
            $0.field("next_reply_cursor", branch.next?.text)
          }
        }
        $0.field("next_cursor", page.next?.text)
      }
    ).tagged(for: call.request)
  }

  static func replies(_ id: CommentID, _ call: Call) async throws -> Response {
    let comment = try await readable(id, call)
    var invalid = Invalid()
    let limit = number("limit", call.request.query, 1...100, 20, &invalid)
    let cursor = cursor(call.request.query, nil, &invalid)
    if !invalid.isEmpty { throw invalid }
    let page = try await ReadThread.replies(
      below: comment, limit: limit, after: cursor, in: call.pool)
    let details = try await CommentDetails(of: page.replies, for: call)
    return Response.json(
      JSONWriter.object {
        $0.array("replies", page.replies) { writer, reply in
          writer.object { details.write(reply, &$0) }
        }
        $0.field("next_cursor", page.next?.text)
      }
    ).tagged(for: call.request)
  }

  static func post(_ id: IdeaID, in project: ProjectID? = nil, _ call: Call) async throws
    -> Response
  {
    var fields = try call.fields()
    let text = fields.text("text")
    let parent = fields.optionalID("parent", as: CommentID.self)
    let official = fields.optionalFlag("official") ?? false
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await PostComment.run(
        text, on: id, project: project, to: parent, official: official, by: call.member.member,
        role: call.member.role, in: tx)
      switch outcome {
      case .posted(let comment):
        let details = try await CommentDetails(of: [comment], for: call, in: tx)
        return .created(details.json(comment), at: "/v1/comments/\(comment.id)")
      case .unknownIdea: throw Problem.notFound("such idea")
      case .unknownProject: throw Problem.notFound("such project")
      case .unknownParent: throw Invalid("/parent", "must be a comment of this thread")
      case .closed(let state):
        throw Problem.conflict("idea-closed", "An idea that is \(state.rawValue) is not discussed.")
      case .locked(let reason): throw Problem.locked(reason)
      case .notCurator: throw Problem.forbidden("Only curators answer officially.")
      }
    }
  }

  static func read(_ id: CommentID, _ call: Call) async throws -> Response {
    let comment = try await readable(id, call)
    let details = try await CommentDetails(of: [comment], for: call)
    return Response.json(details.json(comment)).tagged(for: call.request)
  }

  static func edit(_ id: CommentID, _ call: Call) async throws -> Response {
    let edition = try Edition(call)
    let comment = try await readable(id, call)
    return try await call.write { tx in try await edit(comment.id, edition, call, in: tx) }
  }

  /// What somebody wants a comment to say.
  private struct Edition {
    let text: String
    let version: Int64?

    init(_ call: Call) throws {
      var fields = try call.fields()
      text = fields.text("text")
      version = fields.optionalWhole("version", in: 1...Comment.lastVersion)
      try fields.finish()
    }
  }

  private static func edit(
    _ id: CommentID, _ edition: Edition, _ call: Call, in tx: Transaction
  ) async throws -> Response {
    let outcome = try await EditComment.run(
      edition.text, comment: id, version: edition.version, by: call.member.member,
      role: call.member.role, in: tx)
    switch outcome {
    case .edited(let comment):
      return .json(try await CommentDetails(of: [comment], for: call, in: tx).json(comment))
    case .unknown: throw Problem.notFound("such comment")
    case .notAuthor:
      throw Problem.forbidden("Only its author changes a comment.", as: "not-author")
    case .locked(let reason): throw Problem.locked(reason)
    case .otherVersion(let now):
      throw Problem.conflict(
        "other-version", "The comment is at version \(now) now; read it again, then edit.")
    case .tooOften:
      throw Problem.conflict(
        "too-many-edits", "A comment has at most \(Comment.lastVersion) versions.")
    }
  }

  static func delete(_ id: CommentID, _ call: Call) async throws -> Response {
    _ = try await readable(id, call)
    return try await call.write { tx in
      switch try await DeleteComment.run(id, by: call.member.member, in: tx) {
      case .deleted: return Response(status: 204)
      case .unknown: throw Problem.notFound("such comment")
      case .notAuthor:
        throw Problem.forbidden("Only its author deletes a comment.", as: "not-author")
      }
    }
  }

  /// Former texts go out of sight with their comment; curators still see them.
  static func versions(_ id: CommentID, _ call: Call) async throws -> Response {
    let comment = try await readable(id, call)
    guard comment.state == .visible || call.principal?.role.includes(.curator) ?? false else {
      throw Problem.notFound("such comment")
    }
    let versions = try await EditComment.versions(of: comment, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("versions", versions) { writer, version in
          writer.object {
            $0.field("version", version.version)
            $0.field("text", version.text)
            $0.field("replaced_at", version.replacedAt)
          }
        }
      }
    ).tagged(for: call.request)
  }

  /// - Throws: 404 for a comment on an idea that the caller may not read.
  static func readable(_ id: CommentID, _ call: Call) async throws -> Comment {
    guard let comment = try await Comment.find(id, in: call.pool) else {
      throw Problem.notFound("such comment")
    }
    try await IdeasAPI.demandReadable(comment.idea, call)
    return comment
  }

  private static func number(
    _ name: String, _ query: QueryItems, _ range: ClosedRange<Int>, _ usual: Int,
    _ invalid: inout Invalid
  ) -> Int {
    guard let text = query[name], !text.isEmpty else { return usual }
    if let number = Int(text), range.contains(number) { return number }
    invalid.add(
      "/\(name)", "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    return usual
  }

  private static func cursor(
    _ query: QueryItems, _ sort: ReadThread.Sort?, _ invalid: inout Invalid
  ) -> ThreadCursor? {
    guard let text = query["cursor"], !text.isEmpty else { return nil }
    let cursor = ThreadCursor(text, sort: sort)
    if cursor == nil { invalid.add("/cursor", "is none that this list has given") }
    return cursor
  }
}

extension Problem {
  static func locked(_ reason: String) -> Problem {
    conflict("conversation-locked", "The conversation is locked: \(reason)")
  }
}
