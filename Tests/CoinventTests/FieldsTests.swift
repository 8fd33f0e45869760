import Coinvent
import JSON
import Testing

@Suite struct FieldsTests {
  private enum Colour: String, CaseIterable { case red, green }

  @Test func `every fault is told at once, with its pointer`() throws {
    let json: JSON = [
      "name": 3, "age": "old", "colour": "blue", "owner": "idea_01h455vb4pex5vsknk084sn02q",
      "is/odd": true, "lines": [["id": "a"], ["id": 1, "x": nil], 5],
    ]
    var fields = try Fields(json)
    _ = fields.text("name")
    _ = fields.whole("age", in: 1...9)
    _ = fields.choice("colour", of: Colour.self)
    _ = fields.id("owner", as: MemberID.self)
    _ = fields.text("missing")
    _ = fields.list("lines", 1...10) { $0.text("id") }
    let invalid = #expect(throws: Invalid.self) { try fields.finish(and: [("/domain", "is odd")]) }
    #expect(
      invalid?.fields.map(\.pointer) == [
        "/name", "/age", "/colour", "/owner", "/missing", "/lines/1/id", "/lines/1/x", "/lines/2",
        "/domain", "/is~1odd",
      ])
  }

  @Test func `good fields are read`() throws {
    let json: JSON = ["name": "Ada", "age": 9, "colour": "green", "none": nil, "flag": false]
    var fields = try Fields(json)
    #expect(fields.text("name") == "Ada")
    #expect(fields.whole("age", in: 1...9) == 9)
    #expect(fields.choice("colour", of: Colour.self) == .green)
    #expect(fields.optionalText("none") == nil)
    #expect(fields.optionalFlag("flag") == false)
    #expect(fields.optionalWhole("absent", in: 0...1) == nil)
    try fields.finish()
  }

  @Test(arguments: ["9.0", "10", "0", "true", "null", "\"3\""])
  func `a whole number is one, and inside its range`(_ text: String) throws {
    var fields = try Fields(try JSON.parse("{\"n\":\(text)}"))
    _ = fields.whole("n", in: 1...9)
    let invalid = #expect(throws: Invalid.self) { try fields.finish() }
    #expect(invalid?.fields.map(\.pointer) == ["/n"])
  }

  @Test func `a body that is no object is one fault`() {
    #expect(throws: Invalid.self) { try Fields([1, 2]) }
  }
}
