import Foundation
import Testing

@testable import Command

@Suite struct HelpTests {
  static let specs = allCommands.map { $0.spec }

  @Test func `every command has help with examples first`() throws {
    for spec in Self.specs {
      let help = try Run.program(Run.executable, spec.path + ["--help"])
      #expect(help.code == 0, "\(spec.name)")
      let examples = try #require(help.out.range(of: "EXAMPLES"), "\(spec.name)")
      let usage = try #require(help.out.range(of: "USAGE"), "\(spec.name)")
      #expect(examples.lowerBound < usage.lowerBound)
      #expect(!spec.examples.isEmpty && spec.summary.hasSuffix("."), "\(spec.name)")
      #expect(help.out.contains("--data DIR") && help.out.contains("--json"), "\(spec.name)")
    }
  }

  @Test func `every example is a line the parser understands`() throws {
    for example in Self.specs.flatMap(\.examples) {
      guard let start = example.line.range(of: "coinvent ") else {
        Issue.record("“\(example.line)” does not call coinvent")
        continue
      }
      let line = example.line[start.upperBound...].prefix { $0 != "|" && $0 != ">" && $0 != ";" }
      let words = line.split(separator: " ").map(String.init)
      #expect(throws: Never.self, "\(example.line)") {
        _ = try Parser.parse(words, commands: Self.specs)
      }
    }
  }

  @Test func `commands, groups and options have names of their own`() {
    #expect(Set(Self.specs.map(\.name)).count == Self.specs.count)
    for spec in Self.specs {
      let names = spec.allOptions.map(\.name)
      #expect(Set(names).count == names.count, "\(spec.name): \(names)")
      // A command may begin others only where its own next word names a thing: `proof ada`.
      let begins = Self.specs.contains { $0.path != spec.path && $0.path.starts(with: spec.path) }
      #expect(!begins || spec.arguments.first?.required == true, "\(spec.name)")
    }
  }

  @Test func `the exit codes are documented`() throws {
    let help = try Run.coinvent("help", "exit-codes")
    for code in ExitCode.allCases { #expect(help.out.contains("\(code.rawValue) \(code.word)")) }
  }

  @Test func `mistakes end with exit code 2, in words or as JSON on stderr`() throws {
    let words = try Run.coinvent("verison")
    #expect(words.code == 2 && words.out == "")
    #expect(words.error.contains("Did you mean “version”?"))
    let json = try Run.coinvent("version", "--jsn", "--json")
    #expect(json.code == 2 && json.out == "")
    #expect(json.error.hasPrefix(#"{"error":{"code":"usage","exit":2,"message":"#))
  }

  @Test func `a stopped or missing cluster is one clear sentence with the mend`() throws {
    let folder = try Folder()
    let missing = try Run.coinvent("migrate", "--status", "--data", folder.path)
    #expect(missing.code == 1)
    #expect(missing.error.contains("holds no embedded cluster and DATABASE_URL is unset"))
    #expect(missing.error.contains("Run Scripts/start"))
    try folder.write(
      "socket = \(folder.path)\nport = 20001\ndatabase = d\nuser = u\n", to: "cluster")
    let stopped = try Run.coinvent("migrate", "--status", "--data", folder.path)
    #expect(stopped.code == 1)
    #expect(stopped.error.contains("The embedded PostgreSQL of \(folder.path) is not running."))
    #expect(stopped.error.contains("Scripts/cluster start --data \(folder.path)"))
  }

  @Test func `wrong settings are listed together and end with exit code 2`() throws {
    let run = try Run.coinvent(
      "migrate", "--log-level", "loud", environment: ["COINVENT_PORT": "x"])
    #expect(run.code == 2)
    #expect(run.error.contains("--log-level: “loud”") && run.error.contains("COINVENT_PORT: “x”"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completions name every command and parse in their shell`(shell: String) throws {
    let script = try Run.coinvent("completions", shell).out
    for spec in Self.specs {
      for word in spec.path { #expect(script.contains(word), "\(shell): \(spec.name)") }
    }
    let program = URL(filePath: "/usr/bin/\(shell)")
    if FileManager.default.isExecutableFile(atPath: program.path()) {
      let check = try Run.program(program, ["-n"], input: script)
      #expect(check.code == 0, "\(check.error)")
    }
  }

  @Test func `bash completes commands, sub-commands and option values`() throws {
    let script = try Run.coinvent("completions", "bash").out
    func complete(_ words: String...) throws -> [String] {
      let list = words.map { "'\($0)'" }.joined(separator: " ")
      let ask = """
        COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1); _coinvent
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let run = try Run.program(URL(filePath: "/bin/bash"), [], input: script + ask)
      return run.out.split(separator: "\n").map(String.init)
    }
    #expect(try complete("coinvent", "compl") == ["completions"])
    #expect(try complete("coinvent", "completions", "b") == ["bash"])
    #expect(try complete("coinvent", "migrate", "--dr") == ["--dry-run"])
    #expect(try complete("coinvent", "migrate", "--log-level", "w") == ["warning"])
  }
}
