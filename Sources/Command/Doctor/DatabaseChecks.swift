import Coinvent
import Postgres

/// Checks of the server behind the settings.
enum DatabaseChecks {
  static func all(_ facts: DatabaseFacts, before: Timestamp, after: Timestamp) -> [Finding] {
    [server(facts), state(facts), connections(facts), clock(facts, before, after)]
  }

  static func server(_ facts: DatabaseFacts) -> Finding {
    let says = "PostgreSQL \(facts.versionText), database \(facts.database), user \(facts.user)."
    if facts.version < 150_000 {
      return .failed("server", says, mend: "Coinvent needs PostgreSQL 15 or newer.")
    }
    if facts.encoding != "UTF8" {
      return .failed(
        "server", "\(says) Its encoding is \(facts.encoding).",
        mend: "Make the database anew with: createdb --encoding=UTF8 --template=template0")
    }
    return .ok("server", says)
  }

  static func state(_ facts: DatabaseFacts) -> Finding {
    if facts.isReadOnly {
      return .failed(
        "writes", "The database is read-only.",
        mend: "Name the primary: several hosts and target_session_attrs=read-write find it.")
    }
    if !facts.isDurable {
      return .warning(
        "writes", "fsync or synchronous_commit is off: a power cut may lose payments.",
        mend: "Switch both on in postgresql.conf.")
    }
    if !facts.hasChecksums {
      return .warning(
        "writes", "The cluster has no data checksums: a bad disk would go unnoticed.",
        mend: "Stop it and run: pg_checksums --enable")
    }
    return .ok("writes", "Read-write, durable, with data checksums.")
  }

  static func connections(_ facts: DatabaseFacts) -> Finding {
    let says = "\(facts.connections) of \(facts.connectionLimit) connections are in use."
    if facts.connections * 10 < facts.connectionLimit * 9 { return .ok("connections", says) }
    return .warning(
      "connections", says, mend: "Raise max_connections, or lower pool_size of who uses them.")
  }

  /// The answer's time must lie between question and answer; a second more is let pass.
  static func clock(_ facts: DatabaseFacts, _ before: Timestamp, _ after: Timestamp) -> Finding {
    let behind = before.microseconds - facts.clock.microseconds
    let ahead = facts.clock.microseconds - after.microseconds
    let skew = max(behind, ahead, 0)
    if skew <= 1_000_000 { return .ok("clock", "This machine and the database agree.") }
    let way = ahead > behind ? "ahead of" : "behind"
    let says = "The database's clock is \(skew / 1000) ms \(way) this machine's."
    let mend = "Run a time service (systemd-timesyncd, chrony) on both machines."
    return skew > 30_000_000
      ? .failed("clock", says, mend: mend) : .warning("clock", says, mend: mend)
  }
}
