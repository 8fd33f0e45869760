import Coinvent
import Foundation
import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Command

@Suite struct ExplainCommandTests {
  @Test func `explain walks from a vote to the bank and from the bank to the sales`() async throws {
    try await withDatabase { pool in
      let environment = ["DATABASE_URL": pool.configuration.url]
      func run(_ words: String...) throws -> Run {
        try Run.program(Run.executable, words, environment: environment)
      }
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      try await story.lock(product)
      let before = try run("explain", "vote", product.description, "ada")
      #expect(before.out.contains("Nothing has been credited for it yet."), "\(before)")
      try await story.sell([try Story.line("1", product, quantity: 10, price: "10.00")])
      try await story.settle()
      #expect(
        try run("payouts", "request", "ada", "--amount", "11.00", "--currency", "USD").code == 0)
      let payout = try await pool.one("SELECT id FROM payouts", as: UUID.self)
      let id = PayoutID(uuid: payout)

      let forth = try run("explain", "vote", IdeaID(uuid: product.uuid).description, "ada")
      for line in [
        "direct: 10 units, base 100.00 × 30 % = 30.00 USD",
        "sale 1 of shop: 10 × 10.00 USD, direct",
        "-> 11.00 USD: payout \(id)", "in the balance",
      ] { #expect(forth.out.contains(line), "\(line)\n\(forth)") }
      let back = try run("explain", "payout", id.description)
      for line in [
        "11.00 USD to \(ada), requested", "was credited", "direct: 10 units", "sale 1 of shop",
      ] { #expect(back.out.contains(line), "\(line)\n\(back)") }
      let json = try JSON.parse(try run("explain", "payout", id.description, "--json").out)
      #expect(json["parts"]?[0]?["amount"]?.string == "11.00")
      let other = try JSON.parse(
        try run("explain", "vote", product.description, "ada", "--json").out)
      #expect(other["credits"]?[0]?["went_to"]?[0]?["payout_id"]?.string == id.description)

      #expect(try run("explain", "payout", PayoutID(uuid: UUID.v7()).description).code == 1)
      #expect(try run("explain", "payout", "x").code == 2)
      #expect(try run("explain", "vote", product.description, "nobody").code == 1)
      #expect(try run("explain", "vote", product.description, "ada", "--version", "7").code == 1)
      #expect(try run("explain", "vote", IdeaID(uuid: UUID.v7()).description, "ada").code == 1)
    }
  }
}
