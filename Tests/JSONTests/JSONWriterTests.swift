import Foundation
import JSON
import Testing

@Suite struct JSONWriterTests {
  @Test func `objects, arrays and fields get their commas`() {
    let bytes = JSONWriter.object {
      $0.field("id", "idea_1")
      $0.field("votes", 12)
      $0.field("none", nil as String?)
      $0.array("list", [1, 2, 3]) { $0.value($1) }
      $0.object("empty") { _ in }
      $0.field("on", true)
      $0.key("raw")
      $0.raw("[0.10]")
      $0.array("nothing", [Int]()) { $0.value($1) }
    }
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"id":"idea_1","votes":12,"none":null,"list":[1,2,3],"empty":{},"on":true,"#
        + #""raw":[0.10],"nothing":[]}"#)
  }

  @Test func `strings are escaped as the format asks`() {
    let json: JSON = "q\" b\\ n\n r\r t\t b\u{8} f\u{c} z\u{1} d\u{7f} é 😀 /"
    #expect(
      json.text()
        == #""q\" b\\ n\n r\r t\t b\b f\f z\u0001 d"# + "\u{7f} é 😀 /\"")
  }

  @Test(arguments: [0, 7, -7, 10, 1_000_000_007, .max, .min] as [Int64])
  func `whole numbers are written with all their digits`(_ number: Int64) {
    #expect(JSON.int(number).text() == String(number))
  }

  @Test func `pretty text breaks lines and indents`() {
    let json: JSON = ["a": [1, ["b": nil]], "c": [], "d": [:]]
    let pretty = """
      {
        "a": [
          1,
          {
            "b": null
          }
        ],
        "c": [],
        "d": {}
      }
      """
    #expect(json.text(pretty: true) == pretty)
  }

  @Test func `what is written reads back as the same value, also for Foundation`() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let value = JSON.array([arbitrary(depth: 4, &random)])
      #expect(try JSON.parse(value.bytes()) == value)
      #expect(try JSON.parse(value.bytes(pretty: true)) == value)
      _ = try JSONSerialization.jsonObject(with: Data(value.bytes()))
    }
  }

  @Test func `mutated text never crashes the parser`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<5_000 {
      var bytes = arbitrary(depth: 3, &random).bytes()
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255)
      }
      if let value = try? JSON.parse(bytes) { #expect(try! JSON.parse(value.bytes()) == value) }
    }
  }

  private func arbitrary(depth: Int, _ random: inout SystemRandomNumberGenerator) -> JSON {
    switch Int.random(in: depth > 0 ? 0...7 : 2...7, using: &random) {
    case 0:
      return .array((0..<Int.random(in: 0...3)).map { _ in arbitrary(depth: depth - 1, &random) })
    case 1:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0...3) {
        object[text(&random)] = arbitrary(depth: depth - 1, &random)
      }
      return .object(object)
    case 2: return .null
    case 3: return .bool(.random())
    case 4: return .int(.random(in: .min ... .max, using: &random))
    case 5: return .double(.random(in: -1e6...1e6, using: &random))
    default: return .string(text(&random))
    }
  }

  private func text(_ random: inout SystemRandomNumberGenerator) -> String {
    let scalars = (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in
      Unicode.Scalar(UInt32.random(in: 1...0x2FFF, using: &random))
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
