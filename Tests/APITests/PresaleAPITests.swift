import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct PresaleAPITests {
  private struct Scene {
    let client: Client
    let curator: Client
    let finance: Client
    let ada: Client
    let bob: Client
    let path: String

    init(_ client: Client) async throws {
      self.client = client
      let boss = try await client.story.member("boss", role: .curator)
      curator = try await client.by(boss)
      finance = try await client.by(client.story.member("finance", role: .finance))
      ada = try await client.by(client.story.member("ada"))
      bob = try await client.by(client.story.member("bob"))
      path = "/v1/products/\(try await client.story.product(by: boss, curator: boss))"
    }

    func open(_ target: Int64 = 3, by opener: Client? = nil) async throws -> Client.Answer {
      try await (opener ?? curator).post(
        path + "/presale",
        [
          "target": .int(target), "ends_at": .string("\(Timestamp.now + .seconds(3600))"),
          "currency": "USD",
          "tiers": [
            ["unit_price": "20.00", "units_limit": 2], ["unit_price": "25.00"],
          ],
        ])
    }

    func commit(_ who: Client, _ units: Int64, _ more: [(String, JSON)] = []) async throws
      -> Client.Answer
    {
      var body: JSON = ["units": .int(units), "method": "pm_visa"]
      for (name, value) in more {
        var object = body.object ?? JSONObject()
        object[name] = value
        body = .object(object)
      }
      return try await who.post(path + "/commitments", body)
    }
  }

  @Test func `members commit at the price that has units left, and everybody sees how far it is`()
    async throws
  {
    try await withApplication { client in
      let scene = try await Scene(client)
      #expect(try await client.get(scene.path + "/presale").status == 404)
      #expect(try await scene.commit(scene.ada, 1).status == 404)
      #expect(try await scene.open().status == 201)
      #expect(try await scene.open().problem == "presale-under-way")

      let first = try await scene.commit(scene.ada, 2)
      #expect(first.status == 201 && first["unit_price"]?.string == "20.00")
      #expect(first["amount"]?.string == "40.00" && first["state"]?.string == "committed")
      let dear = try await scene.commit(scene.bob, 1, [("max_unit_price", "20.00")])
      #expect(dear.status == 409 && dear.problem == "price-too-high")
      #expect(try await scene.commit(scene.bob, 1)["unit_price"]?.string == "25.00")

      let seen = try await client.get(scene.path + "/presale")
      #expect(seen["units"]?.int == 3 && seen["members"]?.int == 2)
      #expect(seen["is_reached"]?.bool == true && seen["captured_units"]?.int == 0)
      #expect(seen["tiers"]?.array?.map { $0["units_free"]?.int } == [0, nil])

      let place = try #require(first.headers["Location"])
      #expect(try await scene.ada.get(place)["events"]?.array?.count == 1)
      #expect(try await scene.bob.get(place).status == 404)
      #expect(try await scene.finance.get(place).status == 200)
      #expect(try await scene.bob.delete(place).status == 404)
      for _ in 0..<2 {
        #expect(try await scene.ada.delete(place)["state"]?.string == "cancelled")
      }
      #expect(try await client.get(scene.path + "/presale")["units"]?.int == 1)
      let own = try await scene.ada.get("/v1/me/commitments?state=cancelled")
      #expect(own["commitments"]?.array?.count == 1)
      let page = try await scene.finance.get(scene.path + "/commitments?limit=1")
      let next = try #require(page["next_cursor"]?.string)
      let rest = try await scene.finance.get(
        scene.path + "/commitments?limit=5&cursor=\(next)")
      #expect(rest["commitments"]?.array?.count == 1 && rest["next_cursor"]?.isNull == true)
      let wrong = try await scene.ada.get("/v1/me/commitments?state=x&limit=0&cursor=y")
      #expect(wrong.pointers == ["/state", "/cursor", "/limit"])
    }
  }

  @Test func `production starts early only at the target, and the end only becomes later`()
    async throws
  {
    try await withApplication { client in
      let scene = try await Scene(client)
      let why: JSON = ["reason": "The factory is ready."]
      #expect(try await scene.curator.post(scene.path + "/presale/production", why).status == 404)
      #expect(try await scene.open(1).status == 201)
      let early = try await scene.curator.post(scene.path + "/presale/production", why)
      #expect(early.status == 409 && early.problem == "below-target")
      func extend(_ by: Duration) async throws -> Client.Answer {
        try await scene.curator.send(
          .patch, scene.path + "/presale",
          ["ends_at": .string("\(Timestamp.now + by)"), "reason": "Holidays."])
      }
      #expect(try await extend(.seconds(60)).pointers == ["/ends_at"])
      let later = try await extend(.seconds(7200))
      #expect(later.status == 200 && later["extensions"]?.array?.count == 1)
      let made = try #require(try await scene.commit(scene.ada, 1).headers["Location"])
      let changed = try await scene.ada.put(made + "/method", ["method": "pm_other"])
      #expect(changed.status == 200)
      #expect(try await scene.bob.put(made + "/method", ["method": "pm_other"]).status == 404)
      for _ in 0..<2 {
        let started = try await scene.curator.post(scene.path + "/presale/production", why)
        #expect(started["state"]?.string == "charging")
      }
      #expect(try await extend(.seconds(9000)).problem == "presale-ended")
      #expect(try await scene.commit(scene.bob, 1).problem == "presale-ended")
      // Still not charged, so it can still be taken back; then nothing is left to charge.
      #expect(try await scene.ada.delete(made).status == 200)
      #expect(try await client.get(scene.path + "/presale")["state"]?.string == "charged")
      let changing = try await scene.ada.put(made + "/method", ["method": "pm_other"])
      #expect(changing.problem == "too-late")
    }
  }

  @Test func `a presale that is stopped charges nobody, and another one may follow`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      #expect(try await scene.open(1).status == 201)
      let made = try #require(try await scene.commit(scene.ada, 1).headers["Location"])
      let why: JSON = ["reason": "The mould broke."]
      for _ in 0..<2 {
        let stopped = try await scene.curator.post(scene.path + "/presale/stop", why)
        #expect(stopped["state"]?.string == "failed")
        #expect(stopped["reason"]?.string == "The mould broke.")
      }
      #expect(try await scene.ada.get(made)["state"]?.string == "released")
      #expect(try await scene.ada.delete(made).problem == "too-late")
      let production = try await scene.curator.post(scene.path + "/presale/production", why)
      #expect(production.problem == "presale-ended")
      #expect(try await scene.open()["number"]?.int == 2)
      try await client.story.verify()
    }
  }

  @Test func `what was found out at the provider is recorded by finance`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      #expect(try await scene.open(1).status == 201)
      let made = try #require(try await scene.commit(scene.ada, 1).headers["Location"])
      let body: JSON = ["outcome": "captured", "reason": "It is in the provider's list."]
      let early = try await scene.finance.post(made + "/outcome", body)
      #expect(early.problem == "not-possible")
      #expect(try await scene.ada.post(made + "/outcome", body).status == 403)
      _ = try await scene.curator.post(scene.path + "/presale/production", ["reason": "Now."])
      let clock = Timestamp.now + .seconds(1)
      let leases = CommitmentLeases(worker: .v7())
      let claim = try #require(try await leases.claim(limit: 1, now: clock, in: client.pool).first)
      try await client.pool.transaction {
        _ = try await BeginCharge.run(claim, now: clock, in: $0)
      }
      #expect(try await scene.ada.delete(made).problem == "too-late")
      for _ in 0..<2 {
        let settled = try await scene.finance.post(made + "/outcome", body)
        #expect(settled["state"]?.string == "captured")
      }
      #expect(try await client.get(scene.path + "/presale")["state"]?.string == "charged")
      try await client.story.verify()
    }
  }

  @Test func `what cannot be is refused by name`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let wrong = try await scene.curator.post(
        scene.path + "/presale",
        [
          "target": 1, "ends_at": "2020-01-01T00:00:00Z", "currency": "USD",
          "tiers": [["unit_price": "0.001"], ["unit_price": "1", "units_limit": 5]],
        ])
      #expect(
        wrong.pointers == [
          "/tiers/0/unit_price", "/tiers/0/units_limit", "/tiers/1/units_limit", "/ends_at",
        ])
      let channel = try await scene.curator.post(
        scene.path + "/presale",
        [
          "target": 1, "ends_at": .string("\(Timestamp.now + .seconds(60))"), "currency": "USD",
          "channel": "moon", "tiers": [["unit_price": "1"]],
        ])
      #expect(channel.pointers == ["/channel"])
      #expect(try await scene.open(by: scene.ada).status == 403)
      #expect(try await scene.open().status == 201)
      #expect(try await scene.commit(scene.ada, 101).pointers == ["/units"])
      let method = try await scene.ada.post(
        scene.path + "/commitments", ["units": 1, "method": "two words"])
      #expect(method.pointers == ["/method"])
      let sale = try await scene.finance.post("/v1/sales", ["source": "presale", "lines": []])
      #expect(sale.pointers.contains("/source"))
      let other = "/v1/products/\(ProductID.new())"
      #expect(try await client.get(other + "/presale").status == 404)
      let stop = try await scene.curator.post(other + "/presale/stop", ["reason": "x"])
      #expect(stop.status == 404)
    }
  }
}
