import Postgres
import Testing

@testable import Coinvent

@Suite struct CheckpointTests {
  private static func key(_ name: String = "example.org", _ byte: UInt8 = 7) -> SealingKey {
    SealingKey(name: name, seed: [UInt8](repeating: byte, count: 32))!
  }

  private let checkpoint = Checkpoint(
    origin: "example.org", size: 17, hash: [UInt8](repeating: 9, count: 32),
    moment: Timestamp(rfc3339: "2026-02-01T00:00:00Z")!)

  @Test func `keys are read as they are written, and nothing else is`() throws {
    let key = Self.key()
    #expect(SealingKey(key.text)?.publicKey == key.publicKey)
    #expect(PublicKey(key.publicKey.description) == key.publicKey)
    for text in ["", "a+b", "example.org+00000000+AQ==", key.text, "\(key.publicKey) "] {
      #expect(PublicKey(text) == nil, "\(text)")
    }
    #expect(SealingKey(key.publicKey.description) == nil)
    for name in ["", "a b", "a+b", "ä"] { #expect(SealingKey.new(name: name) == nil) }
  }

  @Test func `a note says what was signed, and by whom`() throws {
    let note = checkpoint.note(signedBy: Self.key())
    #expect(
      note.hasPrefix(
        """
        example.org
        17
        CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=
        2026-02-01T00:00:00Z

        — example.org \("")
        """))
    #expect(try Checkpoint.read(note, signedBy: Self.key().publicKey) == checkpoint)
    #expect(throws: Checkpoint.Fault.otherKey) {
      try Checkpoint.read(note, signedBy: Self.key("example.org", 8).publicKey)
    }
    #expect(throws: Checkpoint.Fault.otherKey) {
      try Checkpoint.read(note, signedBy: Self.key("example.com").publicKey)
    }
    #expect(throws: Checkpoint.Fault.malformed) {
      try Checkpoint.read(note + "\n", signedBy: Self.key().publicKey)
    }
  }

  @Test func `no bit of a note can be turned`() {
    let note = Array(checkpoint.note(signedBy: Self.key()).utf8)
    for place in note.indices {
      for bit in [0, 5] {
        var turned = note
        turned[place] ^= 1 << UInt8(bit)
        guard let text = String(validating: turned, as: UTF8.self) else { continue }
        #expect(throws: Checkpoint.Fault.self, "\(place)") {
          try Checkpoint.read(text, signedBy: Self.key().publicKey)
        }
      }
    }
  }
}
