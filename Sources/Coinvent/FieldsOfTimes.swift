import JSON
import Postgres

extension Fields {
  /// A moment as RFC 3339 writes it; nil when absent or null.
  public mutating func optionalTime(_ name: String) -> Timestamp? {
    guard let value = json(name) else { return nil }
    if let text = value.string, let time = Timestamp(rfc3339: text) { return time }
    note(name, "must be a time such as 2026-11-25T18:00:00Z")
    return nil
  }
}
