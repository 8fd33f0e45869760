import Foundation
import Testing

/// Who may import whom. SwiftPM does not stop a sideways import that happens to build.
@Suite struct ArrowTests {
  static let arrows: [String: Set<String>] = [
    "EventLoop": ["CEpoll"],
    "JSON": ["CJansson"],
    "Postgres": ["CLibPQ", "EventLoop"],
    "HTTPServer": ["CMicroHTTPD", "EventLoop"],
    "Ledger": ["Postgres"],
    "Coinvent": [
      "Ledger", "Postgres", "EventLoop", "JSON", "CSodium", "CCSV", "CCMark", "CZip",
    ],
    "Curl": ["CCurl"],
    "Rails": ["Coinvent", "Ledger", "Postgres", "JSON", "EventLoop", "Curl", "CCurl"],
    "Mail": ["Coinvent", "Postgres", "EventLoop", "Curl", "CCurl"],
    "Sandbox": ["HTTPServer", "JSON", "EventLoop"],
    "Web": ["Coinvent"],
    "API": ["Coinvent", "Ledger", "Postgres", "HTTPServer", "JSON", "EventLoop", "Web"],
    "Command": [
      "API", "Rails", "Mail", "Sandbox", "Coinvent", "Ledger", "Postgres", "HTTPServer", "JSON",
      "EventLoop", "Web",
    ],
    "ImageWorker": ["CVips", "CEpoll"],
    "Load": ["CEpoll"],
    "EmbedSchema": [],
    "SchemaPlugin": ["PackagePlugin", "Foundation"],
  ]

  /// Of Swift itself.
  static let ground: Set = ["Swift", "Glibc", "Synchronization", "_Concurrency"]

  @Test func `imports follow the arrows`() {
    for file in TidyTests.sources {
      guard let allowed = Self.arrows[file.module] else {
        Issue.record("\(file.path): module \(file.module) has no arrows yet")
        continue
      }
      for (number, text) in file.code {
        guard text.contains("import "),
          let match = text.firstMatch(of: /^\s*(?:@\w+ |public |internal |private )*import (\w+)/)
        else { continue }
        let module = String(match.output.1)
        if !allowed.contains(module) && !Self.ground.contains(module) {
          Issue.record("\(file.path):\(number): \(file.module) may not import \(module)")
        }
      }
    }
  }
}
