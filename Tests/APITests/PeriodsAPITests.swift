import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@testable import API

@Suite struct PeriodsAPITests {
  /// A locked product of ada's with a sale of 100.00 in January.
  private func sold(_ story: Story) async throws -> MemberID {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.product(by: ada, curator: curator)
    try await story.lock(product)
    try await story.sell([Story.line("1", product, price: "100")])
    return ada
  }

  @Test func `a period goes from open to closed, and the member reads the statement`()
    async throws
  {
    try await withApplication { client in
      let ada = try await sold(client.story)
      let eve = try await client.by(client.story.member("eve", role: .finance))
      let opened = try await eve.post("/v1/periods", ["name": "2026-01"])
      #expect(opened.status == 200 && opened["through"]?.string == "2026-01-31")
      #expect(try await eve.post("/v1/periods", ["name": "X"]).pointers == ["/name", "/through"])
      let exists = try await eve.post(
        "/v1/periods", ["name": "2026-01", "through": "2026-01-30"])
      #expect(exists.problem == "period-exists")
      #expect(try await eve.post("/v1/periods", ["name": "2025-12"]).problem == "not-after")
      let path = "/v1/periods/2026-01"
      #expect(try await eve.post("\(path)/approval").problem == "not-previewed")
      #expect(try await eve.post("\(path)/publication").problem == "not-approved")
      #expect(try await eve.post("\(path)/closing").problem == "not-published")
      #expect(try await eve.post("/v1/periods/none/preview").status == 404)
      let preview = try await eve.post("\(path)/preview")
      #expect(preview["totals"]?[0]?["change"]?.string == "30.00")
      #expect(preview["exceeds"] == .null)
      let other = try await eve.post(
        "\(path)/approval", ["preview_id": .string(SettlementID.new().description)])
      #expect(other.problem == "other-preview")
      let approved = try await eve.post(
        "\(path)/approval", ["preview_id": preview["preview_id"] ?? .null, "reason": "Good."])
      #expect(approved["outcome"]?.string == "settled")
      #expect(try await eve.post("\(path)/preview").problem == "not-open")

      let me = try await client.by(ada)
      let statement = "/v1/members/\(ada)/statements/2026-01"
      #expect(try await me.get(statement).status == 404)
      #expect(try await me.get("\(statement)?draft=true").problem == "forbidden")
      let draft = try await eve.get("\(statement)?draft=true")
      #expect(draft["currencies"]?[0]?["closing"]?.string == "12.60")
      let published = try await eve.post("\(path)/publication")
      #expect(published["statements"]?.int == 1)
      let told = try await me.get(statement)
      #expect(told["currencies"]?[0]?["products"]?[0]?["lines"]?[0]?["amount"]?.string == "12.60")
      let listed = try await me.get("/v1/members/\(ada)/statements")
      #expect(listed["statements"]?.array?.count == 1)
      let csv = try await me.get("\(statement).csv")
      let rows = String(decoding: csv.bytes, as: UTF8.self)
      #expect(rows.hasPrefix("statement,version,currency,kind,"))
      #expect(rows.contains("closing"))
      let page = try await me.get("\(statement).html")
      #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
      #expect(page.headers["Content-Security-Policy"]?.contains("default-src 'none'") == true)
      let stranger = try await client.by(client.story.member("bob"))
      #expect(try await stranger.get(statement).problem == "forbidden")
      #expect(try await me.get("\(statement)?version=2").status == 404)
      #expect(try await me.get("\(statement)?version=x").pointers == ["/version"])

      #expect(try await eve.post("\(path)/closing")["state"]?.string == "closed")
      #expect(try await eve.post("\(path)/reopening", [:]).pointers == ["/reason"])
      let reopened = try await eve.post("\(path)/reopening", ["reason": "A late report."])
      #expect(reopened["state"]?.string == "open")
      let read = try await eve.get(path)
      #expect(read["events"]?.array?.count == 6)
      #expect(read["events"]?[5]?["reason"]?.string == "A late report.")
    }
  }

