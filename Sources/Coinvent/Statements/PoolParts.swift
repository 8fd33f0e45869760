import Ledger
import Postgres

/// Sales and returns of a settlement with the same terms: how a pool changed by them.
struct PoolLine: Sendable {
  let channel: String
  let territory: String
  let format: String
  let ratePPM: Int64
  var units: Int64
  /// Millionths of a nano.
  var base: Int128
  /// 10⁻¹² nano.
  var earned: Int128
  /// Nil: it is not known of which sales it is.
  var sales: LineSales?
  /// The first day of the period, when it is of sales before; nil: it is not, or it is not known.
  var soldBefore: Day?
  /// The sentence up to the pool; see `PoolParts.tell`.
  var words = ""
}

/// How one settlement changed one pool, as every holder's statement says it.
struct PoolParts: Sendable {
  struct Key: Hashable, Sendable {
    let product: UUID
    let settlement: UUID
    let contract: Int32
    let share: Int32
    let currency: String

    var place: SettledPlace {
      SettledPlace(product: product, settlement: settlement, currency: currency)
    }
  }

  struct Terms: Sendable {
    /// Held, less released.
    let reserved: Int64
    /// Nil: it was settled before this was kept, or is told in the first form.
    let released: Int64?
    /// What the contract holds back.
    let reservePPM: Int64
    let recouped: Int64
    /// Nil: they are not told by name.
    let items: RecoupedItems?
    let advanced: Int64
    let guaranteed: Int64
    /// What the reserve has after the settlement; nil: it is told in an earlier form.
    var held: Int64?

    var net: Int64 { advanced + guaranteed - reserved - recouped }
  }

  /// By how much the pool and the referrers' parts of it changed, in nanos.
  var change: Int64
  var referred: Int64
  var lines: [PoolLine] = []
  var terms: Terms?
  /// Nil: the contract has none, or they are told in an earlier form.
  var told: ToldTerms?

  /// What neither lines nor terms explain, beyond truncation: it is from before lines were kept.
  var unexplained: Int64 {
    let earned = lines.reduce(Int128(0)) { $0 + $1.earned } / 1_000_000_000_000
    let rest = Int128(change) - Int128(terms?.net ?? 0) - earned
    return rest.magnitude > 8 ? Int64(rest) : 0
  }

  /// Makes what everybody's lines say, once.
  mutating func tell(_ currency: Currency) {
    let words = StatementSentence(currency: currency)
    for index in lines.indices { lines[index].words = words.sales(lines[index], told) }
  }

  /// A member's lines of it, and the credit that they are of.
  func lines(
    of settlement: SettlementID, isNew: Bool, ppb: Int64, currency: Currency
  ) -> [StatementLine] {
    let words = StatementSentence(currency: currency)
    var made = lines.map { line in
      var made = StatementLine(
        kind: .sales, settlement: settlement, isNew: isNew,
        amount: Decimals.share(of: line.earned, ppb: ppb).nanos,
        sentence: "\(line.words) \(words.share(ppb, of: line.earned))")
      made.channel = line.channel
      made.territory = line.territory
      made.format = line.format
      made.ratePPM = line.ratePPM
      made.units = line.units
      made.base = line.base
      made.pool = line.earned
      made.sharePPB = ppb
      made.soldBefore = line.soldBefore
      return made
    }
    let further = TermsWords(words: words, currency: currency, told: told)
    func add(_ kind: StatementLine.Kind, _ part: Int64, _ what: String) {
      if part == 0 { return }
      let pool = Int128(part) * 1_000_000_000_000
      var line = StatementLine(
        kind: kind, settlement: settlement, isNew: isNew,
        amount: Decimals.share(of: pool, ppb: ppb).nanos,
        sentence: "\(words.terms(part, what)) \(words.share(ppb, of: pool))")
      line.pool = pool
      line.sharePPB = ppb
      made.append(line)
    }
    add(.earlier, unexplained, "change of the pool, settled before lines were kept")
    if let terms {
      if let released = terms.released {
        let rate = Recipe.percent(terms.reservePPM * 1000)
        let held = terms.reserved + released
        add(
          .reserve, -held,
          further.heldBack(held, rate) + (released == 0 ? words.inAll(terms.held) : ""))
        add(
          .reserve, released,
          "released from the reserve against returns" + words.inAll(terms.held))
      } else {
        add(
          .reserve, -terms.reserved,
          terms.reserved > 0
            ? "of the pool, held back against returns"
            : "released from the reserve against returns")
      }
      add(.recoupment, -terms.recouped, words.recoupment(terms.recouped, terms.items))
      add(.advance, terms.advanced, further.paidAhead)
      add(.guarantee, terms.guaranteed, further.addedUp)
    }
    add(.referrers, -referred, "of the pool, for members who referred buyers")
    return made
  }
}
