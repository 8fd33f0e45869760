/// Help as text: examples first, since most readers want a line to copy.
enum HelpPage {
  static let tagline = "The open backend for communities that invent products together."

  static func overview(_ commands: [CommandSpec]) -> String {
    var lines = [
      "coinvent — \(tagline)", "", "EXAMPLES",
      "  coinvent serve                         serve the API on http://127.0.0.1:8080",
      "  coinvent members create --handle ada --role admin",
      "  coinvent settle --dry-run              what a settlement would credit",
      "  coinvent doctor                        check settings, database, clock and disk",
      "", "USAGE", "  coinvent COMMAND [OPTION]…", "", "COMMANDS",
    ]
    lines += table(commands.map { ($0.name, $0.summary) })
    lines += ["", "OPTIONS OF EVERY COMMAND"]
    lines += options(Setting.everywhere.map(\.option) + [.json, .help])
    lines += ["  --version", "      Show the version.", ""]
    lines += ["“coinvent help COMMAND” shows examples and options of one command,"]
    lines += ["“coinvent help exit-codes” what each exit code means."]
    return lines.joined(separator: "\n")
  }

  static func group(_ path: [String], _ commands: [CommandSpec]) -> String {
    let members = commands.filter { $0.path.starts(with: path) }
    var lines = ["EXAMPLES"]
    lines += members.compactMap { $0.examples.first.map { "  \($0.line)" } }
    lines += ["", "COMMANDS"] + table(members.map { ($0.name, $0.summary) })
    return lines.joined(separator: "\n")
  }

  static func page(_ spec: CommandSpec) -> String {
    var lines = ["coinvent \(spec.name) — \(spec.summary)", "", "EXAMPLES"]
    for example in spec.examples { lines += ["  \(example.line)", "      \(example.says)"] }
    lines += ["", "USAGE", "  \(usage(spec))"]
    if !spec.arguments.isEmpty {
      lines += ["", "ARGUMENTS"] + table(spec.arguments.map { ($0.name, $0.summary) })
    }
    lines += ["", "OPTIONS"] + options(spec.allOptions)
    for note in spec.notes { lines += [""] + wrapped(note, width: 80) }
    return lines.joined(separator: "\n")
  }

  static func exitCodes() -> String {
    let rows = ExitCode.allCases.map { ("\($0.rawValue) \($0.word)", $0.meaning) }
    return
      (["EXIT CODES"] + table(rows) + [
        "", "A second SIGINT or SIGTERM ends a command at once, with 128 + the signal's number.",
      ]).joined(separator: "\n")
  }

  static func usage(_ spec: CommandSpec) -> String {
    var words = ["coinvent", spec.name]
    words += spec.options.filter(\.required).map(\.usage)
    for argument in spec.arguments {
      let name = argument.name + (argument.many ? "…" : "")
      words.append(argument.required ? name : "[\(name)]")
    }
    return (words + ["[OPTION]…"]).joined(separator: " ")
  }

  private static func options(_ options: [Option]) -> [String] {
    options.flatMap { option in
      var facts: [String] = []
      if option.required { facts.append("required") }
      if let standard = option.standard { facts.append("default: \(standard)") }
      if let environment = option.environment { facts.append("environment: \(environment)") }
      if case .words(let words) = option.completes {
        facts.append("one of: \(words.joined(separator: ", "))")
      }
      let aside = facts.isEmpty ? "" : " (\(facts.joined(separator: "; ")))"
      return ["  \(option.usage)"]
        + wrapped(option.summary + aside, width: 74).map { "      \($0)" }
    }
  }

  private static func table(_ rows: [(String, String)]) -> [String] {
    let width = (rows.map(\.0.count).max() ?? 0) + 2
    return rows.map { name, says in
      "  \(name)\(String(repeating: " ", count: width - name.count))\(says)"
    }
  }

  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + word.count + 1 > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
