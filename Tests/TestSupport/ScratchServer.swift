import Foundation

/// Gives `body` a server of its own, and removes it afterwards.
@discardableResult
public nonisolated(nonsending) func withScratchServer<Value>(
  settings: [String: String] = [:],
  _ body: nonisolated(nonsending) (ScratchServer) async throws -> Value
) async throws -> Value {
  let server = try await ScratchServer(settings: settings)
  do {
    let value = try await body(server)
    await server.remove()
    return value
  } catch {
    await server.remove()
    throw error
  }
}

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
      "initdb",
      ["-D", folder + "/data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"])
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
    // One that was stopped already refuses to stop again.
    do { try await stop() } catch {}
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
    var words = [binaries + "/" + program] + arguments
    if geteuid() == 0 {
      words =
        ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] + words
    }
    let code = await ScratchServer.spawn(words)
    guard code == 0 else {
      throw Failed(
        description: "\(program) \(arguments.first ?? "") ended with \(code); see \(folder)/log")
    }
  }

  /// Runs a program to its end, with no descriptor of ours: the server it leaves behind would keep
  /// them open, and Foundation's `Process` would wait for it.
  private static func spawn(_ words: [String]) async -> Int32 {
    let script = """
      cd /tmp
      for path in /proc/self/fd/*; do
        number=${path##*/}
        if [ "$number" -gt 2 ]; then eval "exec $number>&-"; fi
      done
      exec "$@" </dev/null >/dev/null 2>&1
      """
    let all = ["/bin/bash", "-c", script, "scratch-server"] + words
    return await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var texts: [UnsafeMutablePointer<CChar>?] = all.map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        var process = pid_t()
        var status: Int32 = -1
        if posix_spawn(&process, all[0], nil, nil, &texts, environ) == 0 {
          while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        }
        continuation.resume(returning: status)
      }
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
