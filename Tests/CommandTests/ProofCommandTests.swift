import Coinvent
import Foundation
import TestSupport
import Testing

@testable import Command

@Suite struct ProofCommandTests {
  @Test func `a key is made, the books are sealed, and a member's file is checked`() async throws {
    try await withDatabase { pool in
      let folder = try Folder()
      let environment = [
        "DATABASE_URL": pool.configuration.url, "COINVENT_DATA": folder.path,
      ]
      func coinvent(_ words: String...) throws -> Run {
        try Run.program(Run.executable, words, environment: environment)
      }
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.shared(by: ada, with: [curator], curator: curator)
      try await story.sell([Story.line("1", product, price: "100")])
      #expect(try coinvent("proof", "ada").code == 6)
      let settled = try coinvent("settle")
      #expect(settled.code == 0 && settled.error.contains("1 settlements and 0 statements sealed"))
      let early = try coinvent("proof", "ada")
      #expect(early.code == 6 && early.error.contains("Make a key"), "\(early)")

      let nowhere = try coinvent("proof", "key", "--proof-key-file", "\(folder.path)/no/key")
      #expect(nowhere.code == 1 && nowhere.error.contains("Make its folder"), "\(nowhere)")
      #expect(try coinvent("proof", "key", "--name", "a b").code == 2)
      let key = try coinvent("proof", "key", "--name", "example.org")
      #expect(key.code == 0 && key.out.hasPrefix("example.org+"), "\(key)")
      #expect(try coinvent("proof", "key").out == key.out)
      #expect(try coinvent("proof", "key", "--name", "other").code == 3)
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/proof.key")
      #expect(attributes[.posixPermissions] as? Int == 0o600)

      #expect(try coinvent("proof", "seal").out.contains("signed 2 entries"))
      #expect(try coinvent("proof", "seal").code == 6)
      let file = "\(folder.path)/ada.json"
      let made = try coinvent("proof", "ada", "--to", file)
      #expect(made.code == 0 && made.out.contains("1 settlements and 0 steps"), "\(made)")
      #expect(try coinvent("proof", "\(ada)").out == String(contentsOfFile: file, encoding: .utf8))
      #expect(try coinvent("proof", "nobody").code == 1)
      #expect(try coinvent("proof", "ada", "--settlement", "settle_x").code == 2)
      #expect(try coinvent("proof", "ada", "--settlement", "\(SettlementID.new())").code == 1)
      #expect(try coinvent("proof", "ada", "--json").code == 2)

      // Without a database, settings or environment.
      let good = try Run.coinvent("proof", "check", file)
      #expect(good.code == 0 && good.out.contains("credited 12.60 USD in 1 line"), "\(good)")
      #expect(good.out.contains("is that the right key?"))
      let public_ = key.out.trimmingCharacters(in: .newlines)
      let trusted = try Run.coinvent("proof", "check", file, "--key", public_)
      #expect(trusted.code == 0 && trusted.out.contains("as asked"), "\(trusted)")
      #expect(try Run.coinvent("proof", "check", file, "--key", "x").code == 2)
      #expect(try Run.coinvent("proof", "check", "\(folder.path)/none").code == 1)
      let text = try String(contentsOfFile: file, encoding: .utf8)
      try folder.write(text.replacingOccurrences(of: "12.600000000", with: "13.600000000"), to: "x")
      let bad = try Run.coinvent("proof", "check", "\(folder.path)/x", "--json")
      #expect(bad.code == 5 && bad.out.contains("\"place\":\"/settlements/0/lines/0/amount\""))
      try folder.write("nonsense", to: "proof.key")
      #expect(try coinvent("proof", "seal").error.contains("holds no signing key"))
    }
  }
}
