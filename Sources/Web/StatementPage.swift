import Coinvent

/// A member's statement, for people: each product on a printed page of its own.
public struct StatementPage: Sendable {
  let statement: Statement
  /// Nil for a draft.
  let sha256: [UInt8]?
  let handle: String

  /// Whether the style is in the page itself, as in a file.
  let isFile: Bool

  public init(statement: Statement, isDraft: Bool, handle: String, isFile: Bool = false) {
    self.statement = statement
    self.isFile = isFile
    sha256 = isDraft ? nil : statement.sha256
    self.handle = handle
  }

  public var bytes: [UInt8] {
    let title = "Statement \(statement.periodName)"
    return isFile
      ? HTML.page(
        title, body(title), style: HTML(stringLiteral: "<style>\(Style.text)</style>"),
        isFile: true)
      : HTML.page(title, body(title))
  }

  private func body(_ title: String) -> HTML {
    let accounts = statement.accounts.map(account)
    return """
      <h1>\(title)</h1>
      <p>Of \(handle), sales up to <time>\(statement.through.description)</time>, \
      \(version). \(made)</p>
      \(accounts)
      \(check)
      """
  }

  private var version: String {
    statement.version == 1
      ? "version 1"
      : "version \(statement.version): lines marked “new” came after version "
        + "\(statement.version - 1), which stays as it was"
  }

  private var made: HTML {
    sha256 == nil
      ? "<strong>A draft: it may still change.</strong>"
      : "Made <time>\(statement.madeAt.description)</time>."
  }

  private func account(_ account: Statement.Account) -> HTML {
    let currency = account.currency.code
    let summary = account.summary.map { words, nanos -> HTML in
      """
      <tr><th scope="row">\(words)</th><td class="number">\(account.decimal(nanos))</td></tr>

      """
    }
    let movements = account.movements.map { movement -> HTML in
      """
      <tr><th scope="row">\(movement.kind.rawValue.words)\(movement.isNew ? ", new" : "")</th>\
      <td><time>\(movement.at.description)</time></td>\
      <td>\(movement.causeID)</td>\
      <td class="number">\(account.decimal(movement.amount))</td></tr>

      """
    }
    let moved: HTML =
      movements.isEmpty
      ? ""
      : """
      <table><caption>What else happened in \(currency)</caption>
      <thead><tr><th scope="col">What</th><th scope="col">When</th>\
      <th scope="col">Number</th>\
      <th scope="col" class="number">Amount</th></tr></thead>
      <tbody>
      \(movements)</tbody></table>
      """
    return """
      <section class="account" aria-labelledby="account-\(currency)">
      <h2 id="account-\(currency)">\(currency)</h2>
      <table><caption>From what was owed before to what is owed now, in \(currency)</caption>
      <tbody>
      \(summary)</tbody></table>
      \(difference(account))
      \(moved)
      </section>
      \(account.products.map { product(account, $0) })
      """
  }

  private func difference(_ account: Statement.Account) -> HTML {
    guard let before = account.closingBefore else { return "" }
    return """
      <p>Version \(Int64(statement.version - 1)) closed at \(account.decimal(before)); this one is \
      \(account.decimal(account.closing - before)) more.</p>
      """
  }

  private func product(_ account: Statement.Account, _ product: Statement.Product) -> HTML {
    let id = "\(product.id)-\(account.currency.code)"
    let lines = product.lines.map { line -> HTML in
      """
      <tr><th scope="row">\(line.words)\(line.isNew ? ", new" : "")</th>\
      <td>\(line.sentence)</td><td class="number">\(account.decimal(line.amount))</td></tr>

      """
    }
    return """
      <section class="product" aria-labelledby="\(id)">
      <h2 id="\(id)">\(product.name)</h2>
      <table><caption>\(product.name) credited \(account.decimal(product.credited)) \
      \(account.currency.code)</caption>
      <thead><tr><th scope="col">Line</th><th scope="col">How it comes about</th>\
      <th scope="col" class="number">\(account.currency.code)</th></tr></thead>
      <tbody>
      \(lines)</tbody>
      <tfoot><tr><th scope="row">Together</th><td></td>\
      <td class="number">\(account.decimal(product.credited))</td></tr></tfoot></table>
      </section>

      """
  }

  private var check: HTML {
    guard let sha256 else { return "" }
    return """
      <section aria-labelledby="check"><h2 id="check">How to check it</h2>
      <p>The JSON form of this statement has the SHA-256</p>
      <p><code>\(Digest.hex(sha256))</code></p>
      <p>Its units, bases, rates and shares multiply to its amounts, and its amounts add up from \
      the opening to the closing balance.</p></section>
      """
  }
}

extension Statement.Account {
  /// Each step from the opening to the closing balance; those that are nothing are left out.
  fileprivate var summary: [(words: String, nanos: Int64)] {
    let steps = [
      ("Credited", credited), ("Paid out", total(.paid)),
      ("Came back from the bank", total(.bounced)),
      ("Fees", total(.fee) + total(.feeRefund)), ("Tax withheld", total(.tax)),
      ("Given to the house", total(.given)), ("Adjustments", total(.adjustment)),
    ].filter { $0.1 != 0 }
    let way = inFlight == 0 ? [] : [("Of it on its way to you", inFlight)]
    return [("Owed before", opening)] + steps + [("Owed now", closing)] + way
  }
}

extension StatementLine {
  /// What the line is of: the channel and place of sales, or what else it is.
  fileprivate var words: String {
    if kind != .sales { return kind.rawValue.words }
    return [channel.words, territory, format.words].filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
