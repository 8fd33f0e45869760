import Mail

/// One thing that can be set: by its flag, by the environment, in `coinvent.conf`, or not at all.
struct Setting: Sendable {
  /// Its name in `coinvent.conf`; the flag is the same with dashes.
  let key: String
  let environment: String
  let value: String
  let standard: String
  let summary: String
  var inFile = true
  var completes = Completion.nothing

  var flag: String { key.split(separator: "_").joined(separator: "-") }

  var option: Option {
    .value(
      flag, value, summary, standard: standard.isEmpty ? nil : standard, environment: environment,
      completes: completes)
  }

  static let data = Setting(
    key: "data", environment: "COINVENT_DATA", value: "DIR", standard: ".coinvent",
    summary: "The data folder, which holds coinvent.conf and finds the embedded cluster.",
    inFile: false, completes: .folder)
  static let config = Setting(
    key: "config", environment: "COINVENT_CONFIG", value: "FILE", standard: "DIR/coinvent.conf",
    summary: "A file of “key = value” lines.", inFile: false, completes: .file)
  static let databaseURL = Setting(
    key: "database_url", environment: "DATABASE_URL", value: "URL",
    standard: "the embedded cluster", summary: "An existing PostgreSQL server to use.")
  static let logLevel = Setting(
    key: "log_level", environment: "COINVENT_LOG_LEVEL", value: "LEVEL", standard: "info",
    summary: "How much is logged.", completes: .words(LogLevel.allCases.map(\.rawValue)))

  static let host = Setting(
    key: "host", environment: "COINVENT_HOST", value: "ADDRESS", standard: "127.0.0.1",
    summary: "The address to listen on; 0.0.0.0 for every network.")
  static let port = Setting(
    key: "port", environment: "COINVENT_PORT", value: "N", standard: "8080",
    summary: "The port to listen on; 0 takes any free one.")
  static let loops = Setting(
    key: "loops", environment: "COINVENT_LOOPS", value: "N", standard: "one per processor",
    summary: "How many event loops serve requests.")
  static let poolSize = Setting(
    key: "pool_size", environment: "COINVENT_POOL_SIZE", value: "N", standard: "10",
    summary: "The most database connections; queries share them, so few are fast.")
  static let poolQueue = Setting(
    key: "pool_queue", environment: "COINVENT_POOL_QUEUE", value: "N", standard: "8192",
    summary: "How many queries may wait for a connection before the next is refused.")
  static let poolWait = Setting(
    key: "pool_wait", environment: "COINVENT_POOL_WAIT", value: "TIME", standard: "5s",
    summary: "How long a caller waits for a connection.")
  static let statementTimeout = Setting(
    key: "statement_timeout", environment: "COINVENT_STATEMENT_TIMEOUT", value: "TIME",
    standard: "30s", summary: "How long one statement of a request may take.")
  static let stopWithin = Setting(
    key: "stop_within", environment: "COINVENT_STOP_WITHIN", value: "TIME", standard: "20s",
    summary: "How long a stopping process lets work in flight finish.")
  static let payoutMinimum = Setting(
    key: "payout_minimum", environment: "COINVENT_PAYOUT_MINIMUM", value: "AMOUNT",
    standard: "10.00", summary: "The least that is paid out, in the currency's major unit.")
  static let approveAbove = Setting(
    key: "approve_above", environment: "COINVENT_APPROVE_ABOVE", value: "AMOUNTS", standard: "",
    summary: "Above which changes of pools a settlement takes two people: USD 10000, EUR 9000.")
  static let payouts = Setting(
    key: "payouts", environment: "COINVENT_PAYOUTS", value: "WHEN", standard: "automatic",
    summary: "Whether workers pay what is payable by themselves, or only on request.",
    completes: .words(PayoutsWhen.allCases.map(\.rawValue)))
  static let rail = Setting(
    key: "rail", environment: "COINVENT_RAIL", value: "RAIL", standard: "csv",
    summary: "How payouts are paid: a file for the finance person, or the sandbox provider.",
    completes: .words(RailKind.allCases.map(\.rawValue)))
  static let railURL = Setting(
    key: "rail_url", environment: "COINVENT_RAIL_URL", value: "URL",
    standard: "http://127.0.0.1:8090", summary: "Where the sandbox provider answers.")
  static let csvFolder = Setting(
    key: "csv_folder", environment: "COINVENT_CSV_FOLDER", value: "DIR", standard: "DIR/payouts",
    summary: "Where the CSV rail writes its files.", completes: .folder)
  static let workerInterval = Setting(
    key: "worker_interval", environment: "COINVENT_WORKER_INTERVAL", value: "TIME",
    standard: "2s", summary: "How long a worker without work waits before it looks again.")
  static let proofKeyFile = Setting(
    key: "proof_key_file", environment: "COINVENT_PROOF_KEY_FILE", value: "FILE",
    standard: "DIR/proof.key", summary: "The secret key that signs the chain of the books.",
    completes: .file)
  static let submissions = Setting(
    key: "submissions", environment: "COINVENT_SUBMISSIONS", value: "STATE", standard: "open",
    summary: "Submitted ideas are open at once, or submitted until a curator opens them.",
    completes: .words(["open", "submitted"]))
  static let tokenLifetime = Setting(
    key: "token_lifetime", environment: "COINVENT_TOKEN_LIFETIME", value: "TIME", standard: "30d",
    summary: "How long a new session or token is good for.")
  static let connectionsPerAddress = Setting(
    key: "connections_per_address", environment: "COINVENT_CONNECTIONS_PER_ADDRESS", value: "N",
    standard: "100", summary: "Connections of one client; raise it behind a proxy.")
  static let joinsPerAddress = Setting(
    key: "joins_per_address", environment: "COINVENT_JOINS_PER_ADDRESS", value: "N",
    standard: "10000", summary: "New members from one address at once; then ten each second.")
  static let triesPerAddress = Setting(
    key: "tries_per_address", environment: "COINVENT_TRIES_PER_ADDRESS", value: "N",
    standard: "200", summary: "Wrong passwords from one address at once; then one in two seconds.")
  static let triesPerAccount = Setting(
    key: "tries_per_account", environment: "COINVENT_TRIES_PER_ACCOUNT", value: "N",
    standard: "20", summary: "Wrong passwords of one account at once; then two each minute.")

