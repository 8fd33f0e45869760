import Foundation
import JSON
import Ledger
import Postgres
import Testing

@testable import Coinvent

/// The worked example of each policy's page is true to the ppb.
@Suite struct PolicyPagesTests {
  private static let docs = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Docs")

  private static func blocks(_ page: URL) throws -> [JSON] {
    let text = try String(contentsOf: page, encoding: .utf8)
    return try text.components(separatedBy: "```json\n").dropFirst().map { rest in
      try JSON.parse(rest.components(separatedBy: "\n```")[0])
    }
  }

  @Test func `every page about a policy has a worked example that is true`() throws {
    let pages = try FileManager.default.contentsOfDirectory(
      at: Self.docs.appending(path: "policies"), includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "md" }
    var examples = 0
    for page in pages {
      let blocks = try Self.blocks(page)
      #expect(!blocks.isEmpty, "\(page.lastPathComponent) has no example")
      for block in blocks where block["choosing"] == nil {
        examples += 1
        let name = page.lastPathComponent
        try expectTrue(block, name)
      }
    }
    let names = Set(pages.map { $0.deletingPathExtension().lastPathComponent })
    for policy in SlicePolicy.allCases where policy != .weight {
      let name = policy.rawValue.replacingOccurrences(of: "_", with: "-")
      #expect(names.contains(name), "\(name) has no page")
    }
    #expect(names.contains("caps-and-minimums"))
    #expect(examples >= SlicePolicy.allCases.count)
  }

  private func expectTrue(_ block: JSON, _ page: String) throws {
    let recipe = try Recipe(json: try #require(block["recipe"]))
    let entries = try #require(block["events"]?.array)
    let members = Set(entries.compactMap { $0["member"]?.string }).sorted()
    func member(_ name: String?) -> MemberID {
      let place = members.firstIndex(of: name ?? "") ?? 0
      return MemberID(uuid: Postgres.UUID(high: 7, low: UInt64(place)))
    }
    let events = try entries.enumerated().map { number, event in
      InfluenceEvent(
        id: Postgres.UUID(high: 1, low: UInt64(number)), member: member(event["member"]?.string),
        slice: try #require(Slice(rawValue: event["slice"]?.string ?? "")),
        role: try #require(ContributionRole(rawValue: event["role"]?.string ?? "")),
        weight: event["weight"]?.int ?? 1, spread: event["spread"]?.int,
        place: event["place"]?.int,
        guess: try event["guess"].map { guess in
          InfluenceEvent.Guess(
            value: try Amount.nanos(decimal: guess["value"]?.string ?? ""),
            target: try Amount.nanos(decimal: guess["target"]?.string ?? ""))
        }, occurredAt: Timestamp(microseconds: Int64(number)))
    }
    let found = ShareOut.shares(recipe: recipe, events: events).map { share in
      let name = members.first { member($0) == share.member } ?? "house"
      return "\(name) \(Recipe.Part.name(share.slice, share.role)) \(share.ppb)"
    }
    let told = try #require(block["shares"]?.array).map {
      "\($0["member"]?.string ?? "") \($0["part"]?.string ?? "") \($0["ppb"]?.int ?? 0)"
    }
    #expect(found == told, "\(page)")
  }

  @Test func `the recipe on the page of recipes can be used`() throws {
    let blocks = try Self.blocks(Self.docs.appending(path: "recipes.md"))
    #expect(blocks.count == 1)
    for block in blocks { #expect(try Recipe(json: block).parts.count == 4) }
  }
}
