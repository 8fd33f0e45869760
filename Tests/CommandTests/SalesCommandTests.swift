import Coinvent
import TestSupport
import Testing

@testable import Command

@Suite struct SalesCommandTests {
  @Test func `one line is a line`() async throws {
    try await withDatabase { pool in
      let environment = ["DATABASE_URL": pool.configuration.url]
      func sales(_ words: String...) throws -> Run {
        try Run.program(Run.executable, ["sales"] + words, environment: environment)
      }
      let folder = try Folder()
      try folder.write(
        "Name,Paid at,Currency,Lineitem quantity,Lineitem price,Lineitem sku\n"
          + "#1,2026-02-03 10:00:00 +0100,USD,1,24.90,LAMP\n", to: "orders.csv")
      let path = "\(folder.path)/orders.csv"
      let checked = try sales("mapping", "check", "shopify", path)
      #expect(checked.out.contains("\n1 line, 1 unit\n"), "\(checked)")
      let wrong = try sales(
        "import", path, "--source", "store", "--mapping", "shopify", "--expect-units", "2",
        "--expect-lines", "2")
      #expect(wrong.error.contains("2 units were expected"), "\(wrong)")
      let taken = try sales("import", path, "--source", "store", "--mapping", "shopify")
      #expect(taken.code == 7 && taken.out.hasPrefix("1 line: 0 recorded"), "\(taken)")
      let json = try sales("import", path, "--source", "store", "--mapping", "shopify", "--json")
      #expect(json.out.contains("\"over_returned\":0"), "\(json)")
      let listed = try sales("reports")
      #expect(listed.out.contains("orders.csv: 1 line, 0 recorded"), "\(listed)")
    }
  }

  @Test func `nouns follow their numbers`() {
    #expect(counted(1, "line") == "1 line" && counted(-1, "unit") == "-1 unit")
    #expect(counted(0, "line") == "0 lines" && counted(2, "sale line") == "2 sale lines")
  }
}
