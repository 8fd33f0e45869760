import Coinvent
import EventLoop
import Postgres
import TestSupport
import Testing

@testable import API

@Suite struct LiveTests {
  /// What a watcher was told, one line a call.
  private final class Told: Sendable {
    private let lines = Locked<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }

    func wait(for count: Int) async throws {
      for _ in 0..<1000 where all.count < count { try await Task.sleep(for: .milliseconds(10)) }
      try #require(all.count >= count, "\(all)")
    }
  }

  private func watching(
    _ ticker: LiveTicker<IdeaID, LiveCounts.Count>, _ ids: Set<IdeaID>, _ told: Told,
    _ body: () async throws -> Void
  ) async throws {
    let watcher = Task {
      try await ticker.watch(ids) { new, gone in
        told.add(
          new.map { "\($0.value.votes)" }.sorted().joined(separator: ",")
            + (gone.isEmpty ? "" : " gone"))
      }
    }
    try await body()
    watcher.cancel()
    _ = await watcher.result
  }

  @Test func `who watches is told the count at once and at each change, until it is hidden`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let (bob, eve) = (try await story.member("bob"), try await story.member("eve"))
      let idea = try await story.idea(by: ada)
      let ticker = LiveTicker<IdeaID, LiveCounts.Count>(every: .milliseconds(20)) {
        try await LiveCounts.of($0, in: pool)
      }
      let told = Told()
      try await watching(ticker, [idea], told) {
        try await told.wait(for: 1)
        try await story.vote(bob, for: idea)
        try await told.wait(for: 2)
        try await story.vote(eve, for: idea)
        try await told.wait(for: 3)
        try await story.decide(.remove, idea, by: ada)
        try await told.wait(for: 4)
      }
      #expect(told.all.prefix(4) == ["0", "1", "2", " gone"])
    }
  }

  @Test func `many who watch ask one question, and nobody asks none`() async throws {
    let asked = Locked<[Int]>([])
    let ids = (0..<50).map { _ in IdeaID.new() }
    let ticker = LiveTicker<IdeaID, Int>(every: .milliseconds(200)) { keys in
      asked.withLock { $0.append(keys.count) }
      return Dictionary(uniqueKeysWithValues: keys.map { ($0, 1) })
    }
    await withTaskGroup(of: Void.self) { group in
      for id in ids {
        group.addTask { do { try await ticker.watch([id]) { _, _ in } } catch {} }
      }
      try? await Task.sleep(for: .milliseconds(900))
      group.cancelAll()
    }
    let during = asked.withLock { $0 }
    // The first question may come before all have begun to watch; then each round asks once.
    #expect(during.count < 60 && during.last == 50, "\(during)")
    #expect(during.filter { $0 == 50 }.count <= 6, "\(during)")
    try await Task.sleep(for: .milliseconds(500))
    #expect(asked.withLock { $0.count } == during.count)
  }

  @Test func `an address has so many streams, and the server so many in all`() throws {
    let limit = StreamLimit(most: 3, perAddress: 2)
    #expect(limit.take("a") && limit.take("a") && !limit.take("a"))
    #expect(throws: Problem.self) { try limit.demandPlace("a") }
    try limit.demandPlace("b")
    #expect(limit.take("b") && !limit.take("c"))
    #expect(throws: Problem.self) { try limit.demandPlace("c") }
    limit.giveBack("a")
    try limit.demandPlace("c")
    #expect(limit.take("c"))
  }

  @Test func `what cannot be watched is said before the stream begins`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let draft = try await client.story.draft(by: ada)
      #expect(try await client.get("/v1/ideas/\(draft)/live").status == 404)
      #expect(try await client.get("/v1/ideas/\(IdeaID.new())/live").status == 404)
      #expect(try await client.get("/v1/ideas/live").pointers == ["/ids"])
      #expect(try await client.get("/v1/ideas/live?ids=nothing").pointers == ["/ids"])
      let many = (0...100).map { _ in "\(IdeaID.new())" }.joined(separator: ",")
      #expect(try await client.get("/v1/ideas/live?ids=\(many)").pointers == ["/ids"])
    }
  }
}
