import JSON
import Ledger
import Postgres

extension Statement {
  /// The canonical form: no blanks, the members in this order. Its SHA-256 is the statement's.
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.field("format_version", format)
      json.field("statement", periodName)
      json.field("period_id", period.description)
      json.field("through", through.description)
      json.field("member_id", member.description)
      json.field("version", version)
      json.field("made_at", madeAt.description)
      json.array("currencies", accounts) { $1.write(format, to: &$0) }
    }
  }
}

extension Statement.Account {
  fileprivate func write(_ format: Int, to json: inout JSONWriter) {
    json.object { json in
      json.field("currency", currency.code)
      json.field("opening", decimal(opening))
      json.field("credited", decimal(credited))
      json.field("paid", decimal(total(.paid)))
      json.field("bounced", decimal(total(.bounced)))
      json.field("fees", decimal(total(.fee) + total(.feeRefund)))
      json.field("tax_withheld", decimal(total(.tax)))
      json.field("given", decimal(total(.given)))
      json.field("adjustments", decimal(total(.adjustment)))
      json.field("closing", decimal(closing))
      json.field("on_its_way", decimal(inFlight))
      json.key("changes")
      if let closingBefore {
        json.object {
          $0.field("closing_before", decimal(closingBefore))
          $0.field("difference", decimal(closing - closingBefore))
        }
      } else {
        json.null()
      }
      json.array("products", products) { $1.write(currency, format, to: &$0) }
      json.array("movements", movements) { json, movement in
        json.object {
          $0.field("kind", movement.kind.rawValue)
          $0.field("amount", decimal(movement.amount))
          $0.field("at", movement.at.description)
          $0.field("cause", format < 3 ? movement.cause.description : movement.causeID)
          $0.field("new", movement.isNew)
        }
      }
    }
  }
}

extension Statement.Product {
  fileprivate func write(_ currency: Currency, _ format: Int, to json: inout JSONWriter) {
    json.object { json in
      json.field("product_id", id.description)
      json.field("name", name)
      json.field("credited", Amount(nanos: credited, currency: currency).decimal)
      json.array("lines", lines) { $1.write(currency, format, to: &$0) }
    }
  }
}

extension StatementLine {
  fileprivate func write(_ currency: Currency, _ form: Int, to json: inout JSONWriter) {
    func text(_ text: String) -> String? { text.isEmpty ? nil : text }
    json.object { json in
      json.field("kind", kind.rawValue)
      json.field("settlement_id", settlement?.description)
      json.field("new", isNew)
      json.field("channel", text(channel))
      json.field("territory", text(territory))
      json.field("format", text(format))
      if form > 2 { json.field("sold_before", soldBefore?.description) }
      json.field("units", units)
      json.field("base", base.map { Self.plain($0, 15, currency) })
      json.field("rate_ppm", ratePPM)
      json.field("pool", pool.map { Self.plain($0, 21, currency) })
      json.field("share_ppb", sharePPB)
      json.field("amount", Amount(nanos: amount, currency: currency).decimal)
      json.field("sentence", sentence)
    }
  }

  /// For machines: an ASCII minus.
  static func plain(_ value: Int128, _ scale: Int, _ currency: Currency) -> String {
    DecimalText.of(
      value.magnitude, scale: scale, least: currency.minorUnits, sign: value < 0 ? "-" : "")
  }
}
