import JSON
import Ledger

extension Payout {
  /// As the API and the commands print it.
  public func write(_ writer: inout JSONWriter) {
    writer.field("id", id.description)
    writer.field("member_id", member.description)
    writer.object("amount") {
      $0.field("amount", amount.decimal)
      $0.field("currency", amount.currency.code)
    }
    writer.field("state", state.rawValue)
    writer.field("rail", rail.rawValue)
    writer.field("origin", origin.rawValue)
    writer.field("attempts", attempts)
    writer.field("batch_id", batch?.description)
    writer.field("problem", problem)
    writer.field("created_at", createdAt.description)
    writer.field("changed_at", changedAt.description)
  }

  public func json(events: [PayoutEvent]? = nil) -> [UInt8] {
    JSONWriter.object { writer in
      write(&writer)
      guard let events else { return }
      writer.array("events", events) { writer, event in
        writer.object {
          $0.field("state", event.state.rawValue)
          $0.field("actor", event.actor)
          $0.field("note", event.note)
          $0.field("at", event.at.description)
        }
      }
    }
  }
}
