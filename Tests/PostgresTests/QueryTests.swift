import Postgres
import Testing

struct QueryTests {
  @Test func `a value becomes a parameter and never text`() {
    let name = "x'; DROP TABLE members; --"
    let query: Query = "SELECT \(name), \(7) WHERE true"
    #expect(query.sql == "SELECT $1, $2 WHERE true")
    #expect(query.binds.count == 2)
    #expect("\(query)".contains("DROP") == false)
  }

  @Test func `a spliced query is renumbered, also where its text holds dollar signs`() {
    let part: Query = "a = \(1) AND price = '$1' AND b = \("two")"
    let whole: Query = "SELECT \(true) WHERE \(part) AND \(part) LIMIT \(3)"
    #expect(
      whole.sql == "SELECT $1 WHERE a = $2 AND price = '$1' AND b = $3 AND a = $4"
        + " AND price = '$1' AND b = $5 LIMIT $6")
    let sum = part + " OR " + part
    #expect(sum.sql == "a = $1 AND price = '$1' AND b = $2 OR a = $3 AND price = '$1' AND b = $4")
  }
}

struct ValueTests {
  @Test func `a UUID is read and written, and version 7 sorts by time`() {
    let text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    #expect(UUID(text)?.description == text)
    #expect(UUID("017f22e279b07cc398c4dc0c0c07398f") == nil)
    #expect(UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398g") == nil)
    let early = UUID.v7(now: Timestamp(microseconds: 1_645_557_742_000_100))
    let late = UUID.v7(now: Timestamp(microseconds: 1_645_557_742_000_101))
    #expect(early < late)
    #expect(early.description.hasPrefix("017f22e2-79b0-7"))
  }

  @Test func `a timestamp reads and writes RFC 3339`() {
    let time = Timestamp(rfc3339: "2026-11-23T22:14:03.123456Z")
    #expect(time?.description == "2026-11-23T22:14:03.123456Z")
    #expect(
      Timestamp(rfc3339: "2026-11-24T00:14:03+02:00")?.description == "2026-11-23T22:14:03Z")
    #expect(Timestamp(microseconds: -1).description == "1969-12-31T23:59:59.999999Z")
    for wrong in ["2026-11-23", "2026-02-29T00:00:00Z", "2026-11-23T22:14:03", "x"] {
      #expect(Timestamp(rfc3339: wrong) == nil)
    }
  }

  @Test func `a day knows the calendar`() {
    #expect(Day("2024-02-29")?.adding(days: 1).description == "2024-03-01")
    #expect(Day("2023-02-29") == nil)
    #expect(Day("2000-01-01")?.start.microseconds == 946_684_800_000_000)
    for number in stride(from: -800_000, to: 800_000, by: 97) {
      let day = Day(number: number)
      guard day.parts.year >= 1 else { continue }
      #expect(Day(day.description) == day)
    }
  }
}
