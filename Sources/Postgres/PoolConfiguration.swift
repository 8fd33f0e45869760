/// How a pool connects, and its limits.
public struct PoolConfiguration: Sendable {
  /// `postgresql://user@host/name`, or libpq's `host=… dbname=…`. Several hosts and
  /// `target_session_attrs` work as libpq describes them.
  public var url: String
  /// The most connections at any time, shared and exclusive together.
  public var size: Int
  /// Of these, how many each event loop shares among all its single statements.
  public var sharedPerLoop: Int
  /// Statements under way at once on a shared connection.
  public var pipelineDepth: Int
  /// Shown by `pg_stat_activity`.
  public var applicationName: String
  /// The server cancels a statement that runs longer; nil for no limit.
  public var statementTimeout: Duration?
  /// The server gives up a lock that is not free for longer; nil for no limit.
  public var lockTimeout: Duration?
  /// The server ends a connection that sits inside a transaction longer; nil for no limit.
  public var idleInTransactionTimeout: Duration?
  /// How many statements may wait per event loop, and how many callers for an exclusive
  /// connection; the next one is refused at once.
  public var queueLimit: Int
  /// The longest wait for a connection, also while the database cannot be reached.
  public var waitLimit: Duration
  /// Prepared statements each connection keeps.
  public var statementLimit: Int
  /// The first wait after a failed attempt to connect; it doubles, with jitter.
  public var backoff: Duration
  /// The longest wait between two attempts.
  public var backoffLimit: Duration
  /// Further server settings of each connection, such as `search_path`.
  public var settings: [String: String]

  public init(
    url: String, size: Int = 10, sharedPerLoop: Int = 1, pipelineDepth: Int = 64,
    applicationName: String = "coinvent", statementTimeout: Duration? = .seconds(30),
    lockTimeout: Duration? = .seconds(10), idleInTransactionTimeout: Duration? = .seconds(60),
    queueLimit: Int = 8192, waitLimit: Duration = .seconds(5), statementLimit: Int = 256,
    backoff: Duration = .milliseconds(50), backoffLimit: Duration = .seconds(2),
    settings: [String: String] = [:]
  ) {
    self.url = url
    self.size = size
    self.sharedPerLoop = sharedPerLoop
    self.pipelineDepth = pipelineDepth
    self.applicationName = applicationName
    self.statementTimeout = statementTimeout
    self.lockTimeout = lockTimeout
    self.idleInTransactionTimeout = idleInTransactionTimeout
    self.queueLimit = queueLimit
    self.waitLimit = waitLimit
    self.statementLimit = statementLimit
    self.backoff = backoff
    self.backoffLimit = backoffLimit
    self.settings = settings
  }

  /// The settings each connection starts with. Times are UTC so that dates mean the same
  /// everywhere.
  var allSettings: [String: String] {
    var all = ["TimeZone": "UTC"]
    let limits = [
      "statement_timeout": statementTimeout, "lock_timeout": lockTimeout,
      "idle_in_transaction_session_timeout": idleInTransactionTimeout,
    ]
    for (name, limit) in limits {
      if let limit { all[name] = String(max(1, limit.milliseconds)) }
    }
    return all.merging(settings) { _, given in given }
  }

  /// How long to wait before the attempt after `failures` failed ones, with jitter so that many
  /// clients do not come back at the same moment.
  func pause(after failures: Int) -> Duration {
    let doubled = backoff * (1 << min(failures, 16))
    return min(doubled, backoffLimit) * Double.random(in: 0.5...1)
  }
}
