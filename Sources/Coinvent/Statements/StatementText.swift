import JSON
import Ledger
import Postgres

extension Statement {
  /// Lines for a terminal.
  public var text: [String] {
    var lines = ["Statement \(periodName), through \(through), version \(version)"]
    for account in accounts {
      func money(_ nanos: Int64) -> String {
        Amount(nanos: nanos, currency: account.currency).decimal
      }
      lines.append("\(account.currency)  owed before  \(money(account.opening))")
      for product in account.products {
        lines.append("  \(product.name)  \(money(product.credited))")
        for line in product.lines {
          let words = [line.channel, line.territory, line.format].filter { !$0.isEmpty }
          let of = line.kind == .sales ? words.joined(separator: ", ") : line.kind.rawValue
          lines.append("    \(money(line.amount))  \(of)\(line.isNew ? ", new" : "")")
          lines.append("      \(line.sentence)")
        }
      }
      for movement in account.movements {
        lines.append(
          "  \(movement.kind.rawValue)  \(money(movement.amount))  \(movement.at)  "
            + movement.causeID)
      }
      lines.append("     owed now  \(money(account.closing))")
      if let before = account.closingBefore {
        lines.append("     more than in version \(version - 1)  \(money(account.closing - before))")
      }
      if account.inFlight != 0 {
        lines.append("     of it on its way  \(money(account.inFlight))")
      }
    }
    return lines
  }
}

extension FindStatement {
  /// As the API and `coinvent statement --json` list them.
  public static func json(_ entries: [Entry]) -> JSON {
    [
      "statements": .array(
        entries.map {
          [
            "statement": .string($0.name), "period_id": .string($0.period.description),
            "through": .string($0.through.description), "version": .int(Int64($0.version)),
            "made_at": .string($0.madeAt.description),
            "sha256": $0.sha256.map { .string(Digest.hex($0)) } ?? .null,
          ]
        })
    ]
  }
}
