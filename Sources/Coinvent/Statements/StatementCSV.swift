import Ledger
import Postgres

extension Statement {
  /// RFC 4180 with a header: for each currency the opening balance, every line and movement, and
  /// the closing balance. The column `amount` adds up from opening to closing.
  public var csv: [UInt8] {
    var text = StatementRow.header
    for account in accounts {
      func row(_ kind: String, _ amount: Int64, _ fill: (inout StatementRow) -> Void = { _ in }) {
        var row = StatementRow(
          statement: periodName, version: version, kind: kind,
          amount: Amount(nanos: amount, currency: account.currency))
        fill(&row)
        text += row.text
      }
      row("opening", account.opening)
      for product in account.products {
        for line in product.lines {
          row(line.kind.rawValue, line.amount) { $0.fill(product, line) }
        }
      }
      for movement in account.movements {
        row(movement.kind.rawValue, movement.amount) {
          $0.at = movement.at.description
          $0.cause = movement.causeID
        }
      }
      row("closing", account.closing)
    }
    return Array(text.utf8)
  }
}

private struct StatementRow {
  static let header =
    "statement,version,currency,kind,product_id,product,channel,territory,format,units,base,"
    + "rate_ppm,pool,share_ppb,amount,at,sentence,sold_before,cause\r\n"

  let statement: String
  let version: Int
  let kind: String
  let amount: Amount
  var product: [String] = ["", ""]
  var place: [String] = ["", "", ""]
  var figures: [String] = ["", "", "", "", ""]
  var at = ""
  var sentence = ""
  var soldBefore = ""
  var cause = ""

  init(statement: String, version: Int, kind: String, amount: Amount) {
    self.statement = statement
    self.version = version
    self.kind = kind
    self.amount = amount
  }

  mutating func fill(_ product: Statement.Product, _ line: StatementLine) {
    self.product = [product.id.description, product.name]
    place = [line.channel, line.territory, line.format]
    figures = [
      line.units.map { "\($0)" } ?? "",
      line.base.map { StatementLine.plain($0, 15, amount.currency) } ?? "",
      line.ratePPM.map { "\($0)" } ?? "",
      line.pool.map { StatementLine.plain($0, 21, amount.currency) } ?? "",
      line.sharePPB.map { "\($0)" } ?? "",
    ]
    sentence = line.sentence
    soldBefore = line.soldBefore?.description ?? ""
  }

  var text: String {
    let words = [statement, "\(version)", amount.currency.code, kind] + product + place
    // Figures are ours and no formulas, minus or not.
    let rest = [amount.decimal, at, Self.word(sentence), soldBefore, cause]
    return (words.map(Self.word) + figures + rest)
      .joined(separator: ",") + "\r\n"
  }

  private static func word(_ text: String) -> String {
    let safe = CSVGuard.isNeeded(text.utf8) ? "'" + text : text
    let special: Set<UInt8> = [0x22, 0x2C, 0x0A, 0x0D]
    guard safe.utf8.contains(where: special.contains) else { return safe }
    var bytes: [UInt8] = [0x22]
    for byte in safe.utf8 { bytes += byte == 0x22 ? [0x22, 0x22] : [byte] }
    return String(decoding: bytes + [0x22], as: UTF8.self)
  }
}
