import EventLoop

/// Everything a running command may use.
struct Context: Sendable {
  let spec: CommandSpec
  let invocation: Invocation
  let settings: Settings
  let output: Output
  let stop: StopRequest
  /// The loop the command's own task runs on; `serve` makes its further ones itself.
  let loop: EventLoop

  /// The same with settings read by the command itself.
  func with(_ settings: Settings) -> Context {
    Context(
      spec: spec, invocation: invocation, settings: settings, output: output, stop: stop,
      loop: loop)
  }

  var asJSON: Bool { output.asJSON }

  // MARK: What was asked for

  /// The text of an option, nil when it was not given.
  subscript(option: Option) -> String? { invocation[option] }

  func all(_ option: Option) -> [String] { invocation.values[option.name] ?? [] }

  func has(_ option: Option) -> Bool { invocation.has(option) }

  /// The text of an argument; the parser has made sure that a required one is there.
  func argument(_ argument: Argument) -> String {
    guard let text = invocation.arguments[argument.name]?.first else {
      preconditionFailure("\(argument.name) is not an argument of \(spec.name)")
    }
    return text
  }

  func optional(_ argument: Argument) -> String? { invocation.arguments[argument.name]?.first }

  func all(_ argument: Argument) -> [String] { invocation.arguments[argument.name] ?? [] }

  /// An option's value as its type, nil when it was not given.
  /// - Parameter expecting: completes the sentence “… is not”: `a day like 2026-11-23`.
  func value<Value>(_ option: Option, expecting: String, _ read: (String) -> Value?)
    throws(Failure) -> Value?
  {
    guard let text = self[option] else { return nil }
    guard let value = read(text) else {
      throw .usage("--\(option.name): “\(text)” is not \(expecting).")
    }
    return value
  }

  /// A required argument as its type.
  func value<Value>(_ argument: Argument, expecting: String, _ read: (String) -> Value?)
    throws(Failure) -> Value
  {
    let text = self.argument(argument)
    guard let value = read(text) else {
      throw .usage("\(argument.name): “\(text)” is not \(expecting).")
    }
    return value
  }
}
