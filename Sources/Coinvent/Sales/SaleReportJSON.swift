import JSON

extension SaleReport {
  /// As the API and the commands show it.
  public var json: JSON {
    [
      "id": .string(id.description), "source": .string(source), "name": .string(name),
      "sha256": .string(sha256), "mapping": mapping.map { .string($0) } ?? .null,
      "mapping_version": mappingVersion.map { .int(Int64($0)) } ?? .null, "lines": .int(lines),
      "units": .int(units), "gross": gross, "passed_over": passedOver,
      "received_at": .string(receivedAt.description), "recorded": .int(recorded),
      "suspended": suspended, "last_import": last?.json ?? .null,
      "over_returned": overReturned.map { .int($0.count) } ?? .null,
      "warning": overReturned?.warning.map { .string($0) } ?? .null,
      "withdrawn_at": withdrawal.map { .string($0.at.description) } ?? .null,
      "withdrawal": withdrawal.map { .string($0.reason) } ?? .null,
    ]
  }
}

extension SaleReport.Run {
  var json: JSON {
    [
      "recorded": .int(recorded), "repeated": .int(repeated), "conflicts": .int(conflicts),
      "suspended": .int(suspended), "at": .string(at.description),
    ]
  }
}

extension SuspendedLine {
  /// As the API and the commands show it.
  public var json: JSON {
    [
      "source": .string(source), "external_id": .string(externalID), "reason": .string(reason),
      "advice": (SuspenseReason(rawValue: reason)?.advice).map { .string($0) } ?? .null,
      "line": line, "report_id": report.map { .string($0.description) } ?? .null,
      "repairs": .int(Int64(repairs)), "received_at": .string(receivedAt.description),
      "rejection": rejection.map { .string($0) } ?? .null,
    ]
  }
}
