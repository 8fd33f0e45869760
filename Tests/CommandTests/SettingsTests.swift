import Testing

@testable import Command

@Suite struct SettingsTests {
  private func read(_ flags: [String: String] = [:], _ environment: [String: String] = [:])
    -> (Settings, [String])
  {
    var invocation = Invocation()
    for (name, value) in flags { invocation.values[name] = [value] }
    return SettingsReader.read(invocation, environment: environment)
  }

  @Test func `flags win over the environment, that over the file, that over defaults`() throws {
    let folder = try Folder()
    try folder.write("# mine\nport = 1001\nhost = 0.0.0.0\nrail=sandbox\n", to: "coinvent.conf")
    let environment = ["COINVENT_DATA": folder.path, "COINVENT_PORT": "1002"]
    #expect(read([:], [:]).0.port == 8080)
    #expect(read([:], ["COINVENT_DATA": folder.path]).0.port == 1001)
    #expect(read([:], environment).0.port == 1002)
    let (settings, mistakes) = read(["port": "1003"], environment)
    #expect(settings.port == 1003 && settings.host == "0.0.0.0" && settings.rail == .sandbox)
    #expect(settings.csvFolder == "\(folder.path)/payouts")
    #expect(mistakes == [])
  }

  @Test func `all mistakes are reported together, each with its source and the mend`() throws {
    let folder = try Folder()
    try folder.write(
      "prot = 1\nrail = gold\nnonsense\npool_size = 0\npool_size = 2\n", to: "coinvent.conf")
    let (_, mistakes) = read(
      ["port": "99999", "data": folder.path],
      ["COINVENT_PAYOUT_MINIMUM": "ten", "COINVENT_TOKEN_LIFETIME": "30"])
    let text = mistakes.joined(separator: "\n")
    #expect(mistakes.count == 8, "\(text)")
    #expect(
      text.contains("coinvent.conf, line 1: there is no setting “prot”. Did you mean “port”?"))
    #expect(text.contains("coinvent.conf, line 3: “nonsense” is not of the form “key = value”"))
    #expect(text.contains("coinvent.conf, line 5: “pool_size” is set twice"))
    #expect(text.contains("--port: “99999” is not a port"))
    #expect(text.contains("COINVENT_PAYOUT_MINIMUM: “ten” is not an amount like 10.00"))
    #expect(text.contains("COINVENT_TOKEN_LIFETIME: “30” is not a time like"))
    #expect(text.contains("rail in \(folder.path)/coinvent.conf: “gold” is not one of csv"))
  }

  @Test func `a named file that is missing is a mistake, the usual one may be missing`() {
    #expect(read([:], ["COINVENT_DATA": "/nonexistent"]).1 == [])
    #expect(
      read(["config": "/nonexistent"]).1 == [
        "--config: cannot read /nonexistent: No such file or directory."
      ])
  }

  @Test func `the embedded cluster is found from the data folder, and DATABASE_URL wins`() throws {
    let folder = try Folder()
    try folder.write(
      "socket = /a b/run\nport = 20001\ndatabase = coinvent\nuser = coinvent\n", to: "cluster")
    let environment = ["COINVENT_DATA": folder.path]
    guard case .embedded(let cluster) = read([:], environment).0.database else {
      Issue.record("no cluster")
      return
    }
    #expect(cluster.url == "postgresql:///coinvent?host=%2Fa%20b%2Frun&port=20001&user=coinvent")
    #expect(cluster.whyUnreachable()?.description.contains("is not running") ?? false)
    let other = read([:], environment.merging(["DATABASE_URL": "postgresql://h/d"]) { _, b in b })
    #expect(other.0.database == .server(url: "postgresql://h/d"))
  }

  @Test func `passwords are never shown`() {
    #expect(
      redacted("postgresql://ada:se:cr@et@h:1/d?x=1&password=s&sslmode=on")
        == "postgresql://ada:***@h:1/d?x=1&password=***&sslmode=on")
    #expect(redacted("postgresql://h/d") == "postgresql://h/d")
    #expect(redacted("host=h user=u password=a'b c' dbname=d") == "host=h user=u password=***")
    let (_, mistakes) = read([:], ["DATABASE_URL": "mysql://ada:secret@h/d"])
    #expect(mistakes.count == 1 && !mistakes.joined().contains("secret"))
  }

  @Test(
    arguments: [
      ("10.00", 10_000_000_000), ("0", 0), ("0.000000001", 1),
      ("999999999", 999_999_999_000_000_000),
      ("-1", nil), ("1.", nil), (".5", nil), ("1,5", nil), ("0.0000000001", nil), ("", nil),
    ] as [(String, Int64?)])
  func `amounts are exact`(text: String, nanos: Int64?) {
    #expect(SettingText.amount(text) == nanos)
  }

  @Test(
    arguments: [
      ("500ms", .milliseconds(500)), ("90s", .seconds(90)), ("30d", .seconds(2_592_000)),
      ("0s", nil), ("s", nil), ("5", nil), ("1w", nil), ("-1s", nil),
    ] as [(String, Duration?)])
  func `times have a unit`(text: String, duration: Duration?) {
    #expect(SettingText.time(text) == duration)
  }
}
