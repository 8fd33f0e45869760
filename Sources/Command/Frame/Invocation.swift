/// A command line, understood: which command, with which options and arguments.
struct Invocation: Sendable {
  var path: [String] = []
  var values: [String: [String]] = [:]
  var switches: Set<String> = []
  var arguments: [String: [String]] = [:]

  subscript(option: Option) -> String? { values[option.name]?.last }
  func has(_ option: Option) -> Bool { switches.contains(option.name) }
}
