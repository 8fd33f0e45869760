import Coinvent
import Foundation
import JSON
import Ledger
import Postgres
import TestSupport
import Testing

/// Real processes, really killed: worker and provider by `kill -9`, at random moments.
@Suite struct KilledProcessTests {
  static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "coinvent")

  private func start(_ words: [String], _ database: String, _ data: String) throws -> Process {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = words + ["--data", data]
    process.environment = ["PATH": "/usr/bin:/bin", "DATABASE_URL": database]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func kill(_ process: Process) async throws {
    Foundation.kill(process.processIdentifier, SIGKILL)
    try await end(of: process)
  }

  /// Waits without holding one of the few threads that all tests share.
  private func end(of process: Process) async throws {
    while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
  }

  @Test func `worker and provider are killed again and again, and every payout is paid once`()
    async throws
  {
    try await PayoutScene.with { scene in
      for number in 0..<60 { _ = try await scene.member("mem\(number)", paid: "20.00") }
      let port = Int.random(in: 20_000..<30_000)
      let url = scene.pool.configuration.url
      let provider = [
        "sandbox-provider", "--port", "\(port)", "--state", scene.folder + "/killed", "--faults",
        "500-after=10,drop=5,timeout=3,hang-ms=300",
      ]
      let worker = [
        "worker", "--drain", "--rail", "sandbox", "--rail-url", "http://127.0.0.1:\(port)",
      ]
      var running = try start(provider, url, scene.folder)
      for round in 0..<10 {
        let working = try start(worker, url, scene.folder)
        try await Task.sleep(for: .milliseconds(Int.random(in: 150..<700)))
        try await kill(working)
        if round % 3 == 2 {
          try await kill(running)
          running = try start(provider, url, scene.folder)
        }
        try await scene.checkBooks()
        // What the dead held is free at once, so that the test need not wait for leases.
        try await scene.pool.execute(
          "UPDATE payout_work SET worker = NULL, leased_until = NULL, due_at = now()")
      }
      let last = try start(worker, url, scene.folder)
      try await end(of: last)
      // 6: those that were killed had done all of it already.
      #expect([0, 6].contains(last.terminationStatus))
      #expect(try await scene.payouts().count == 60)
      #expect(try await scene.payouts().allSatisfy { $0.state == .paid })
      try await kill(running)
      let journal = try String(contentsOfFile: scene.folder + "/killed/journal", encoding: .utf8)
      let keys = try journal.split(separator: "\n").map { try JSON.parse(String($0)) }
        .filter { $0["record"]?.string == "transfer" }.compactMap { $0["key"]?.string }
      #expect(keys.count == 60)
      #expect(Set(keys) == Set(try await scene.payouts().map(\.id.description)))
      try await scene.checkBooks()
    }
  }
}
