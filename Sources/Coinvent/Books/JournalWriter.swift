import JSON
import Ledger
import Postgres

/// Makes the bytes of a journal, transaction by transaction.
struct JournalWriter {
  let format: Journal.Format
  private var text = ""

  init(_ format: Journal.Format) { self.format = format }

  /// What was written since the last time.
  mutating func take() -> [UInt8] {
    defer { text.removeAll(keepingCapacity: true) }
    return Array(text.utf8)
  }

  static let columns = [
    "posted_at", "reason", "cause", "home", "from_account", "to_account", "currency", "amount",
  ]

  mutating func header() {
    if format == .csv { text += JournalWriter.columns.joined(separator: ",") + "\r\n" }
  }

  mutating func begin(currencies: [String]) {
    text += "; The books of a Coinvent community, transfer by transfer.\n"
    if format == .hledger {
      for code in currencies { text += "commodity 1000.000000000 \(code)\n" }
    } else {
      text += "option \"title\" \"Coinvent\"\n"
      for code in currencies { text += "option \"operating_currency\" \"\(code)\"\n" }
    }
    text += "\n"
  }

  mutating func open(_ kind: AccountKind, _ owner: UUID, on day: Day) {
    let name = name(kind, owner)
    text += format == .hledger ? "account \(name)\n" : "\(day) open \(name)\n"
  }

  mutating func write(_ entry: JournalEntry) {
    let amount = NineDigits.text(entry.amount.nanos)
    let (from, to) = (name(entry.fromKind, entry.fromOwner), name(entry.toKind, entry.toOwner))
    let (code, day) = (entry.amount.currency.code, entry.postedAt.day)
    switch format {
    case .hledger:
      text += """

        \(day) * \(entry.reason.rawValue)  ; at: \(entry.postedAt), cause: \(cause(entry))
            \(from)  \(amount) \(code)
            \(to)  -\(amount) \(code)

        """
    case .beancount:
      text += """

        \(day) * "\(entry.reason.rawValue)"
          at: "\(entry.postedAt)"
          cause: "\(cause(entry))"
          \(from)  \(amount) \(code)
          \(to)  -\(amount) \(code)

        """
    case .csv:
      text +=
        "\(entry.postedAt),\(entry.reason.rawValue),\(cause(entry)),\(entry.home),\(from),\(to),"
        + "\(code),\(amount)\r\n"
    case .jsonl:
      let fields: JSON = [
        "posted_at": .string(entry.postedAt.description), "reason": .string(entry.reason.rawValue),
        "cause": .string(cause(entry)), "home": .string(entry.home.description),
        "from_account": .string(from), "to_account": .string(to), "currency": .string(code),
        "amount": .string(amount),
      ]
      text += fields.text() + "\n"
    }
  }

  /// As payouts and settlements are called elsewhere; of others the plain number.
  private func cause(_ entry: JournalEntry) -> String {
    switch entry.reason {
    case .reserve, .pay, .release, .bounce: PayoutID(uuid: entry.cause).description
    case .deliver: SettlementID(uuid: entry.cause).description
    default: entry.cause.description
    }
  }

  /// `Liabilities:Members:mem_…:Payable`. Beancount takes no underscore and wants a capital or a
  /// digit in front: there it is `Liabilities:Members:Mem-…:Payable`.
  private func name(_ kind: AccountKind, _ owner: UUID) -> String {
    func id(_ text: String) -> String {
      if owner == Account.operator { return "Operator" }
      if format != .beancount { return text }
      return text.prefix(1).uppercased() + text.dropFirst().replacing("_", with: "-")
    }
    let (member, product) = (MemberID(uuid: owner).description, ProductID(uuid: owner).description)
    switch kind {
    case .channelRevenue: return "Assets:Channels:" + id(product)
    case .productPool: return "Liabilities:Pools:" + id(product)
    case .clearing: return "Liabilities:Members:" + id(member) + ":Clearing"
    case .memberPayable: return "Liabilities:Members:" + id(member) + ":Payable"
    case .payoutInFlight: return "Liabilities:Members:" + id(member) + ":InFlight"
    case .bank: return "Assets:Bank"
    case .providerClearing: return "Assets:Provider"
    case .feesHeld: return "Liabilities:Members:" + id(member) + ":Fees"
    case .feesEarned: return "Income:Fees"
    case .taxWithheld: return "Liabilities:Tax"
    case .suspense: return "Liabilities:Suspense"
    case .house: return "Income:House"
    }
  }
}
