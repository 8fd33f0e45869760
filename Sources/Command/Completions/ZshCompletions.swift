/// Completions for zsh: a function with one branch for each command.
enum ZshCompletions {
  static func script(_ specs: [CommandSpec]) -> String {
    var lines = [
      "#compdef coinvent", "# coinvent completions for zsh.", "_coinvent() {",
      "  local path= word index candidate", "  for ((index = 2; index < CURRENT; index++)); do",
      "    word=${words[index]}", "    [[ $word == -* ]] && continue",
      "    candidate=\"${path:+$path }$word\"", "    case $candidate in",
      "      \(paths(specs).map { "\"\($0)\"" }.joined(separator: "|"))) path=$candidate ;;",
      "    esac", "  done", "  case $path in",
    ]
    for path in paths(specs) + [""] {
      if let spec = specs.first(where: { $0.name == path }) {
        lines += command(spec)
      } else {
        lines += group(path, specs)
      }
    }
    lines += ["  esac", "}", "compdef _coinvent coinvent", ""]
    return lines.joined(separator: "\n")
  }

  private static func group(_ path: String, _ specs: [CommandSpec]) -> [String] {
    var lines = ["    \"\(path)\")", "      local -a commands=("]
    for word in nextWords(path, specs) {
      let name = path.isEmpty ? word : "\(path) \(word)"
      let says = specs.first { $0.name == name }?.summary ?? "Commands of \(name)."
      lines.append("        \(shellQuoted("\(word):\(says)"))")
    }
    return lines + ["      )", "      _describe 'command' commands ;;"]
  }

  private static func command(_ spec: CommandSpec) -> [String] {
    var lines = ["    \"\(spec.name)\")", "      _arguments \\"]
    for option in spec.allOptions {
      let value = option.value.map { ":\($0):\(action(option.completes))" } ?? ""
      let says = bracketed(option.summary)
      lines.append("        \(shellQuoted("--\(option.name)[\(says)]\(value)")) \\")
    }
    let words = spec.arguments.compactMap { argument -> String? in
      let action = action(argument.completes)
      return action.isEmpty ? nil : "        \(shellQuoted("*:\(argument.name):\(action)")) \\"
    }
    return lines + words + ["      ;;"]
  }

  private static func action(_ completion: Completion) -> String {
    switch completion {
    case .nothing: ""
    case .file: "_files"
    case .folder: "_files -/"
    case .words(let words): "(\(words.joined(separator: " ")))"
    }
  }

  /// Colons and brackets have a meaning of their own there.
  private static func bracketed(_ text: String) -> String {
    String(text.flatMap { "[]:".contains($0) ? ["\\", $0] : [$0] })
  }
}
