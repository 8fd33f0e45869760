import Testing

@testable import Rails

@Suite struct CSVTextTests {
  @Test(arguments: [
    ("Ada", "Ada"), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"),
    ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
    ("=\"a\"", "\"'=\"\"a\"\"\""), ("", ""), ("two\nlines", "\"two\nlines\""), ("Åse", "Åse"),
    ("\u{301}=1", "\u{301}=1"), ("=\u{301}1", "'=\u{301}1"), ("a\"\u{301}b", "\"a\"\"\u{301}b\""),
    ("\r\n", "\"'\r\n\""),
  ])
  func `a cell is no formula and reads back`(text: String, cell: String) {
    #expect(CSVText.cell(text) == cell)
  }

  @Test func `what is written reads back`() throws {
    let cells = ["a", "b,c", "d\"e", "f\r\ng", "", "ü", "h\"\u{301}i"]
    let text = CSVText.line(["one", "2", "3", "4", "5", "6", "7"]) + CSVText.line(cells)
    let rows = try CSVText.rows(Array(text.utf8))
    #expect(rows.map(\.cells) == [["one", "2", "3", "4", "5", "6", "7"], cells])
    #expect(rows.map(\.line) == [1, 2])
  }

  @Test func `files of other programs are read too`() throws {
    let rows = try CSVText.rows(Array("\u{FEFF}a,b\n\n1,\"2\"\n\"3\n\",4".utf8))
    #expect(rows.map(\.cells) == [["a", "b"], ["1", "2"], ["3\n", "4"]])
    #expect(rows.map(\.line) == [1, 3, 4])
  }

  @Test(arguments: ["\"a", "\"a\"b", "\"a\"\"", "a,\"b"])
  func `broken quotes are named by line`(text: String) {
    #expect(throws: CSVText.Broken.self) { try CSVText.rows(Array(("x\n" + text).utf8)) }
  }

  @Test func `bytes that are no text are refused`() {
    #expect(throws: CSVText.Broken.self) { try CSVText.rows([0x61, 0xFF, 0x0A]) }
  }
}
