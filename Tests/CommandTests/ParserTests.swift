import Testing

@testable import Command

@Suite struct ParserTests {
  static let through = Option.value("through", "DATE", "Up to when.")
  static let dryRun = Option.flag("dry-run", "Only show.")
  static let file = Argument("FILE", "A file.")

  static let specs = [
    CommandSpec(
      "settle", summary: "Settle.", examples: [], options: [through, dryRun]),
    CommandSpec(
      "sales import", summary: "Import.", examples: [], arguments: [file], options: [dryRun]),
    CommandSpec(
      "members create", summary: "Create.", examples: [],
      options: [
        .value("handle", "H", "A name.", required: true)
      ]),
  ]

  @Test func `a command may begin another`() throws {
    let specs = [
      CommandSpec("proof", summary: "Prove.", examples: [], arguments: [Self.file]),
      CommandSpec("proof check", summary: "Check.", examples: [], arguments: [Self.file]),
    ]
    for (words, name, file) in [
      (["proof", "ada"], "proof", "ada"), (["proof", "check", "x"], "proof check", "x"),
      (["proof", "ada"], "proof", "ada"), (["proof", "--", "check"], "proof", "check"),
    ] {
      guard case .run(let spec, let invocation) = try Parser.parse(words, commands: specs) else {
        throw Failure(.error, "not run")
      }
      #expect(spec.name == name && invocation.arguments["FILE"] == [file])
    }
    #expect(throws: Failure.self) { try Parser.parse(["proof", "ada", "x"], commands: specs) }
  }

  private func parse(_ words: String...) throws -> (String, Invocation) {
    guard case .run(let spec, let invocation) = try Parser.parse(words, commands: Self.specs)
    else { throw Failure(.error, "not run") }
    return (spec.name, invocation)
  }

  private func mistake(_ words: String...) -> String {
    do throws(Failure) {
      _ = try Parser.parse(words, commands: Self.specs)
      return "none"
    } catch {
      #expect(error.code == .usage)
      return error.description
    }
  }

  @Test func `options take their value after a blank or an equals sign`() throws {
    let (name, blank) = try parse("settle", "--through", "2026-11-23", "--dry-run")
    let (_, equals) = try parse("settle", "--through=2026-11-23")
    #expect(name == "settle")
    #expect(blank[Self.through] == "2026-11-23" && blank.has(Self.dryRun))
    #expect(equals[Self.through] == "2026-11-23" && !equals.has(Self.dryRun))
  }

  @Test func `options of every command may stand before it`() throws {
    let (name, invocation) = try parse("--data", "/srv", "--json", "sales", "import", "a.csv")
    #expect(name == "sales import")
    #expect(invocation[Setting.data.option] == "/srv" && invocation.has(.json))
    #expect(invocation.arguments["FILE"] == ["a.csv"])
  }

  @Test func `after two dashes every word is an argument`() throws {
    let (_, invocation) = try parse("sales", "import", "--", "--odd.csv")
    #expect(invocation.arguments["FILE"] == ["--odd.csv"])
  }

  @Test func `a wrong word is answered with the nearest right one`() {
    #expect(mistake("setle").contains("Did you mean “settle”?"))
    #expect(mistake("sales", "imprt").contains("Did you mean “import”?"))
    #expect(mistake("settle", "--dryrun").contains("Did you mean --dry-run?"))
    #expect(mistake("settle", "--thruogh=x").contains("Did you mean --through?"))
    #expect(mistake("xyzzy").contains("coinvent help"))
  }

  @Test func `what is missing, doubled or too much is named`() {
    #expect(mistake("settle", "--through").contains("--through needs a value"))
    #expect(mistake("settle", "--through", "a", "--through", "b").contains("given twice"))
    #expect(mistake("settle", "--dry-run=yes").contains("takes no value"))
    #expect(mistake("settle", "now").contains("“now” is one word too many"))
    #expect(mistake("sales", "import").contains("FILE is missing"))
    #expect(mistake("sales").contains("needs one of: import"))
    #expect(mistake("members", "create").contains("--handle H is missing"))
    #expect(mistake("settle", "-x").contains("no option -x"))
  }

  @Test func `help is found wherever it is asked for`() throws {
    for words in [["--help"], [], ["settle", "--help"], ["sales", "-h"]] {
      guard case .help = try Parser.parse(words, commands: Self.specs) else {
        Issue.record("\(words) is not help")
        continue
      }
    }
  }
}
