import EventLoop
import Foundation
import Testing

/// What a child does must never be its parent's harm; the children here are shell scripts.
@Suite struct ChildProcessTests {
  private func run(
    _ script: String, input: [UInt8] = [], most: Int = 1 << 20,
    within limit: Duration = .seconds(20)
  ) throws -> ChildProcess.End {
    let path = FileManager.default.temporaryDirectory.path() + "/child-\(UUID().uuidString)"
    try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    defer { unlink(path) }
    return try ChildProcess.run(path, input: input, most: most, within: limit)
  }

  @Test func `it hears all and answers all`() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    #expect(try run("exec cat", input: bytes, most: 3_000_000) == .answered(bytes))
    #expect(try run("exec cat") == .answered([]))
    #expect(try run("printf early", input: bytes) == .answered(Array("early".utf8)))
  }

  @Test func `it has no environment and no descriptor of its parent`() throws {
    setenv("A_SECRET_OF_THE_PARENT", "1", 1)
    let open = open("/etc/hostname", O_RDONLY)
    defer { close(open) }
    // The shell sets PWD and the like itself, and reads its script by a descriptor.
    guard case .answered(let environment) = try run("cat /proc/$$/environ") else { throw Gone() }
    #expect(environment.isEmpty)
    guard case .answered(let list) = try run("exec ls -l /proc/self/fd") else { throw Gone() }
    #expect(!String(decoding: list, as: UTF8.self).contains("hostname"))
  }

  @Test func `a crash, a kill and a bad end are told apart`() throws {
    #expect(try run("kill -SEGV $$") == .crashed)
    #expect(try run("exit 3") == .crashed)
    #expect(try run("kill -KILL $$") == .killed)
    #expect(try run("exit 127") == .incomplete)
  }

  @Test func `who hangs or talks too long is ended with all it has started`() throws {
    let began = ContinuousClock.now
    let mark = UUID().uuidString
    #expect(try run("sleep 61 & sleep 61 # \(mark)", within: .milliseconds(300)) == .late)
    #expect(try run("exec 1>&- 0<&-; sleep 61", within: .milliseconds(300)) == .late)
    #expect(try run("while :; do echo on and on; done", most: 10_000) == .tooMuch)
    #expect(ContinuousClock.now - began < .seconds(20))
  }

  @Test func `what is no program is not started`() throws {
    for path in ["/nonexistent/program", "/etc/hostname", "/tmp"] {
      #expect(throws: ChildProcess.Failed.self) {
        try ChildProcess.run(path, input: [], most: 1, within: .seconds(1))
      }
    }
  }

  struct Gone: Error {}
}
