/// What a command is called, takes and says: help, parsing and completions all come from this.
struct CommandSpec: Sendable {
  /// The words that call it: `["members", "create"]`.
  let path: [String]
  let summary: String
  let examples: [Example]
  let arguments: [Argument]
  let options: [Option]
  let needs: Needs
  /// Whether the first SIGINT or SIGTERM only asks (`context.stop`) instead of cancelling the task.
  let stopsGracefully: Bool
  /// Paragraphs below the options, for what one line cannot say.
  let notes: [String]

  init(
    _ name: String, summary: String, examples: [Example], arguments: [Argument] = [],
    options: [Option] = [], needs: Needs = .settings, stopsGracefully: Bool = false,
    notes: [String] = []
  ) {
    path = name.split(separator: " ").map(String.init)
    self.summary = summary
    self.examples = examples
    self.arguments = arguments
    self.options = options
    self.needs = needs
    self.stopsGracefully = stopsGracefully
    self.notes = notes
  }

  var name: String { path.joined(separator: " ") }

  /// Its own options, then those that every command has.
  var allOptions: [Option] { options + Setting.everywhere.map(\.option) + [.json, .help] }
}

/// What is ready before a command runs.
enum Needs: Sendable {
  /// Neither settings nor a database; runs in any folder.
  case nothing
  /// Settings, read and checked; `withPool` works.
  case settings
}

/// One line to try, and what it does.
struct Example: Sendable {
  let line: String
  let says: String

  init(_ line: String, _ says: String) {
    self.line = line
    self.says = says
  }
}

/// A word without a dash: `FILE.csv`.
struct Argument: Sendable {
  let name: String
  let summary: String
  var required = true
  var many = false
  var completes = Completion.nothing

  init(
    _ name: String, _ summary: String, required: Bool = true, many: Bool = false,
    completes: Completion = .nothing
  ) {
    self.name = name
    self.summary = summary
    self.required = required
    self.many = many
    self.completes = completes
  }
}

/// What the shell may offer after an option or for an argument.
enum Completion: Sendable {
  case nothing
  case file
  case folder
  case words([String])
}

/// `--dry-run` (no value) or `--through DATE`.
struct Option: Sendable {
  let name: String
  /// What stands for the value in help; nil for a switch.
  let value: String?
  let summary: String
  let standard: String?
  let environment: String?
  let required: Bool
  let many: Bool
  let completes: Completion

  /// A switch: present or not.
  static func flag(_ name: String, _ summary: String) -> Option {
    Option(
      name: name, value: nil, summary: summary, standard: nil, environment: nil, required: false,
      many: false, completes: .nothing)
  }

  /// An option with a value.
  static func value(
    _ name: String, _ value: String, _ summary: String, standard: String? = nil,
    environment: String? = nil, required: Bool = false, many: Bool = false,
    completes: Completion = .nothing
  ) -> Option {
    Option(
      name: name, value: value, summary: summary, standard: standard, environment: environment,
      required: required, many: many, completes: completes)
  }

  static let json = flag("json", "Print JSON for programs; errors are then JSON on stderr.")
  static let help = flag("help", "Show this help.")

  var usage: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }
}