  @Test func `above the limit settling waits, and another member approves`() async throws {
    var settings = ApplicationSettings()
    settings.approveAbove = try #require(ApprovalLimits("USD 1"))
    try await withApplication(settings) { client in
      _ = try await sold(client.story)
      let eve = try await client.by(client.story.member("eve", role: .finance))
      let settled = try await eve.post("/v1/settlements")
      #expect(settled.status == 202)
      #expect(settled["outcome"]?.string == "needs_approval")
      let period = try #require(settled["period"]?.string)
      #expect(try await eve.post("/v1/periods/\(period)/approval").problem == "needs-another")
      let max = try await client.by(client.story.member("max", role: .finance))
      let approved = try await max.post("/v1/periods/\(period)/approval")
      #expect(approved["outcome"]?.string == "settled")
      let far = try await eve.post("/v1/periods", ["name": "2099-01"])
      #expect(far.pointers == ["/through"])
      let opened = try await eve.post("/v1/periods", ["name": "2099-01", "ahead": true])
      #expect(opened.status == 200)
    }
  }

  @Test func `what lies ahead is settled and previewed only when that is said`() async throws {
    try await withApplication { client in
      let ada = try await sold(client.story)
      let eve = try await client.by(client.story.member("eve", role: .finance))
      let tomorrow = Day.today.adding(days: 1)
      let far = Day.today.adding(days: 90)
      for dry in [true, false] {
        let refused = try await eve.post(
          "/v1/settlements", ["through": .string("\(far)"), "dry_run": .bool(dry)])
        #expect(refused.pointers == ["/through"])
        let detail = refused["errors"]?[0]?["detail"]?.string ?? ""
        #expect(detail.contains(#"say "ahead": true"#), "\(detail)")
      }
      #expect(try await client.story.credited(ada) == "0.00")
      let path = "/v1/periods/far"
      _ = try await eve.post("/v1/periods", ["name": "far", "through": .string("\(far)")])
      let early = try await eve.post("\(path)/preview")
      #expect(early.problem == "not-over")
      #expect(early["detail"]?.string?.contains(#"say "ahead": true"#) == true)
      let meant = try await eve.post("\(path)/preview", ["ahead": true])
      #expect(meant["cut_off"]?.string == far.adding(days: 1).start.description)
      let dry = try await eve.post(
        "/v1/settlements", ["through": .string("\(tomorrow)"), "dry_run": true])
      #expect(dry["changes"]?.array?.count == 1 && dry["ahead"] == .null)
      let settled = try await eve.post(
        "/v1/settlements", ["through": .string("\(far)"), "ahead": true])
      #expect(settled.status == 201 && settled["ahead"] == .null)
      #expect(try await client.story.credited(ada) == "12.60")
    }
  }

  @Test func `a refusal says how to mend it`() async throws {
    try await withApplication { client in
      _ = try await sold(client.story)
      let eve = try await client.by(client.story.member("eve", role: .finance))
      _ = try await eve.post("/v1/periods", ["name": "2026-01"])
      let path = "/v1/periods/2026-01"
      func detail(_ what: String) async throws -> String {
        try await eve.post("\(path)/\(what)")["detail"]?.string ?? ""
      }
      #expect(try await detail("approval").hasSuffix("Preview it first."))
      #expect(try await detail("publication").hasSuffix("Preview and approve it first."))
      #expect(try await detail("closing").hasSuffix("publish it first."))
      _ = try await eve.post("\(path)/preview")
      _ = try await eve.post("\(path)/approval")
      #expect(try await detail("preview").hasSuffix("or reopen this one."))
      let before = try await eve.post("/v1/periods", ["name": "2025-12"])
      #expect(before["detail"]?.string?.hasSuffix("choose a later last day.") == true)
    }
  }
}
