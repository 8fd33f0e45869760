import Coinvent
import HTTPServer
import JSON
import Postgres
import Testing

@testable import API
@testable import TestSupport

/// What members ask for all day never reads a large table from end to end: whatever a request
/// costs, it costs the same with a thousand times the ideas.
@Suite struct PlansTests {
  private static let large = [
    "ideas", "tallies", "idea_texts", "idea_tags", "votes", "members", "tokens", "comments",
    "idea_followers", "notifications", "idea_gates", "idea_history",
  ]

  /// 20 000 members, as many ideas, 100 000 votes, 20 000 comments, 20 000 followers and as many
  /// notifications.
  private static let world: [Query] = [
    """
    INSERT INTO members (id, handle, display_name, role, joined_at)
    SELECT gen_random_uuid(), 'crowd_' || n, 'Crowd', 'member', now()
    FROM generate_series(1, 20000) AS n
    """,
    """
    INSERT INTO ideas (id, author_id, title, pitch, problem, solution, category, state, opened_at,
                       created_at, tags)
    SELECT gen_random_uuid(), (SELECT id FROM members WHERE handle = 'crowd_' || n),
           'Thing ' || n || ' ' || md5(n::text), 'It does thing' || n, 'A problem.', 'A solution.',
           'category ' || n % 50, 'open', now() - n * interval '1 minute',
           now() - n * interval '1 minute', ARRAY['tag' || n % 100]
    FROM generate_series(1, 20000) AS n
    """,
    """
    INSERT INTO votes (idea_id, member_id, cast_at)
    SELECT i.id, m.id, now() FROM
      (SELECT id, row_number() OVER (ORDER BY id) AS n FROM ideas) AS i,
      LATERAL (SELECT id FROM members WHERE handle IN (
        SELECT 'crowd_' || 1 + (i.n * 7 + k * 13) % 20000 FROM generate_series(1, 5) AS k)) AS m
    ON CONFLICT DO NOTHING
    """,
    """
    UPDATE tallies SET votes = c.votes
    FROM (SELECT idea_id, count(*) AS votes FROM votes GROUP BY idea_id) AS c
    WHERE c.idea_id = tallies.idea_id
    """,
    """
    INSERT INTO comments (idea_id, id, author_id, path, text, html, rendered, created_at)
    SELECT i.id, c.id, i.author_id, ARRAY[c.id], 'A comment', '<p>A comment</p>', 1, now()
    FROM ideas AS i, LATERAL (SELECT gen_random_uuid() AS id WHERE i.id IS NOT NULL) AS c
    """,
    """
    INSERT INTO idea_followers (idea_id, member_id, followed_at)
    SELECT id, author_id, now() FROM ideas
    """,
    """
    INSERT INTO notifications (member_id, notice_id, idea_id, kind, posted_at, arrived_at, in_app,
                               email)
    SELECT author_id, gen_random_uuid(), id, 'comment', now(), now(), true, 'off' FROM ideas
    """,
    """
    INSERT INTO tokens (id, member_id, kind, secret_hash, scopes, created_at, expires_at)
    SELECT gen_random_uuid(), id, 'token', sha256(handle::bytea), '{votes}', now(),
           now() + interval '1 day'
    FROM members
    """,
    """
    INSERT INTO idea_gates (idea_id, number, chain, step, votes, began_at, deadline)
    SELECT id, 1, '200-in-30-days', 1, 200, now(), now() + interval '30 days' FROM ideas
    """,
    """
    INSERT INTO idea_history (idea_id, number, old_state, new_state, reason, changed_at)
    SELECT id, 1, 'draft', 'open', 'Submitted.', now() FROM ideas
    """,
    "UPDATE ideas SET changes = 1",
    "VACUUM ANALYZE",
  ]

  @Test func `no large table is read from end to end`() async throws {
    let database = try await TestDatabase.create()
    do {
      try await Self.check(database)
      await database.drop()
    } catch {
      await database.drop()
      throw error
    }
  }

  private static func check(_ database: TestDatabase) async throws {
    let watcher = try await pool(database)
    for statement in world { try await watcher.execute(statement) }
    let story = Story(watcher)
    let ada = try await story.member("ada")
    let bea = try await story.member("bea", role: .curator)
    let idea = try await watcher.one(
      "SELECT id FROM ideas ORDER BY opened_at DESC LIMIT 1", as: UUID.self)
    var last = try await read(watcher)
    for target in targets(IdeaID(uuid: idea)) {
      // What a connection has read is certain to be counted when it is closed.
      try await asking(database) { client in
        let me = try await client.by(target.isCurated ? bea : ada)
        let answer = try await me.send(target.method, target.path, target.body)
        #expect((200...299).contains(answer.status), "\(target.path): \(answer.status)")
      }
      let now = try await read(watcher)
      for (table, rows) in now where rows > last[table, default: 0] {
        Issue.record("\(target.method) \(target.path) read \(table) from end to end")
      }
      last = now
    }
    await watcher.stop()
  }

