import EventLoop
import Postgres

/// Imports a CSV file of sale lines, in memory that does not grow with the file.
///
/// The whole file is read and checked before the first line is written; then lines go in by the
/// thousand. A run that was cut off is simply run again: lines that are in are `repeated`.
public struct ImportSales: Sendable {
  private static let batch = 8_000
  /// Transactions at once.
  private static let lanes = 2
  private static let mistakesShown = 20

  /// How many lines came to which end.
  public struct Report: Sendable, Equatable {
    /// Nil when nothing was written.
    public var id: SaleReportID?
    public var recorded = 0
    public var repeated = 0
    public var conflicts: [String] = []
    public var conflictCount = 0
    public var suspended: [String: Int] = [:]
    public var overReturned = OverReturned()
    public var lines: Int { recorded + repeated + conflictCount + suspended.values.reduce(0, +) }
  }

  public enum Progress: Sendable {
    case checked(Int)
    case written(Int, of: Int)
  }

  private let path: String
  private let source: String
  private let mapping: StoredMapping?
  private let blocking: BlockingPool
  private let progress: @Sendable (Progress) -> Void

  /// - Parameter mapping: how its rows become lines; nil for a file with our own columns.
  public init(
    path: String, source: String, mapping: StoredMapping? = nil, blocking: BlockingPool,
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.path = path
    self.source = source
    self.mapping = mapping
    self.blocking = blocking
    self.progress = progress
  }

  private func open() throws -> any SaleRows {
    guard let mapping else { return try SalesFile(path: path) }
    return try MappedFile(path: path, mapping: mapping.mapping())
  }

  /// Reads the whole file, adds its lines up and compares that with what they should add up to.
  /// - Throws: `Invalid` with the first mistakes and their rows, or `CSVError`.
  public func check(expecting expected: [SaleExpectation] = []) async throws -> OpenReport.Facts {
    let (path, progress) = (path, progress)
    let (totals, file) = try await blocking.run {
      guard try FileHash.isRegular(path) else {
        throw CSVError(path: path, problem: "is no file; save it first, since it is read twice")
      }
      let file = try open()
      var totals = SaleTotals()
      var wrong = Invalid()
      while true {
        do {
          guard let line = try file.next() else { break }
          totals.add(line)
          if totals.lines % 100_000 == 0 { progress(.checked(Int(totals.lines))) }
        } catch let mistake as Invalid {
          wrong.add(mistake)
          if wrong.fields.count >= ImportSales.mistakesShown { break }
        }
      }
      if !wrong.isEmpty { throw wrong }
      try SaleExpectation.check(expected + file.stated, totals)
      return (totals, file)
    }
    let hash = try await blocking.run { try FileHash.sha256(of: path) }
    return OpenReport.Facts(
      source: source, name: path.split(separator: "/").last.map(String.init) ?? path, sha256: hash,
      mapping: mapping, totals: totals, passedOver: file.passedOver)
  }

  /// Writes the lines of a file that `check` has found good.
  /// - Parameter dryRun: rolls every batch back and only reports what would become of it.
  public func run(_ facts: OpenReport.Facts, dryRun: Bool, pool: Pool) async throws -> Report {
    let lines = Int(facts.totals.lines)
    let file = try await blocking.run { try open() }
    let opened =
      dryRun
      ? nil : try await pool.transaction { tx in try await OpenReport(facts, at: .now, in: tx) }
    var report = Report(id: opened?.id)
    var part = 0
    var batch = try await read(file)
    while !batch.isEmpty {
      // The next lines are read while these are written.
      async let next = read(file)
      let outcomes = try await record(batch, of: opened, part: part, pool: pool)
      part += ImportSales.lanes
      for (line, outcome) in zip(batch, outcomes) { report.count(outcome, of: line) }
      progress(.written(report.lines, of: lines))
      batch = try await next
    }
    if let id = report.id {
      report.overReturned = try await OverReturned.find(in: id, of: source, in: pool)
    }
    return report
  }

  private func read(_ file: any SaleRows) async throws -> [SaleLine] {
    try await blocking.run {
      var batch: [SaleLine] = []
      while batch.count < ImportSales.batch, let line = try file.next() { batch.append(line) }
      return batch
    }
  }

  /// Records a batch in several transactions at once. Lines of one key go the same way, so that the
  /// first of them wins as if they came one after the other, and returns go with their sale.
  /// Without a report every batch is rolled back.
  private func record(_ batch: [SaleLine], of report: OpenReport?, part number: Int, pool: Pool)
    async throws -> [SaleOutcome]
  {
    let lanes = batch.map { ImportSales.lane(of: $0.returnOf ?? $0.externalID) }
    return try await withThrowingTaskGroup(of: (Int, [SaleOutcome]).self) { group in
      for lane in 0..<ImportSales.lanes {
        let part = batch.indices.filter { lanes[$0] == lane }.map { batch[$0] }
        if part.isEmpty { continue }
        group.addTask {
          (lane, try await recordPart(part, of: report, number: number + lane, pool: pool))
        }
      }
      var parts = [[SaleOutcome]](repeating: [], count: ImportSales.lanes)
      for try await (lane, outcomes) in group { parts[lane] = outcomes }
      var taken = [Int](repeating: 0, count: ImportSales.lanes)
      return lanes.map { lane in
        defer { taken[lane] += 1 }
        return parts[lane][taken[lane]]
      }
    }
  }

  private static func lane(of key: String) -> Int {
    Int(key.utf8.reduce(0 as UInt32) { $0 &* 31 &+ UInt32($1) } % UInt32(lanes))
  }

  private struct DryRun: Error { let outcomes: [SaleOutcome] }

  private func recordPart(
    _ batch: [SaleLine], of report: OpenReport?, number: Int, pool: Pool
  ) async throws -> [SaleOutcome] {
    do {
      return try await pool.transaction { tx in
        let now = Timestamp.now
        let outcomes = try await RecordSales.run(
          batch, source: source, report: report, part: number, at: now, in: tx)
        if report == nil { throw DryRun(outcomes: outcomes) }
        return outcomes
      }
    } catch let dry as DryRun {
      return dry.outcomes
    }
  }
}

extension ImportSales.Report {
  mutating func count(_ outcome: SaleOutcome, of line: SaleLine) {
    switch outcome {
    case .recorded: recorded += 1
    case .repeated: repeated += 1
    case .conflict(let what):
      conflictCount += 1
      if conflicts.count < 20 { conflicts.append("\(line.externalID): \(what)") }
    case .suspended(let reason): suspended[reason.rawValue, default: 0] += 1
    }
  }
}
