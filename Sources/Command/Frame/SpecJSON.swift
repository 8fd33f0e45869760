import JSON

extension CommandSpec {
  /// Help for programs: what `coinvent help COMMAND --json` prints.
  var json: JSON {
    [
      "name": .string(name), "summary": .string(summary), "usage": .string(HelpPage.usage(self)),
      "examples": .array(
        examples.map { ["line": .string($0.line), "says": .string($0.says)] }),
      "arguments": .array(arguments.map(\.json)), "options": .array(allOptions.map(\.json)),
    ]
  }
}

extension Argument {
  var json: JSON {
    [
      "name": .string(name), "summary": .string(summary), "required": .bool(required),
      "many": .bool(many),
    ]
  }
}

extension Option {
  var json: JSON {
    [
      "name": .string("--\(name)"), "value": text(value), "summary": .string(summary),
      "default": text(standard), "environment": text(environment), "required": .bool(required),
    ]
  }

  private func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
}