  private struct Target {
    var method = Method.get
    let path: String
    var body: JSON?
    var isCurated = false
  }

  private static func targets(_ idea: IdeaID) -> [Target] {
    [
      "/v1/ideas", "/v1/ideas?sort=top", "/v1/ideas?sort=trending&limit=100",
      "/v1/ideas?tag=tag7", "/v1/ideas?category=category+7", "/v1/ideas/search?q=thing777",
      "/v1/ideas/search?q=things", "/v1/ideas/similar?title=Cables+that+never+tangle",
      "/v1/ideas.atom",
      "/v1/ideas/\(idea)", "/v1/ideas/\(idea)/history", "/v1/ideas/\(idea)/gates",
      "/v1/ideas/\(idea)/comments", "/v1/ideas/\(idea)/proxy-votes", "/v1/me", "/v1/me/ideas",
      "/v1/me/votes", "/v1/me/follows", "/v1/me/notifications", "/v1/me/proxy-votes", "/v1/tags",
    ].map { Target(path: $0) } + [
      Target(method: .put, path: "/v1/ideas/\(idea)/vote"),
      Target(method: .delete, path: "/v1/ideas/\(idea)/vote"),
      Target(method: .put, path: "/v1/ideas/\(idea)/follow"),
      Target(
        method: .post, path: "/v1/ideas/\(idea)/comments", body: ["text": "Hello @bea."]),
      Target(
        method: .post, path: "/v1/ideas",
        body: [
          "title": "A thing like no other", "pitch": "Unlike.", "problem": "All are alike.",
          "solution": "This one is not.", "category": "category 7",
        ]),
      Target(
        method: .post, path: "/v1/ideas/\(idea)/decisions",
        body: ["decision": "accept", "reason": "Liked."], isCurated: true),
    ]
  }

  private static func pool(_ database: TestDatabase) async throws -> Pool {
    let pool = try Pool(
      PoolConfiguration(
        url: database.url, applicationName: "plans", statementTimeout: .seconds(300)),
      loops: testLoops)
    try await pool.start()
    return pool
  }

  private static func asking(
    _ database: TestDatabase, _ body: (Client) async throws -> Void
  ) async throws {
    let pool = try await pool(database)
    let application = Application(pool: pool, loops: testLoops)
    do {
      try await body(Client(application: application, story: Story(pool), token: nil))
    } catch {
      Issue.record(error)
    }
    application.stop()
    await pool.stop()
  }

  /// The rows that sequential scans have read so far, by table.
  private static func read(_ pool: Pool) async throws -> [String: Int64] {
    // The connections that were closed just now may take a moment to say what they did.
    try await Task.sleep(for: .milliseconds(50))
    let rows = try await pool.all(
      "SELECT relname::text, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY(\(large))",
      as: (String, Int64).self)
    return Dictionary(uniqueKeysWithValues: rows)
  }

  @Test func `what is only counted is counted in an index`() async throws {
    try await withDatabase { pool in
      for statement in Self.world { try await pool.execute(statement) }
      let member = try await pool.one("SELECT id FROM members LIMIT 1", as: UUID.self)
      let idea = try await pool.one("SELECT id FROM ideas LIMIT 1", as: UUID.self)
      let counted: [(Query, String)] = [
        (
          "SELECT count(*) FROM votes WHERE member_id = \(member) AND cast_at <= now()",
          "votes_of_member"
        ),
        ("SELECT count(*) FROM votes WHERE idea_id = \(idea)", "votes_once"),
        ("SELECT true FROM votes WHERE idea_id = \(idea) AND member_id = \(member)", "votes_once"),
        ("SELECT count(*) FROM idea_followers WHERE idea_id = \(idea)", "idea_followers_once"),
      ]
      for (query, index) in counted {
        let plan = try await pool.all("EXPLAIN \(query)", as: String.self).joined(separator: "\n")
        #expect(plan.contains("Index Only Scan using \(index)"), "\(plan)")
      }
    }
  }
}
