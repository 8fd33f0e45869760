/// Turns words into an `Invocation` of one of `commands`.
struct Parser {
  let commands: [CommandSpec]
  private var invocation = Invocation()
  private var words: ArraySlice<String>
  private var plain: [String] = []
  private var spec: CommandSpec?

  enum Outcome {
    case run(CommandSpec, Invocation)
    /// `--help` somewhere, or a bare call: help for the words so far.
    case help([String])
    case version
  }

  static func parse(_ words: [String], commands: [CommandSpec]) throws(Failure) -> Outcome {
    var parser = Parser(words, commands)
    return try parser.outcome()
  }

  private init(_ words: [String], _ commands: [CommandSpec]) {
    self.commands = commands
    self.words = words[...]
  }

  private mutating func outcome() throws(Failure) -> Outcome {
    while let word = words.popFirst() {
      if word == "--help" || word == "-h" { return .help(invocation.path) }
      if word == "--version", spec == nil { return .version }
      if word == "--" {
        plain += words
        words = []
      } else if word.hasPrefix("-"), word != "-" {
        try option(word)
      } else if spec == nil || (plain.isEmpty && nextWords().contains(word)) {
        try command(word)
      } else {
        plain.append(word)
      }
    }
    return try finish()
  }

  private mutating func finish() throws(Failure) -> Outcome {
    guard let spec else {
      if invocation.path.isEmpty { return .help([]) }
      let group = invocation.path.joined(separator: " ")
      throw .usage(
        "“\(group)” needs one of: \(nextWords().joined(separator: ", ")).",
        mend: "See: coinvent help \(group)")
    }
    try placeArguments(spec)
    for option in spec.options where option.required && invocation[option] == nil {
      throw .usage("\(option.usage) is missing.", mend: seeHelp)
    }
    return .run(spec, invocation)
  }

  // MARK: The command

  private mutating func command(_ word: String) throws(Failure) {
    let offered = nextWords()
    guard offered.contains(word) else {
      let called = (invocation.path + [word]).joined(separator: " ")
      let meant = nearest(to: word, among: offered).map { "Did you mean “\($0)”?" }
      throw .usage("There is no command “\(called)”.", mend: meant ?? "See: coinvent help")
    }
    invocation.path.append(word)
    spec = commands.first { $0.path == invocation.path }
    if let spec { try recheckEarlyOptions(spec) }
  }

  /// Options may stand before the command; those it does not know are refused once it is known.
  private func recheckEarlyOptions(_ spec: CommandSpec) throws(Failure) {
    let known = Set(spec.allOptions.map(\.name))
    for name in invocation.values.keys.sorted() where !known.contains(name) {
      throw unknown("--\(name)", among: spec.allOptions)
    }
  }

  private func nextWords() -> [String] {
    var words: [String] = []
    for command in commands where command.path.starts(with: invocation.path) {
      let next = command.path.dropFirst(invocation.path.count).first
      if let next, !words.contains(next) { words.append(next) }
    }
    return words
  }

  // MARK: Options

  private mutating func option(_ word: String) throws(Failure) {
    let known = spec?.allOptions ?? Setting.everywhere.map(\.option) + [.json]
    guard word.hasPrefix("--") else { throw unknown(word, among: known) }
    let parts = word.dropFirst(2).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = known.first(where: { $0.name == name }) else {
      throw unknown("--\(name)", among: known)
    }
    if option.value == nil {
      if parts.count == 2 { throw .usage("--\(name) takes no value.", mend: seeHelp) }
      invocation.switches.insert(name)
      return
    }
    let value = parts.count == 2 ? String(parts[1]) : try nextValue(option)
    if !option.many, invocation.values[name] != nil {
      throw .usage("--\(name) is given twice.", mend: "Give it once.")
    }
    invocation.values[name, default: []].append(value)
  }

  private mutating func nextValue(_ option: Option) throws(Failure) -> String {
    guard let value = words.first, !value.hasPrefix("--") else {
      throw .usage("--\(option.name) needs a value: \(option.usage).", mend: seeHelp)
    }
    words.removeFirst()
    return value
  }

  private func unknown(_ word: String, among options: [Option]) -> Failure {
    let meant = nearest(to: word, among: options.map { "--\($0.name)" })
    return .usage(
      "There is no option \(word)\(spec.map { " for “\($0.name)”" } ?? "").",
      mend: meant.map { "Did you mean \($0)?" } ?? seeHelp)
  }

  private var seeHelp: String {
    "See: coinvent help\(invocation.path.map { " " + $0 }.joined())"
  }

  // MARK: Arguments

  private mutating func placeArguments(_ spec: CommandSpec) throws(Failure) {
    var rest = plain[...]
    for argument in spec.arguments {
      let taken = argument.many ? Array(rest) : Array(rest.prefix(1))
      rest = rest.dropFirst(taken.count)
      if taken.isEmpty && argument.required {
        throw .usage("\(argument.name) is missing: \(argument.summary)", mend: seeHelp)
      }
      if !taken.isEmpty { invocation.arguments[argument.name] = taken }
    }
    if let extra = rest.first {
      throw .usage("“\(extra)” is one word too many for “\(spec.name)”.", mend: seeHelp)
    }
  }
}
