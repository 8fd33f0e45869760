import Coinvent
import EventLoop
import JSON
import Postgres
import Rails

/// The part of `coinvent worker` that ends presales, charges what was committed to, and pays back.
enum WorkerPresales {
  static func make(_ pool: Pool, _ context: Context, threads: BlockingPool) -> ChargeWorker {
    var settings = ChargeWorker.Configuration()
    settings.interval = context.settings.workerInterval
    return ChargeWorker(
      pool: pool,
      provider: PaymentClient(
        address: context.settings.railURL, token: nil, patience: .seconds(10), threads: threads),
      settings: settings,
      log: { line in if context.settings.logLevel <= .warning { context.output.remark(line) } })
  }

  static func sentence(_ report: ChargeReport) -> String { "Presales: \(report.sentence)." }

  static func json(_ report: ChargeReport) -> JSON {
    [
      "ended": .int(Int64(report.ended)), "charged": .int(Int64(report.captured)),
      "declined": .int(Int64(report.declined)), "paid_back": .int(Int64(report.refunded)),
      "released": .int(Int64(report.released)), "unknown": .int(Int64(report.unknown)),
      "contradictions": .int(Int64(report.contradictions)),
      "waiting": .int(Int64(report.waiting)),
    ]
  }
}
