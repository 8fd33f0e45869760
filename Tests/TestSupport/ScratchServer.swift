import Foundation

/// A PostgreSQL server of a test's own, to be killed and restarted at will. It listens only on a
/// socket in its own folder.
public final class ScratchServer: Sendable {
  public let folder: String
  private let binaries: String

  public var url: String { "postgresql:///postgres?host=\(folder)&user=postgres" }

  /// Makes the cluster and starts it.
  public init(settings: [String: String] = [:]) async throws {
    folder = NSTemporaryDirectory() + "coinvent-pg-\(UUID().uuidString.prefix(8))"
    binaries = try ScratchServer.findBinaries()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
    try await run(
      "initdb", ["-D", folder + "/data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"])
    try await start(settings)
  }

  public func start(_ settings: [String: String] = [:]) async throws {
    let all = ["listen_addresses": "''", "unix_socket_directories": folder, "fsync": "off"]
      .merging(settings) { $1 }
    let options = all.map { "-c \($0.key)=\($0.value)" }.joined(separator: " ")
    try await control("start", ["-o", options, "-l", folder + "/log"])
  }

  /// Kills the server as a power cut would, and starts it again.
  public func crash() async throws { try await control("restart", ["-m", "immediate"]) }

  public func stop() async throws { try await control("stop", ["-m", "immediate"]) }

  /// Stops the server and removes all of it.
  public func remove() async {
    do { try await stop() } catch { print("warning: \(error)") }
    do { try FileManager.default.removeItem(atPath: folder) } catch { print("warning: \(error)") }
  }

  private func control(_ action: String, _ more: [String]) async throws {
    try await run("pg_ctl", [action, "-D", folder + "/data", "-w", "-t", "60", "-s"] + more)
  }

  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  /// PostgreSQL refuses to run as root, so root hands over to the user that Debian makes for it.
  private func run(_ program: String, _ arguments: [String]) async throws {
    let process = Process()
    let path = binaries + "/" + program
    if geteuid() == 0 {
      process.executableURL = URL(filePath: "/usr/bin/setpriv")
      process.arguments =
        ["--reuid=postgres", "--regid=postgres", "--init-groups", path] + arguments
    } else {
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
    }
    process.currentDirectoryURL = URL(filePath: "/tmp")
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in continuation.resume() }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    guard process.terminationStatus == 0 else {
      throw Failed(description: "\(program) \(arguments.first ?? "") failed; see \(folder)/log")
    }
  }

  private static func findBinaries() throws -> String {
    let root = "/usr/lib/postgresql"
    let versions = try FileManager.default.contentsOfDirectory(atPath: root)
      .sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
    guard let newest = versions.first else {
      throw Failed(description: "no PostgreSQL below \(root)")
    }
    return "\(root)/\(newest)/bin"
  }
}
