import Foundation

/// The real executable, run as a user would.
struct Run: Sendable {
  let code: Int32
  let out: String
  let error: String

  /// The executable lies beside the tests' own.
  static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "coinvent")

  static func coinvent(_ words: String..., environment: [String: String] = [:]) throws -> Run {
    try program(executable, words, environment: environment)
  }

  static func program(
    _ program: URL, _ words: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Run {
    let process = Process()
    let (out, error, stdin) = (Pipe(), Pipe(), Pipe())
    process.executableURL = program
    process.arguments = words
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]
      .merging(environment) { _, new in new }
    process.standardOutput = out
    process.standardError = error
    process.standardInput = stdin
    try process.run()
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errors = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Run(code: process.terminationStatus, out: text, error: errors)
  }
}

/// A folder that is gone when the test is.
final class Folder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "coinvent-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path()
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
  }
}
