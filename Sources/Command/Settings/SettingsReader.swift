import Coinvent
import Glibc
import Mail

/// Reads every setting from its sources and keeps all mistakes, so that they are reported together.
struct SettingsReader {
  /// Where a text came from, as a mistake names it.
  struct Origin {
    let text: String
    let source: String
    let isDefault: Bool
  }

  private(set) var mistakes: [String] = []
  private let flags: Invocation
  private let environment: [String: String]
  private var file: [String: String] = [:]
  private var fileName = ""

  static func read(_ flags: Invocation, environment: [String: String]) -> (Settings, [String]) {
    var reader = SettingsReader(flags: flags, environment: environment)
    let settings = reader.settings()
    return (settings, reader.mistakes)
  }

  private init(flags: Invocation, environment: [String: String]) {
    self.flags = flags
    self.environment = environment
  }

  private mutating func settings() -> Settings {
    var settings = Settings()
    settings.data = folder(origin(.data)?.text ?? Setting.data.standard)
    readFile(in: settings.data)
    settings.configFile = fileName.isEmpty ? nil : fileName
    settings.database = database(data: settings.data)
    take(.logLevel, &settings.logLevel, "one of debug, info, warning, error") {
      LogLevel(rawValue: $0)
    }
    readServing(&settings)
    readLimits(&settings)
    readPaying(&settings)
    readMailing(&settings)
    return settings
  }

