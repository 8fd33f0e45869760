import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@testable import Command

@Suite struct PeriodCommandTests {
  private struct Town {
    let story: Story
    let environment: [String: String]

    func callAsFunction(_ words: String...) throws -> Run { try run(words) }

    func run(_ words: [String]) throws -> Run {
      try Run.program(Run.executable, words, environment: environment)
    }
  }

  /// A locked product with a sale in January, and two people of finance.
  private func withTown(_ body: (Town, ProductID) async throws -> Void) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      for name in ["eve", "max"] { try await story.member(name, role: .finance) }
      let product = try await story.product(by: ada, curator: curator)
      try await story.lock(product)
      try await story.sell([Story.line("1", product, price: "100")])
      let town = Town(story: story, environment: ["DATABASE_URL": pool.configuration.url])
      try await body(town, product)
    }
  }

  @Test func `a day after tomorrow is settled only when that is said`() async throws {
    try await withTown { coinvent, product in
      let far = Day.today.adding(days: 90)
      try await coinvent.story.sell([
        Story.line("far", product, price: "100", soldAt: "\(far)")
      ])
      for more in [["--dry-run"], []] {
        let refused = try coinvent.run(["settle", "--through", "\(far)"] + more)
        #expect(refused.code == 2, "\(refused)")
        #expect(refused.error.contains("Say --ahead if that is meant."), "\(refused)")
      }
      let waits = "1 sale line is dated after \(Day.today.adding(days: 1)), \(far); it waits.\n"
      let tried = try coinvent("settle", "--dry-run")
      #expect(tried.code == 0 && tried.out.contains(waits), "\(tried)")
      let settled = try coinvent("settle", "--unsealed")
      #expect(settled.code == 0 && settled.out.contains(waits), "\(settled)")
      let nothing = try coinvent("settle", "--json")
      #expect(nothing.code == 6)
      #expect(try JSON.parse(nothing.out)["ahead"]?["lines"]?.int == 1, "\(nothing)")
      let meant = try coinvent("settle", "--through", "\(far)", "--ahead", "--json", "--unsealed")
      #expect(meant.code == 0, "\(meant)")
      #expect(try JSON.parse(meant.out)["ahead"] == .null, "\(meant)")
    }
  }

  @Test func `periods far ahead are opened and previewed only when that is said`() async throws {
    try await withTown { coinvent, _ in
      let refused = try coinvent("period", "open", "2999-01")
      #expect(refused.code == 2 && refused.error.contains("--ahead"), "\(refused)")
      let soon = "\(Day.today.adding(days: 9))"
      #expect(try coinvent("period", "open", "soon", "--through", soon).code == 0)
      let early = try coinvent("period", "preview", "soon")
      #expect(early.code == 2 && early.error.contains("--ahead"), "\(early)")
      #expect(try coinvent("period", "preview", "soon", "--ahead").code == 0)
      #expect(try coinvent("period", "open", "2999-01", "--ahead").code == 0)
    }
  }

  @Test func `above the limit both people are named, and the second is of finance`() async throws {
    try await withTown { coinvent, _ in
      let limit = ["--approve-above", "USD 1"]
      let stopped = try coinvent.run(["settle"] + limit)
      #expect(stopped.code == 8 && stopped.out.contains("Name its maker:"), "\(stopped)")
      let listed = try JSON.parse(try coinvent("period", "list", "--json").out)
      let name = try #require(listed["periods"]?[0]?["name"]?.string)
      let unnamed = try coinvent("period", "approve", name, "--by", "max")
      #expect(unnamed.code == 8 && unnamed.error.contains("--by MEMBER"), "\(unnamed)")
      #expect(try coinvent.run(["period", "preview", name, "--by", "eve"] + limit).code == 0)
      #expect(try coinvent("period", "approve", name).code == 8)
      #expect(try coinvent("period", "approve", name, "--by", "eve").code == 8)
      let other = try coinvent("period", "approve", name, "--by", "ada")
      #expect(other.code == 8 && other.error.contains("finance or admin"), "\(other)")
      let done = try coinvent("period", "approve", name, "--by", "max", "--unsealed")
      #expect(done.code == 0, "\(done)")
    }
  }
}
