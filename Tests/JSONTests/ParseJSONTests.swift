import JSON
import Testing

@Suite struct ParseJSONTests {
  @Test func `every kind of value is read`() throws {
    let json = try JSON.parse(
      #"{"n":null,"b":true,"f":false,"i":-42,"d":1.5,"s":"hé\n\u00e9😀","a":[1,[2]],"o":{}}"#)
    #expect(json["n"]?.isNull == true)
    #expect(json["b"]?.bool == true)
    #expect(json["f"]?.bool == false)
    #expect(json["i"]?.int == -42)
    #expect(json["i"]?.double == -42)
    #expect(json["d"]?.double == 1.5)
    #expect(json["d"]?.int == nil)
    #expect(json["s"]?.string == "hé\né😀")
    #expect(json["a"]?[1]?[0]?.int == 2)
    #expect(json["a"]?[2] == nil)
    #expect(json["o"]?.object?.isEmpty == true)
    #expect(json["x"] == nil)
    #expect(json.object?.keys == ["n", "b", "f", "i", "d", "s", "a", "o"])
  }

  @Test(arguments: ["1", "null", "\"x\"", "true", " [] ", "\r\n\t{}"])
  func `a value of any kind may stand alone`(_ text: String) throws {
    _ = try JSON.parse(text)
  }

  @Test func `whole numbers keep all 64 bits`() throws {
    #expect(try JSON.parse("9223372036854775807").int == .max)
    #expect(try JSON.parse("-9223372036854775808").int == .min)
  }

  @Test(
    arguments: [
      ("", .empty), ("  ", .incomplete), ("{\"a\":1", .incomplete), ("[1,]", .syntax),
      ("{} x", .trailing), ("{\"a\":1,\"a\":2}", .duplicateKey),
      ("9223372036854775808", .numberTooBig), ("-9223372036854775809", .numberTooBig),
      ("1e400", .numberTooBig), ("\"\\u0000\"", .nul), ("{\"a\\u0000\":1}", .nul),
      ("\"\\ud800\"", .syntax), ("01", .syntax), ("'a'", .syntax), ("nul", .syntax),
      ("{a:1}", .syntax), ("\"a\nb\"", .syntax), ("NaN", .syntax), ("+1", .syntax),
      ("1.", .syntax), ("// x", .syntax), ("[1 2]", .syntax), ("\u{FEFF}{}", .syntax),
      (String(repeating: "[", count: 65), .tooDeep),
    ] as [(String, JSONError.Reason)])
  func `what is not JSON is refused with its reason`(
    _ text: String, _ reason: JSONError.Reason
  ) {
    let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
    #expect(error?.reason == reason, "\(text): \(String(describing: error))")
  }

  @Test(
    arguments: [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80],
    ] as [[UInt8]])
  func `invalid UTF-8 is refused`(_ wrong: [UInt8]) {
    let bytes = [UInt8(ascii: "\"")] + wrong + [UInt8(ascii: "\"")]
    let error = #expect(throws: JSONError.self) { try JSON.parse(bytes) }
    #expect(error?.reason == .notUTF8)
  }

  @Test func `the error says where, and not what`() throws {
    let error = #expect(throws: JSONError.self) {
      try JSON.parse("{\n  \"password\": secret\n}")
    }
    #expect(error?.line == 2)
    #expect(error?.description.contains("secret") == false)
    let deep = #expect(throws: JSONError.self) { try JSON.parse("[\n [[\n [", depth: 3) }
    #expect(deep == JSONError(.tooDeep, line: 3, column: 2))
  }

  @Test func `brackets inside strings do not count as depth`() throws {
    let text = "\"" + String(repeating: "[{\\\"", count: 200) + "\""
    #expect(try JSON.parse(text, depth: 1).string?.utf8.count == 600)
  }

  @Test func `objects are equal whatever the order of their members`() throws {
    #expect(try JSON.parse(#"{"a":1,"b":[2]}"#) == ["b": [2], "a": 1])
    #expect(try JSON.parse(#"{"a":1,"b":[2]}"#) != ["a": 1, "c": [2]])
    #expect(try JSON.parse(#"{"a":1}"#) != ["a": "1"])
  }
}
