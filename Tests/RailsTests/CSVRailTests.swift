import Coinvent
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Rails

@Suite struct CSVRailTests {
  private func settings(_ scene: PayoutScene) -> PayoutWorker.Configuration {
    var settings = scene.settings()
    settings.policy.rail = .csv
    return settings
  }

  private func mark(_ line: MarkLine, _ scene: PayoutScene) async throws -> MarkPayoutOutcome {
    let mark = MarkPayout(
      id: line.id, mark: line.mark, amount: line.amount, note: line.note, actor: "test", now: .now)
    return try await scene.pool.transaction { try await mark.run(in: $0) }
  }

  @Test func `a drain writes what is payable to a file, a person marks it`() async throws {
    try await PayoutScene.with { scene in
      let people = ["ada", "bob", "cyd"]
      for name in people { _ = try await scene.member(name, paid: "20.009") }
      let report = try await scene.worker(settings(scene)).drain()
      #expect(report.made == 3 && report.exported == 3 && report.files.count == 1)
      #expect(!report.isPartial && !report.didNothing)
      let text = try String(contentsOfFile: report.files[0], encoding: .utf8)
      let payouts = try await scene.payouts().sorted { $0.id < $1.id }
      #expect(
        text == "id,member_handle,display_name,amount,currency,reference\r\n"
          + payouts.map { "\($0.id),\($0.handle),'=\($0.handle),20.00,USD,\($0.id)\r\n" }.joined())
      #expect(payouts.allSatisfy { $0.state == .exported })

      let outcomes = ["paid", "failed", "returned"]
      let marked =
        "id,currency,amount,outcome,note\n"
        + zip(payouts, outcomes).map { "\($0.id),USD,20.00,\($1),by hand\n" }.joined()
      let lines = try ReadMarks.run(Array(marked.utf8))
      for line in lines { #expect(try await mark(line, scene) == .marked) }
      for line in lines { #expect(try await mark(line, scene) == .repeated) }
      #expect(
        try await scene.payouts().sorted { $0.id < $1.id }.map(\.state.rawValue) == outcomes)
      #expect(try await scene.payable(payouts[0].member) == "0.009")
      #expect(try await scene.payable(payouts[1].member) == "20.009")
      #expect(try await scene.payable(payouts[2].member) == "20.009")
      try await scene.checkBooks()
      #expect(try await scene.worker(settings(scene)).drain().didNothing)
    }
  }

  @Test func `a crash between batch and file costs nothing, and again is the same file`()
    async throws
  {
    try await PayoutScene.with { scene in
      for name in ["ada", "bob"] { _ = try await scene.member(name, paid: "20.00") }
      let now = Timestamp.now
      let made = try await MakeAutomaticPayouts(policy: PayoutPolicy(rail: .csv), now: now)
        .run(in: scene.pool)
      #expect(made == 2)
      // Dies here, after the batch is committed and before its file is written.
      let batch = try #require(
        await scene.pool.transaction {
          try await PayoutBatch.make(actor: "test", now: now, in: $0)
        })
      try await scene.pool.execute("UPDATE members SET display_name = 'changed meanwhile'")
      let written = try await scene.csv().export(actor: "test", now: now, pool: scene.pool)
      #expect(written.map(\.batch) == [batch.id] && written[0].lines == 2)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: written[0].path))
      #expect(!String(decoding: bytes, as: UTF8.self).contains("meanwhile"))
      try Data("torn".utf8).write(to: URL(fileURLWithPath: written[0].path))
      let found = try #require(await PayoutBatch.find(batch.id, in: scene.pool))
      let again = try await scene.csv().write(found, now: now, pool: scene.pool)
      #expect(again.path == written[0].path)
      #expect(try Data(contentsOf: URL(fileURLWithPath: again.path)) == bytes)
      let files = try FileManager.default.contentsOfDirectory(atPath: scene.folder + "/files")
      #expect(files == ["payouts-\(batch.id).csv"])
      #expect(try await scene.csv().export(actor: "test", now: now, pool: scene.pool).isEmpty)
    }
  }

  @Test func `exports at once share the payouts, none twice`() async throws {
    try await PayoutScene.with { scene in
      for number in 0..<40 { _ = try await scene.member("mem\(number)", paid: "20.00") }
      _ = try await MakeAutomaticPayouts(policy: PayoutPolicy(rail: .csv), now: .now)
        .run(in: scene.pool)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            while try await scene.pool.transaction({
              try await PayoutBatch.make(limit: 7, actor: "test", now: .now, in: $0)
            }) != nil {}
          }
        }
        try await group.waitForAll()
      }
      let written = try await scene.csv().finish(now: .now, pool: scene.pool)
      let lines = try written.flatMap {
        try CSVText.rows([UInt8](Data(contentsOf: URL(fileURLWithPath: $0.path)))).dropFirst()
      }
      #expect(lines.count == 40 && Set(lines.map { $0.cells[0] }).count == 40)
    }
  }

  @Test func `a mark that does not fit changes nothing`() async throws {
    try await PayoutScene.with { scene in
      _ = try await scene.member("ada", paid: "20.00")
      _ = try await MakeAutomaticPayouts(policy: PayoutPolicy(rail: .csv), now: .now)
        .run(in: scene.pool)
      let id = try await scene.payouts()[0].id
      let early = MarkLine(line: 1, id: id, mark: .paid, amount: nil, note: nil)
      #expect(try await mark(early, scene) == .notPossible(from: .requested))
      _ = try await scene.csv().export(actor: "test", now: .now, pool: scene.pool)
      let other = MarkLine(line: 1, id: id, mark: .paid, amount: dollars("20.01"), note: nil)
      #expect(try await mark(other, scene) == .otherAmount(dollars("20.00")))
      let stray = MarkLine(line: 1, id: .new(), mark: .paid, amount: nil, note: nil)
      #expect(try await mark(stray, scene) == .noSuchPayout)
      #expect(try await mark(early, scene) == .marked)
      let late = MarkLine(line: 1, id: id, mark: .failed, amount: nil, note: nil)
      #expect(try await mark(late, scene) == .notPossible(from: .paid))
      #expect(try await scene.payouts()[0].problem == nil)
      try await scene.checkBooks()
    }
  }

  @Test(arguments: [
    ("", "the file is empty"), ("id,amount\n", "the first line must name"),
    ("id,outcome\npay_x,paid\n", "line 2: the id"),
    ("id,outcome\n\n\(PayoutID.new()),lost\n", "line 3: the outcome"),
    ("id,outcome\n\(PayoutID.new())\n", "line 2 has 1 cells"),
    ("id,outcome,amount\n\(PayoutID.new()),paid,1.00\n", "line 2: an amount needs"),
    ("id,outcome,amount,currency\n\(PayoutID.new()),paid,1;00,USD\n", "line 2: the amount"),
  ])
  func `a file of marks that makes no sense is refused by line`(text: String, says: String) {
    do {
      _ = try ReadMarks.run(Array(text.utf8))
      Issue.record("it was taken")
    } catch {
      #expect("\(error)".hasPrefix(says))
    }
  }

  @Test func `lines without an outcome are not decided yet`() throws {
    let id = PayoutID.new()
    let lines = try ReadMarks.run(Array("ID,Outcome\n\(id),\n\(id),PAID\n".utf8))
    #expect(lines.map(\.mark) == [.paid])
  }
}
