import Coinvent
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Command

@Suite struct BooksCommandTests {
  private struct Books {
    let url: String

    func callAsFunction(_ words: String...) throws -> Run { try run(words) }

    func run(_ words: [String]) throws -> Run {
      try Run.program(Run.executable, ["books"] + words, environment: ["DATABASE_URL": url])
    }
  }

  /// Ada and another share a product that was sold and settled; who she is, and it.
  private func tell(_ pool: Pool) async throws -> (MemberID, ProductID) {
    let story = Story(pool)
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.shared(by: ada, with: [curator], curator: curator)
    try await story.sell([Story.line("1", product, price: "100")])
    try await story.settle()
    return (ada, product)
  }

  @Test func `the books say what was held at a moment, and whether it is set aside`() async throws {
    try await withDatabase { pool in
      let books = Books(url: pool.configuration.url)
      #expect(try books("trial-balance").code == 6)
      #expect(try books("solvency").out == "Nobody is owed anything.\n")
      let (ada, product) = try await tell(pool)
      let trial = try books("trial-balance")
      #expect(trial.code == 0 && trial.out.contains("member_payable"), "\(trial)")
      #expect(trial.out.contains("sum                 0.000000000"))
      #expect(try books("trial-balance", "--at", "2001-01-01").code == 6)
      #expect(try books("trial-balance", "--at", "soon").code == 2)
      let own = try books("balance", "member_payable:\(ada)")
      #expect(own.out == "member_payable:\(ada)  12.600000000 USD\n", "\(own)")
      #expect(try books("balance", "bank").out == "bank held nothing.\n")
      #expect(try books("balance", "money").code == 2)
      #expect(try books("balance", "product_pool:\(product)", "--json").out.contains("\"at\""))

      let short = try books("solvency")
      #expect(short.code == 7 && short.out.contains("set aside"), "\(short)")
      let deposit = ["deposit", "--currency", "USD", "--reference", "1", "--amount"]
      func put(_ amount: String) throws -> Int32 { try books.run(deposit + [amount]).code }
      #expect(try put("30.00") == 0 && put("30.00") == 6 && put("31.00") == 3)
      #expect(try put("0") == 2 && put("x") == 2 && put("0.001") == 2)
      #expect(try books("solvency", "--currency", "USD", "--by", "day").code == 0)
      #expect(try books("solvency", "--by", "year").code == 2)
    }
  }

  @Test func `statements of the bank are kept and compared`() async throws {
    try await withDatabase { pool in
      let folder = try Folder()
      let books = Books(url: pool.configuration.url)
      #expect(try books("assertions").code == 6)
      let said = ["--currency", "USD", "--date", "2001-01-31", "--reference", "jan"]
      func say(_ more: [String]) throws -> Int32 { try books.run(["assert"] + said + more).code }
      #expect(try say(["--amount", "0.00"]) == 0 && say(["--amount", "0.00"]) == 6)
      #expect(try say(["--amount", "1.00"]) == 3 && say([]) == 2)
      #expect(try books("assertions").code == 0)
      try folder.write(
        """
        date,account,currency,amount,reference
        2001-02-28,bank,USD,5.00,feb
        2001-03-31,bank,USD,0.00,march
        2999-03-31,bank,USD,0.00,later

        """, to: "statements.csv")
      let several = try books("assert", "--file", "\(folder.path)/statements.csv")
      #expect(several.code == 7 && several.out.contains("the day is not over"), "\(several)")
      let compared = try books("assertions")
      #expect(compared.code == 5 && compared.out.contains("DIFFERS   statement feb"), "\(compared)")
      #expect(
        try books("deposit", "--currency", "USD", "--amount", "5", "--reference", "late").code == 0)
      let booked = ["booked", "late", "--currency", "USD", "--date", "2001-02-15"]
      #expect(try books.run(booked).code == 0 && books.run(booked).code == 6)
      #expect(try books("booked", "late", "--date", "2001-02-15").code == 2)
      #expect(try books("booked", "\(PayoutID.new())", "--date", "2001-02-15").code == 1)
      #expect(try books("booked", "late", "--currency", "USD", "--date", "2999-01-01").code == 2)
      let explained = try books("assertions").out
      #expect(explained.contains("agrees    statement feb"), "\(explained)")
      #expect(explained.contains("5.000000000 by the bank's days"), "\(explained)")
      for (text, says) in [
        ("date,account\n", "must name the columns"),
        (
          "account,currency,date,amount,reference\nhouse,USD,2001-01-01,1,x\n",
          "line 2: the account"
        ),
        ("account,currency,date,amount,reference\nbank,XXX,2001-01-01,1,x\n", "is no currency"),
        ("account,currency,date,amount,reference\nbank,USD,soon,1,x\n", "is no date"),
        ("account,currency,date,amount,reference\nbank,USD,2001-01-01,much,x\n", "the amount"),
        ("account,currency,date,amount,reference\nbank,USD,2001-01-01,1,\n", "the reference"),
      ] {
        try folder.write(text, to: "bad.csv")
        let bad = try books("assert", "--file", "\(folder.path)/bad.csv")
        #expect(bad.code != 0 && bad.error.contains(says), "\(bad)")
      }
    }
  }

  @Test func `a journal is written, and days are summed`() async throws {
    try await withDatabase { pool in
      let folder = try Folder()
      let books = Books(url: pool.configuration.url)
      _ = try await tell(pool)
      let file = try books("export", "--to", "\(folder.path)/books.journal")
      #expect(file.out.contains("transfers in"), "\(file)")
      let journal = try String(contentsOfFile: "\(folder.path)/books.journal", encoding: .utf8)
      #expect(try books("export", "--format", "hledger").out == journal)
      #expect(try books("export", "--format", "beancount", "--since", "2999-01-01").code == 0)
      #expect(try books("export", "--format", "paper").code == 2)
      let turned = try books("export", "--since", "2026-02-01", "--until", "2026-01-31")
      #expect(turned.code == 2 && turned.error.contains("is after --until"), "\(turned)")
      #expect(try books("export", "--json").code == 2)
      #expect(try books("sum").code == 0 && books("sum").code == 6)
      #expect(try books("sum", "--again").code == 0)
    }
  }
}
