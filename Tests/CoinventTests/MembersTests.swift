import EventLoop
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct MembersTests {
  @Test func `a handle is taken whatever its case, and so is an e-mail address`() async throws {
    try await withDatabase { pool in
      func create(_ handle: String, _ email: String) async throws -> CreateMember.Outcome {
        let draft = MemberDraft(handle: handle, displayName: "Someone", email: email)
        return try await CreateMember.run(draft, passwordHash: nil, in: pool)
      }
      guard case .created(let ada) = try await create("Ada_1", "Ada@example.org") else {
        Issue.record("not created")
        return
      }
      #expect(ada.handle == "ada_1")
      #expect(ada.role == .member)
      guard case .handleTaken = try await create("aDA_1", "other@example.org") else {
        Issue.record("the handle is not seen as taken")
        return
      }
      guard case .emailTaken = try await create("bob", "ada@EXAMPLE.org") else {
        Issue.record("the address is not seen as taken")
        return
      }
      let found = try await FindMember.by(handleOrID: "ADA_1", in: pool)
      #expect(found?.id == ada.id)
      #expect(try await FindMember.by(handleOrID: ada.id.description, in: pool)?.handle == "ada_1")
      #expect(try await FindMember.by(handleOrID: "nobody", in: pool) == nil)
      #expect(try await FindMember.all(limit: 10, in: pool).map(\.handle) == ["ada_1"])
    }
  }

  @Test(arguments: [
    ("ab", "A", "a@b.c", ["/handle"]), ("a b", "A", "a@b.c", ["/handle"]),
    (String(repeating: "a", count: 31), "A", "a@b.c", ["/handle"]),
    ("äda", "A", "a@b.c", ["/handle"]), ("ada", "  ", "a@b.c", ["/display_name"]),
    ("ada", "A\u{7}", "a@b.c", ["/display_name"]),
    ("ada", String(repeating: "a", count: 61), "a@b.c", ["/display_name"]),
    ("ada", "A", "ab.c", ["/email"]), ("ada", "A", "a@b@c", ["/email"]),
    ("ada", "A", "@b", ["/email"]), ("ada", "A", "a @b", ["/email"]),
    ("", "", "", ["/handle", "/display_name", "/email"]),
  ])
  func `a draft names its faults`(
    _ handle: String, _ name: String, _ email: String, _ pointers: [String]
  ) {
    let draft = MemberDraft(handle: handle, displayName: name, email: email)
    #expect(draft.faults.map(\.pointer) == pointers)
  }

  @Test func `a password is hashed with argon2id and known again`() async throws {
    let passwords = Passwords()
    let hash = try await passwords.hash("correct horse")
    #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(try await passwords.check("correct horse", against: hash))
    #expect(try await !passwords.check("correct horsf", against: hash))
    #expect(try await !passwords.check("correct horse", against: nil))
    #expect(try await passwords.hash("correct horse") != hash)
    passwords.stop()
  }

  @Test func `an unknown account takes as long as a known one`() async throws {
    let passwords = Passwords(threads: 1)
    let hash = try await passwords.hash("correct horse")
    _ = try await passwords.check("warm up", against: nil)
    let clock = ContinuousClock()
    let known = try await clock.measure {
      _ = try await passwords.check("wrong one", against: hash)
    }
    let unknown = try await clock.measure {
      _ = try await passwords.check("wrong one", against: nil)
    }
    #expect(unknown > known / 4)
    passwords.stop()
  }

  @Test func `a full queue of passwords refuses at once`() async throws {
    let passwords = Passwords(threads: 1, queueLimit: 1)
    let refused = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          do {
            _ = try await passwords.hash("correct horse")
            return false
          } catch { return error is BlockingPool.Full }
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(refused >= 1)
    passwords.stop()
  }

  @Test(arguments: [
    ("short", false), ("1234567", false), ("password", false), ("PassWord1", false),
    ("correct horse", true), (String(repeating: "é", count: 128), true),
    (String(repeating: "é", count: 129), false),
  ])
  func `a password has 8 to 128 characters and is no common one`(_ text: String, _ isGood: Bool) {
    #expect((Passwords.fault(text) == nil) == isGood)
  }

  @Test func `signing in takes the handle or the address, and the right password`() async throws {
    try await withDatabase { pool in
      let passwords = Passwords()
      let draft = MemberDraft(handle: "ada", displayName: "Ada", email: "ada@example.org")
      let hash = try await passwords.hash("correct horse")
      _ = try await CreateMember.run(draft, passwordHash: hash, in: pool)
      let machine = try await Story(pool).member("machine")
      func isIn(_ login: String, _ password: String) async throws -> Bool {
        let outcome = try await SignIn.run(
          login: login, password: password, lasting: .seconds(60), passwords: passwords, in: pool)
        switch outcome {
        case .signedIn: return true
        case .refused: return false
        }
      }
      #expect(try await isIn("ada", "correct horse"))
      #expect(try await isIn("ADA@example.ORG", "correct horse"))
      #expect(try await !isIn("ada", "wrong horse"))
      #expect(try await !isIn("nobody", "correct horse"))
      #expect(try await !isIn("machine", ""))
      #expect(try await ListTokens.run(of: machine, in: pool).isEmpty)
      passwords.stop()
    }
  }
}
