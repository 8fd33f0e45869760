import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// With the vectors of the TypeID specification, valid.yml and invalid.yml.
@Suite struct TypeIDTests {
  @Test(arguments: [
    ("00000000000000000000000000", "00000000-0000-0000-0000-000000000000"),
    ("00000000000000000000000001", "00000000-0000-0000-0000-000000000001"),
    ("0000000000000000000000000a", "00000000-0000-0000-0000-00000000000a"),
    ("0000000000000000000000000g", "00000000-0000-0000-0000-000000000010"),
    ("00000000000000000000000010", "00000000-0000-0000-0000-000000000020"),
    ("7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    ("0123456789abcdefghjkmnpqrs", "0110c853-1d09-52d8-d73e-1194e95b5f19"),
    ("01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
  ])
  func `a suffix is its UUID`(_ suffix: String, _ text: String) throws {
    let uuid = try #require(UUID(text))
    #expect(TypeIDSuffix.encode(uuid.bits) == suffix)
    #expect(TypeIDSuffix.decode(suffix.utf8) == uuid.bits)
    #expect(IdeaID(uuid: uuid).description == "idea_\(suffix)")
    #expect(IdeaID("idea_\(suffix)") == IdeaID(uuid: uuid))
  }

  @Test(arguments: [
    "", "_", "idea", "idea_", "01h455vb4pex5vsknk084sn02q", "_01h455vb4pex5vsknk084sn02q",
    "IDEA_01h455vb4pex5vsknk084sn02q", "idea_01H455VB4PEX5VSKNK084SN02Q",
    "idea_8zzzzzzzzzzzzzzzzzzzzzzzzz", "idea_1234567890123456789012345",
    "idea_12345678901234567890123456 7", "idea_123456789012345678901234567",
    " idea_01h455vb4pex5vsknk084sn02q", "idea_01h455vb4pex5vsknk084sn02q ",
    "idea_0123456789-0123456789-01234", "idea_ooooooiiiiiiuuuuuuulllllll",
    "idea_i23456789ol23456789oi23456", "idea__01h455vb4pex5vsknk084sn02q",
    "mem_01h455vb4pex5vsknk084sn02q", "idea-01h455vb4pex5vsknk084sn02q",
    "ideä_01h455vb4pex5vsknk084sn02",
  ])
  func `what is no TypeID of the kind is refused`(_ text: String) {
    #expect(IdeaID(text) == nil)
  }

  @Test func `ids made later sort later, also as texts`() {
    let early = MemberID.new(at: Timestamp(microseconds: 1_700_000_000_000_000))
    let late = MemberID.new(at: Timestamp(microseconds: 1_700_000_000_001_000))
    #expect(early < late)
    #expect(early.description < late.description)
  }
}
