import Foundation
import JSON
import Testing

@testable import Sandbox

private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "sandbox-" + UUID().uuidString
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

private func order(_ amount: String = "12.60") -> [UInt8] {
  let json: JSON = [
    "amount": .string(amount), "currency": "USD", "recipient": "mem_1", "name": "Ada",
    "reference": "pay_1",
  ]
  return json.bytes()
}

private func desk(_ folder: String, _ faults: String = "") throws -> SandboxDesk {
  try SandboxDesk(folder: folder, faults: try SandboxFaults(faults))
}

@Suite struct SandboxDeskTests {
  @Test func `the same key pays once, and another order under it is a conflict`() throws {
    try withFolder { folder in
      let desk = try desk(folder)
      #expect(try desk.send(key: "k", body: order(), now: 0).status == 201)
      #expect(try desk.send(key: "k", body: order(), now: 1).status == 200)
      #expect(try desk.send(key: "k", body: order("12.61"), now: 2).status == 409)
      let list = try desk.list(after: 0, limit: 10, now: 3).body
      #expect(list["transfers"]?.array?.count == 1)
      #expect(list["transfers"]?[0]?["state"]?.string == "paid")
    }
  }

  @Test func `what was taken is there after a restart, with its plan`() throws {
    try withFolder { folder in
      do {
        let desk = try desk(folder, "settle-ms=100,late-ms=500,script=returned")
        #expect(try desk.send(key: "k", body: order(), now: 0).body["state"]?.string == "accepted")
      }
      let again = try desk(folder)
      #expect(try again.find(key: "k", now: 50).body["state"]?.string == "accepted")
      #expect(try again.find(key: "k", now: 100).body["state"]?.string == "paid")
      #expect(try again.find(key: "k", now: 500).body["state"]?.string == "returned")
      let changes = try again.changes(after: 0, limit: 10, now: 500).body
      #expect(changes["changes"]?.array?.map { $0["state"]?.string } == ["paid", "returned"])
      #expect(changes["next"]?.int == 2)
    }
  }

  @Test func `a line that was cut off in the middle is forgotten, a broken one refused`() throws {
    try withFolder { folder in
      do { _ = try desk(folder).send(key: "k", body: order(), now: 0) }
      let journal = URL(fileURLWithPath: folder + "/journal")
      let whole = try Data(contentsOf: journal)
      try (whole + Data("{\"record\":\"tran".utf8)).write(to: journal)
      #expect(try desk(folder).find(key: "k", now: 0).status == 200)
      #expect(try Data(contentsOf: journal) == whole)
      try (whole + Data("{\"record\":\"tran\n".utf8)).write(to: journal)
      #expect(throws: Journal.Unusable.self) { try desk(folder) }
    }
  }

  @Test func `one journal has one provider`() throws {
    try withFolder { folder in
      let first = try desk(folder)
      #expect(throws: Journal.Unusable.self) { try desk(folder) }
      withExtendedLifetime(first) {}
    }
  }

  @Test(arguments: [
    ("timeout", true), ("500-before", false), ("500-after", true), ("duplicate", true),
    ("drop", true), ("late-failure", true), ("returned", true), ("refuse", false), ("ok", true),
  ])
  func `a fault has its effect or not, and never twice`(fault: String, hasEffect: Bool) throws {
    try withFolder { folder in
      let desk = try desk(folder, "late-ms=1000,script=\(fault)")
      let reply = try desk.send(key: "k", body: order(), now: 0)
      #expect(try desk.find(key: "k", now: 1).status == (hasEffect ? 200 : 404))
      switch fault {
      case "500-before", "500-after": #expect(reply.status == 500)
      case "duplicate": #expect(reply.status == 409)
      case "refuse": #expect(reply.status == 422)
      case "timeout": #expect(reply.delivery == .hang)
      case "drop": #expect(reply.delivery == .drop)
      default: #expect(reply.status == 201)
      }
      _ = try desk.send(key: "k", body: order(), now: 2)
      let list = try desk.list(after: 0, limit: 10, now: 3).body
      #expect(list["transfers"]?.array?.count == 1)
    }
  }

  @Test func `a person can make it fail late or come back`() throws {
    try withFolder { folder in
      let desk = try desk(folder, "settle-ms=100000")
      _ = try desk.send(key: "a", body: order(), now: 0)
      _ = try desk.send(key: "b", body: order(), now: 0)
      #expect(try desk.push(key: "a", to: .failed, now: 1).status == 200)
      #expect(try desk.push(key: "b", to: .returned, now: 1).status == 409)
      #expect(try desk.push(key: "b", to: .paid, now: 1).status == 200)
      #expect(try desk.push(key: "b", to: .returned, now: 2).status == 200)
      #expect(try desk.push(key: "b", to: .returned, now: 2).status == 200)
      #expect(try desk.push(key: "c", to: .paid, now: 2).status == 404)
      // Neither goes on as it was planned.
      #expect(try desk.find(key: "a", now: 200_000).body["state"]?.string == "failed")
      #expect(try desk.find(key: "b", now: 200_000).body["state"]?.string == "returned")
    }
  }

  @Test func `chances are kept and repeat themselves`() throws {
    let faults = try SandboxFaults("timeout=10,500-after=20,seed=4")
    let keys = (0..<5000).map { "key-\($0)" }
    let met = keys.map { faults.fault(key: $0, attempt: 0, request: 0) }
    #expect(met == keys.map { faults.fault(key: $0, attempt: 0, request: 9) })
    #expect((400...600).contains(met.count { $0 == .timeout }))
    #expect((850...1150).contains(met.count { $0 == .errorAfter }))
    #expect(met != keys.map { faults.fault(key: $0, attempt: 1, request: 0) })
  }

  @Test(arguments: ["timeout", "timeout=x", "nothing=5", "timeout=60,drop=50", "script=ok/never"])
  func `a faults text that makes no sense is refused`(text: String) {
    #expect(throws: SandboxFaults.Wrong.self) { try SandboxFaults(text) }
  }
}
