/// Completions for fish: one `complete` line for each word and option.
enum FishCompletions {
  static func script(_ specs: [CommandSpec]) -> String {
    var lines = [
      "# coinvent completions for fish.", "function __coinvent_at",
      "  set -l words (commandline -opc)[2..-1]", "  set -l plain",
      "  for word in $words; string match -q -- '-*' $word; or set -a plain $word; end",
      "  test \"$plain[1..\(specs.map(\.path.count).max() ?? 1)]\" = \"$argv\"",
      "  or test \"$plain[1]\" = \"$argv\"", "end", "complete -c coinvent -f",
    ]
    for path in [""] + paths(specs) {
      for word in nextWords(path, specs) {
        let name = path.isEmpty ? word : "\(path) \(word)"
        let says = specs.first { $0.name == name }?.summary ?? "Commands of \(name)."
        lines.append("complete -c coinvent \(at(path)) -a \(word) -d \(shellQuoted(says))")
      }
    }
    for spec in specs { lines += options(spec) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func options(_ spec: CommandSpec) -> [String] {
    var lines = spec.allOptions.map { option in
      "complete -c coinvent \(at(spec.name)) -l \(option.name)"
        + (option.value == nil ? "" : " -r" + offer(option.completes))
        + " -d \(shellQuoted(option.summary))"
    }
    for argument in spec.arguments {
      let offer = offer(argument.completes)
      if !offer.isEmpty { lines.append("complete -c coinvent \(at(spec.name))\(offer)") }
    }
    return lines
  }

  private static func at(_ path: String) -> String {
    "-n \(shellQuoted("__coinvent_at \(path)"))"
  }

  private static func offer(_ completion: Completion) -> String {
    switch completion {
    case .nothing: ""
    case .file: " -F"
    case .folder: " -a '(__fish_complete_directories)'"
    case .words(let words): " -a \(shellQuoted(words.joined(separator: " ")))"
    }
  }
}

/// `text` between single quotes, for a shell.
func shellQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    + "'"
}