  static let imageProgram = Setting(
    key: "image_program", environment: "COINVENT_IMAGE_PROGRAM", value: "FILE",
    standard: "coinvent-image beside coinvent", summary: "The program that reads images.",
    completes: .file)
  static let publicURL = Setting(
    key: "public_url", environment: "COINVENT_PUBLIC_URL", value: "URL", standard: "",
    summary: "Where people reach the server: the start of links in mails and feeds.")
  static let smtpURL = Setting(
    key: "smtp_url", environment: "COINVENT_SMTP_URL", value: "URL", standard: "",
    summary: "The mail server, smtp://HOST:587 or smtps://HOST; none means no mails.")
  static let smtpTLS = Setting(
    key: "smtp_tls", environment: "COINVENT_SMTP_TLS", value: "WHEN", standard: "required",
    summary: "Whether mails go out over TLS only, or also in the clear when it is not offered.",
    completes: .words(SMTPServer.Security.allCases.map(\.rawValue)))
  static let smtpUser = Setting(
    key: "smtp_user", environment: "COINVENT_SMTP_USER", value: "NAME", standard: "",
    summary: "Who signs in at the mail server.")
  static let smtpPasswordFile = Setting(
    key: "smtp_password_file", environment: "COINVENT_SMTP_PASSWORD_FILE", value: "FILE",
    standard: "", summary: "A file that holds the password for it.", completes: .file)
  static let mailFrom = Setting(
    key: "mail_from", environment: "COINVENT_MAIL_FROM", value: "ADDRESS", standard: "",
    summary: "Who mails come from: ideas@example.org, or Ideas <ideas@example.org>.")

  /// Flags of every command that has settings.
  static let everywhere = [data, config, databaseURL, logLevel]

  static let all =
    everywhere + [
      host, port, loops, poolSize, poolQueue, poolWait, statementTimeout, stopWithin,
      payoutMinimum, approveAbove, payouts, rail, railURL, csvFolder, workerInterval, tokenLifetime,
      publicURL, smtpURL, smtpTLS, smtpUser, smtpPasswordFile, mailFrom,
      submissions, connectionsPerAddress, joinsPerAddress, triesPerAddress, triesPerAccount,
      imageProgram, proofKeyFile,
    ]
}