  private mutating func readServing(_ settings: inout Settings) {
    settings.loops = min(max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), 64)
    take(.host, &settings.host, "an address") { $0.isEmpty || $0.contains(" ") ? nil : $0 }
    take(.port, &settings.port, "a port from 0 to 65535") { UInt16($0) }
    take(.loops, &settings.loops, "a number from 1 to 64") { SettingText.whole($0, 1...64) }
    take(.poolSize, &settings.poolSize, "a number from 1 to 256") {
      SettingText.whole($0, 1...256)
    }
    take(.poolQueue, &settings.poolQueue, "a number from 1 to 1000000") {
      SettingText.whole($0, 1...1_000_000)
    }
    let time = "a time like 500ms, 30s, 15m, 12h or 30d"
    take(.poolWait, &settings.poolWait, time, SettingText.time)
    take(.statementTimeout, &settings.statementTimeout, time, SettingText.time)
    take(.stopWithin, &settings.stopWithin, time, SettingText.time)
    take(.workerInterval, &settings.workerInterval, time, SettingText.time)
    take(.tokenLifetime, &settings.tokenLifetime, time, SettingText.time)
    take(.submissions, &settings.submissions, "one of open, submitted") {
      ["open", "submitted"].contains($0) ? Idea.State(rawValue: $0) : nil
    }
  }

  private mutating func readLimits(_ settings: inout Settings) {
    let number = "a number from 1 to 1000000"
    let read: (String) -> Int? = { SettingText.whole($0, 1...1_000_000) }
    take(.connectionsPerAddress, &settings.connectionsPerAddress, number, read)
    take(.joinsPerAddress, &settings.joinsPerAddress, number, read)
    take(.triesPerAddress, &settings.triesPerAddress, number, read)
    take(.triesPerAccount, &settings.triesPerAccount, number, read)
    take(.imageProgram, &settings.imageProgram, "a file") { $0.isEmpty ? nil : $0 }
  }

  private mutating func readPaying(_ settings: inout Settings) {
    settings.csvFolder = settings.data + "/payouts"
    take(.payoutMinimum, &settings.payoutMinimum, "an amount like 10.00", SettingText.amount)
    take(
      .approveAbove, &settings.approveAbove, "a list like USD 10000, EUR 9000",
      ApprovalLimits.init(_:))
    take(.payouts, &settings.payouts, "one of automatic, on_request") {
      PayoutsWhen(rawValue: $0)
    }
    take(.rail, &settings.rail, "one of csv, sandbox") { RailKind(rawValue: $0) }
    take(
      .railURL, &settings.railURL, "an address like http://127.0.0.1:8090",
      SettingText.webAddress)
    take(.csvFolder, &settings.csvFolder, "a folder") { $0.isEmpty ? nil : $0 }
    settings.proofKeyFile = settings.data + "/proof.key"
    take(.proofKeyFile, &settings.proofKeyFile, "a file") { $0.isEmpty ? nil : $0 }
  }

  private mutating func readMailing(_ settings: inout Settings) {
    take(
      .publicURL, &settings.publicURL, "an address like https://ideas.example.org",
      SettingText.webAddress)
    var url: String?
    take(.smtpURL, &url, "an address like smtp://mail.example.org:587", SettingText.mailServer)
    var sender: (address: MailAddress, name: String)?
    take(.mailFrom, &sender, "an address like ideas@example.org", SettingText.mailSender)
    var security = SMTPServer.Security.required
    take(.smtpTLS, &security, "one of required, offered") { SMTPServer.Security(rawValue: $0) }
    guard let url else { return }
    guard let sender, settings.publicURL != nil else {
      mistakes.append(
        "\(origin(.smtpURL)?.source ?? "smtp_url"): mails also need mail_from and public_url.")
      return
    }
    settings.mail = MailSettings(
      url: url, security: security, user: origin(.smtpUser)?.text,
      passwordFile: origin(.smtpPasswordFile)?.text, from: sender.address, fromName: sender.name)
  }

  // MARK: One setting

  private func origin(_ setting: Setting) -> Origin? {
    if let text = flags[setting.option] {
      return Origin(text: text, source: "--\(setting.flag)", isDefault: false)
    }
    if let text = environment[setting.environment], !text.isEmpty {
      return Origin(text: text, source: setting.environment, isDefault: false)
    }
    if let text = file[setting.key] {
      return Origin(text: text, source: "\(setting.key) in \(fileName)", isDefault: false)
    }
    return nil
  }

  private mutating func take<Value>(
    _ setting: Setting, _ value: inout Value, _ expecting: String, _ read: (String) -> Value?
  ) {
    guard let origin = origin(setting) else { return }
    if let read = read(origin.text) {
      value = read
    } else {
      mistakes.append("\(origin.source): “\(origin.text)” is not \(expecting).")
    }
  }

  private mutating func database(data: String) -> DatabaseLocation {
    if let origin = origin(.databaseURL) {
      if let url = SettingText.database(origin.text) { return .server(url: url) }
      // The text is not shown: it may hold a password.
      mistakes.append(
        "\(origin.source): this is not a PostgreSQL address; write it as "
          + "postgresql://USER:PASSWORD@HOST:5432/DATABASE.")
      return .missing(data: data)
    }
    do throws(Failure) {
      guard let cluster = try Cluster.read(data: data) else { return .missing(data: data) }
      return .embedded(cluster)
    } catch {
      mistakes.append(error.description)
      return .missing(data: data)
    }
  }

  // MARK: The file

  private mutating func readFile(in data: String) {
    let named = origin(.config)
    let path = named?.text ?? data + "/coinvent.conf"
    if named == nil, access(path, F_OK) != 0 { return }
    do throws(FileFailure) {
      fileName = path
      parse(try readText(path))
    } catch {
      let source = named.map { "\($0.source): " } ?? ""
      mistakes.append("\(source)\(error)")
    }
  }

  private mutating func parse(_ text: String) {
    let allowed = Setting.all.filter(\.inFile).map(\.key)
    for (key, value, line) in KeyValueLines.parse(text) {
      guard let value else {
        mistakes.append("\(fileName), line \(line): “\(key)” is not of the form “key = value”.")
        continue
      }
      if !allowed.contains(key) {
        let meant = nearest(to: key, among: allowed).map { " Did you mean “\($0)”?" } ?? ""
        mistakes.append("\(fileName), line \(line): there is no setting “\(key)”.\(meant)")
      } else if file[key] != nil {
        mistakes.append("\(fileName), line \(line): “\(key)” is set twice.")
      } else {
        file[key] = value
      }
    }
  }

  private func folder(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}
