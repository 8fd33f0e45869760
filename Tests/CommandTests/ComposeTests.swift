import Foundation
import Testing

@testable import Command

/// Compose cannot be run in a test; that its commands exist can be seen.
@Suite struct ComposeTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ file: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: file), encoding: .utf8)
  }

  @Test func `every command of docker-compose.yml exists`() throws {
    let names = Set(allCommands.map { $0.spec.name })
    let compose = try text("docker-compose.yml")
    let called =
      compose.matches(of: /command: \["([a-z ]+)"\]/).map { String($0.output.1) }
      + compose.matches(of: /local\/bin\/coinvent ([a-z]+)/).map { String($0.output.1) }
    #expect(Set(called) == ["migrate", "serve", "worker", "settle"])
    for name in called { #expect(names.contains(name), "\(name)") }
  }

  @Test func `every variable that compose and the image set is a setting`() throws {
    let known = Set(Setting.all.map(\.environment))
    for file in ["docker-compose.yml", "Dockerfile"] {
      for match in try text(file).matches(of: /(COINVENT_[A-Z_]+|DATABASE_URL)[:=]/) {
        #expect(known.contains(String(match.output.1)), "\(file): \(match.output.1)")
      }
    }
  }

  @Test func `the image has every library that the program is linked with`() throws {
    let image = try text("Dockerfile")
    for library in [
      "libcmark-gfm0.29.0.gfm.6", "libcmark-gfm-extensions0.29.0.gfm.6", "libcsv3", "libcurl4",
      "libjansson4", "libmicrohttpd12", "libmimalloc2.0", "libpq5",
      "libsodium23",
    ] {
      #expect(image.contains(library), "\(library)")
    }
  }
}
