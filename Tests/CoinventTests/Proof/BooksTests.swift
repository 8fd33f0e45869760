import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct BooksTests {
  private let usd = Currency("USD")!

  private func money(_ text: String, _ code: String = "USD") throws -> Amount {
    try Amount(decimal: text, currency: try #require(Currency(code)))
  }

  private func moment(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text))
  }

  /// Posts a member's credit, by hand and at a moment.
  private func credit(_ member: MemberID, _ amount: Amount, at: Timestamp, _ pool: Pool)
    async throws
  {
    let transfer = Transfer(
      home: member.uuid, cause: .v7(), reason: .deliver,
      from: Account(.clearing, owner: member.uuid, currency: amount.currency),
      to: Account(.memberPayable, owner: member.uuid, currency: amount.currency), amount: amount,
      at: at)
    let outcome = try await pool.transaction { try await Post.post(transfer, in: $0) }
    #expect(outcome == .posted)
  }

  private func deposit(_ amount: Amount, _ reference: String, at: Timestamp, _ pool: Pool)
    async throws -> RecordDepositOutcome
  {
    try await pool.transaction {
      try await RecordDeposit(amount, reference: reference, by: nil, at: at).run(in: $0)
    }
  }

  private func read<Value: Sendable>(
    _ pool: Pool, _ body: @Sendable (Transaction) async throws -> Value
  ) async throws -> Value {
    try await pool.transaction(isolation: .repeatableRead, readOnly: true) { try await body($0) }
  }

  private func balances(_ pool: Pool, _ at: Timestamp) async throws -> [String] {
    try await read(pool) { tx in
      try await BookSums.balances(at: at, in: tx).map {
        "\($0.kind.rawValue) \($0.currency) \($0.decimal)"
      }
    }
  }

  /// Ada's credits and two deposits over three months.
  private func tell(_ pool: Pool) async throws -> MemberID {
    let ada = try await Story(pool).member("ada")
    for (day, sum) in [("2026-01-31T23:59:59.999999Z", "10"), ("2026-02-01T00:00:00Z", "0.5")] {
      try await credit(ada, try money(sum), at: try moment(day), pool)
    }
    let first = try moment("2026-01-10T00:00:00Z")
    #expect(try await deposit(try money("8"), "1", at: first, pool) == .recorded)
    #expect(try await deposit(try money("8"), "1", at: first, pool) == .repeated)
    #expect(try await deposit(try money("9"), "1", at: first, pool) == .conflict(money("8")))
    let last = try moment("2026-03-02T12:00:00Z")
    #expect(try await deposit(try money("-1"), "2", at: last, pool) == .recorded)
    #expect(try await deposit(try money("3", "EUR"), "2", at: last, pool) == .recorded)
    return ada
  }

  @Test(arguments: [false, true])
  func `balances at a moment are the same with sums of days and without`(sums: Bool) async throws {
    try await withDatabase { pool in
      let ada = try await tell(pool)
      if sums {
        let through = try #require(try await SumDays.run(in: pool))
        #expect(through < Timestamp.now.day && through > Timestamp.now.day.adding(days: -4))
        #expect(try await SumDays.run(in: pool) == nil)
        #expect(try await pool.one("SELECT count(*) FROM book_days", as: Int.self) == 10)
      }
      #expect(try await balances(pool, moment("2026-01-09T23:59:59Z")) == [])
      #expect(
        try await balances(pool, moment("2026-01-10T00:00:00Z"))
          == ["bank USD -8.000000000", "channel_revenue USD 8.000000000"])
      let january = try await balances(pool, moment("2026-01-31T23:59:59.999999Z"))
      #expect(january.contains("member_payable USD 10.000000000"))
      let february = try await balances(pool, moment("2026-02-01T00:00:00Z"))
      #expect(february.contains("member_payable USD 10.500000000"))
      let now = try await balances(pool, .now)
      #expect(now.contains("bank USD -7.000000000") && now.contains("bank EUR -3.000000000"))
      for (text, sum) in [("2026-01-31T23:59:59Z", []), ("2026-02-01T00:00:00Z", ["10.50 USD"])] {
        let moment = try moment(text)
        let held = try await read(pool) {
          try await AccountBalance.of(
            AccountName(.memberPayable, owner: ada.uuid), at: moment, in: $0)
        }
        #expect(
          held.map { Amount(nanos: Int64($0.nanos), currency: $0.currency).description } == sum)
      }
      let bank = try await read(pool) {
        try await AccountBalance.of(AccountName(.bank), at: .now, in: $0)
      }
      #expect(bank.map(\.nanos) == [-3_000_000_000, -7_000_000_000])
    }
  }

  @Test func `a day is not summed while a transaction of its time may still come`() async throws {
    try await withDatabase { pool in
      _ = try await tell(pool)
      _ = try await SumDays.run(in: pool)
      try await pool.execute("DELETE FROM book_sums")
      try await pool.execute("UPDATE book_days SET moved = moved + 1 WHERE kind = 'bank'")
      #expect(try await SumDays.run(again: true, in: pool) != nil)
      #expect(try await balances(pool, .now).contains("bank USD -7.000000000"))
      try await pool.transaction { tx in
        try await tx.execute("SELECT pg_advisory_xact_lock(\(Int64(0x636f_696e_0012)))")
        #expect(try await SumDays.run(again: true, in: pool) == nil)
      }
    }
  }

  @Test func `names of accounts are read and written`() {
    let (member, product) = (MemberID.new(), ProductID.new())
    for text in ["bank", "clearing", "member_payable:\(member)", "product_pool:\(product)"] {
      #expect(AccountName(text)?.description == text)
    }
    for text in ["", "money", "bank:\(member)", "member_payable:\(product)", "product_pool:x"] {
      #expect(AccountName(text) == nil, "\(text)")
    }
  }

  @Test func `a statement is compared by the bank's days, and only the rest differs`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.shared(by: ada, with: [curator], curator: curator)
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.settle()
      // Put in on the first, recorded on the third; and 12.60 are paid out today.
      let third = try moment("2026-03-03T12:00:00Z")
      #expect(try await deposit(try money("50"), "in", at: third, pool) == .recorded)
      let payout = try await story.pay(ada, marks: [.paid])
      let today = Timestamp.now.day
      let (second, yesterday) = (try #require(Day("2026-03-02")), today.adding(days: -1))
      for (day, sum) in [(second, "50"), (yesterday, "37.40")] {
        #expect(try await says(sum, on: day, pool) == .recorded)
      }
      #expect(
        try await compared(pool)
          == ["0 0 50000000000", "50000000000 50000000000 -12600000000"])

      func book(_ movement: BankMovement, _ day: Day, returned: Bool = false) async throws
        -> DateBankMovementOutcome
      {
        try await pool.transaction {
          try await DateBankMovement.run(
            movement, returned: returned, on: day, by: nil, at: .now, in: $0)
        }
      }
      #expect(try await book(.deposit("in", usd), try #require(Day("2026-03-01"))) == .recorded(1))
      #expect(try await book(.payout(payout), yesterday) == .recorded(1))
      #expect(try await book(.payout(payout), yesterday) == .repeated)
      #expect(try await compared(pool) == ["0 50000000000 0", "50000000000 37400000000 0"])
      try await story.verify()

      #expect(try await book(.payout(payout), yesterday, returned: true) == .unknown)
      #expect(try await book(.deposit("in", try #require(Currency("EUR"))), second) == .unknown)
      #expect(try await book(.payout(payout), today.adding(days: 1)) == .notYet)
      // It was today after all: then yesterday's statement has 12.60 too little.
      #expect(try await book(.payout(payout), today) == .recorded(1))
      #expect(
        try await compared(pool)
          == ["0 50000000000 0", "50000000000 50000000000 -12600000000"])
      let findings = try await Verify.run(pool: pool).checks.compactMap(\.finding)
      #expect(findings.map(\.check) == ["assertions"])

      try await pool.transaction { tx in
        try await tx.execute("SET LOCAL session_replication_role = replica")
        try await tx.execute("UPDATE bank_days SET moved = moved + 1 WHERE reason = 'deposit'")
      }
      let forged = try await Verify.run(pool: pool).checks.compactMap(\.finding)
      #expect(forged.contains { $0.check == "bank_days" }, "\(forged)")
    }
  }

  private func says(_ sum: String, on day: Day, _ pool: Pool) async throws -> AssertBalanceOutcome {
    let said = BalanceAssertion(kind: .bank, day: day, amount: try money(sum), reference: "bank")
    return try await pool.transaction {
      try await AssertBalance.run(said, by: nil, at: .now, in: $0)
    }
  }

  /// What the books say, by the bank's days too, and the difference.
  private func compared(_ pool: Pool) async throws -> [String] {
    try await read(pool) { tx in
      try await ComparedAssertion.all(in: tx).map {
        "\($0.books) \($0.byBankDays) \($0.difference)"
      }
    }
  }

  @Test func `what is owed stands beside what is set aside, month by month`() async throws {
    try await withDatabase { pool in
      _ = try await tell(pool)
      let (since, until) = (try #require(Day("2026-01-01")), try #require(Day("2026-03-05")))
      let solvency = try await read(pool) {
        try await Solvency.of(since: since, until: until, step: .month, in: $0)
      }
      #expect(solvency.lines.map(\.currency.code) == ["EUR", "USD"])
      let line = try #require(solvency.lines.last)
      #expect(line.series.map(\.day.description) == ["2026-01-31", "2026-02-28", "2026-03-05"])
      #expect(line.series.map(\.owed) == [0, 0, 0])
      #expect(line.series.map(\.setAside) == [8_000_000_000, 8_000_000_000, 7_000_000_000])
      #expect(line.payable == 10_500_000_000 && line.clearing == -10_500_000_000)
      #expect(line.surplus == 7_000_000_000)
      let euro = try await read(pool) {
        try await Solvency.of(Currency("EUR"), since: until, until: until, step: .day, in: $0)
      }
      #expect(euro.lines.map(\.series.count) == [1] && euro.lines[0].setAside == 3_000_000_000)
    }
  }

  @Test func `what the bank says is compared, and the last word for a day counts`() async throws {
    try await withDatabase { pool in
      _ = try await tell(pool)
      func say(_ day: String, _ amount: String, _ reference: String) async throws
        -> AssertBalanceOutcome
      {
        let assertion = BalanceAssertion(
          kind: .bank, day: try #require(Day(day)), amount: try money(amount),
          reference: reference)
        return try await pool.transaction {
          try await AssertBalance.run(assertion, by: nil, at: .now, in: $0)
        }
      }
      let story = Story(pool)
      #expect(try await say("2026-02-01", "8.00", "feb") == .recorded)
      #expect(try await say("2026-02-01", "8.00", "feb") == .repeated)
      #expect(try await say("2026-02-01", "8.01", "feb") == .conflict(money("8")))
      #expect(try await say("2999-01-01", "8.01", "x") == .notOver)
      #expect(try await say("2026-03-02", "7.25", "march") == .recorded)
      let compared = try await read(pool) { try await ComparedAssertion.all(in: $0) }
      #expect(compared.map(\.agrees) == [true, false])
      #expect(compared.last?.difference == 250_000_000)
      let finding = try await Verify.run(pool: pool).checks.compactMap(\.finding).last
      #expect(finding?.detail.contains("statement march says that bank held 7.25") == true)
      #expect(try await say("2026-03-02", "7.00", "march, mended") == .recorded)
      let mended = try await read(pool) { try await ComparedAssertion.all(in: $0) }
      #expect(mended.map(\.isReplaced) == [false, true, false] && mended.allSatisfy(\.agrees))
      _ = story
    }
  }

  @Test func `sums and deposits that are tampered with are found`() async throws {
    try await withDatabase { pool in
      _ = try await tell(pool)
      _ = try await SumDays.run(in: pool)
      func findings() async throws -> [String] {
        try await Verify.run(pool: pool).checks.compactMap(\.finding?.check)
      }
      let before = try await findings()
      #expect(!before.contains("days") && !before.contains("deposits"))
      try await pool.execute("UPDATE book_days SET moved = moved + 1 WHERE kind = 'bank'")
      #expect(try await findings().contains("days"))
      _ = try await SumDays.run(again: true, in: pool)
      #expect(try await !findings().contains("days"))
      try await pool.transaction { tx in
        try await tx.execute("SET LOCAL session_replication_role = replica")
        try await tx.execute("UPDATE book_deposits SET amount = 7 WHERE reference = '1'")
      }
      #expect(try await findings().contains("deposits"))
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("DELETE FROM balance_assertions")
      }
    }
  }

  @Test(arguments: Journal.Format.allCases)
  func `a journal has every transfer once, in the order of time`(format: Journal.Format)
    async throws
  {
    try await withDatabase { pool in
      _ = try await tell(pool)
      var bytes: [UInt8] = []
      let count = try await Journal.run(as: format, since: nil, until: nil, from: pool) {
        bytes += $0
      }
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(count == 5)
      switch format {
      case .hledger:
        #expect(text.contains("2026-01-10 * deposit  ; at: 2026-01-10T00:00:00Z, cause: "))
        #expect(text.contains("Assets:Bank  8.000000000 USD\n    Assets:Channels:Operator  -8.0"))
        #expect(text.contains("commodity 1000.000000000 EUR\n"))
      case .beancount:
        #expect(text.contains("2026-01-10 open Assets:Bank\n"))
        #expect(text.contains(":Payable  -10.000000000 USD") && !text.contains("mem_"))
      case .csv: #expect(text.split(separator: "\r\n").count == 6)
      case .jsonl:
        let lines = try text.split(separator: "\n").map { try JSON.parse(String($0)) }
        let times = lines.compactMap { $0["posted_at"]?.string }
        #expect(times.count == 5 && times == times.sorted())
      }
      let (since, until) = (Day("2026-02-01"), Day("2026-02-28"))
      let some = try await Journal.run(as: format, since: since, until: until, from: pool) { _ in }
      #expect(some == 1)
    }
  }
}
