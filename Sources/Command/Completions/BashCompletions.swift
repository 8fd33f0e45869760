/// Completions for bash: a function that walks the words to the command and offers what follows.
enum BashCompletions {
  static func script(_ specs: [CommandSpec]) -> String {
    var lines = [
      "# coinvent completions for bash.", "_coinvent() {",
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}",
      "  local path= word index candidate",
      "  for ((index = 1; index < COMP_CWORD; index++)); do",
      "    word=${COMP_WORDS[index]}", "    [[ $word == -* ]] && continue",
      "    candidate=\"${path:+$path }$word\"",
      "    case \"$candidate\" in",
      "      \(paths(specs).map { "\"\($0)\"" }.joined(separator: "|"))) path=$candidate ;;",
      "    esac", "  done", "  case \"$path:$previous\" in",
    ]
    for spec in specs {
      for option in spec.allOptions where option.value != nil {
        let pattern = "\"\(spec.name):--\(option.name)\""
        lines.append("    \(pattern)) \(reply(option.completes)); return ;;")
      }
    }
    lines += ["  esac", "  case \"$path\" in"]
    for path in paths(specs) + [""] { lines += branch(path, specs) }
    lines += ["  esac", "}", "complete -F _coinvent coinvent", ""]
    return lines.joined(separator: "\n")
  }

  private static func branch(_ path: String, _ specs: [CommandSpec]) -> [String] {
    var words: [String] = nextWords(path, specs)
    var files = ""
    if let spec = specs.first(where: { $0.name == path }) {
      words += spec.allOptions.map { "--\($0.name)" }
      for argument in spec.arguments {
        switch argument.completes {
        case .nothing: break
        case .file: files = " -f"
        case .folder: files = " -d"
        case .words(let more): words += more
        }
      }
    } else {
      words += ["--help"] + (path.isEmpty ? ["--version"] : [])
    }
    let list = words.joined(separator: " ")
    return ["    \"\(path)\") COMPREPLY=($(compgen\(files) -W '\(list)' -- \"$current\")) ;;"]
  }

  private static func reply(_ completion: Completion) -> String {
    switch completion {
    case .nothing: "COMPREPLY=()"
    case .file: "COMPREPLY=($(compgen -f -- \"$current\"))"
    case .folder: "COMPREPLY=($(compgen -d -- \"$current\"))"
    case .words(let words):
      "COMPREPLY=($(compgen -W '\(words.joined(separator: " "))' -- \"$current\"))"
    }
  }
}

/// Every command and group: `members`, `members create`, …
func paths(_ specs: [CommandSpec]) -> [String] {
  var paths: [String] = []
  for spec in specs {
    for length in 1...spec.path.count {
      let path = spec.path.prefix(length).joined(separator: " ")
      if !paths.contains(path) { paths.append(path) }
    }
  }
  return paths
}

/// The words that may follow a path: `create` after `members`.
func nextWords(_ path: String, _ specs: [CommandSpec]) -> [String] {
  let words = path.split(separator: " ").map(String.init)
  var next: [String] = []
  for spec in specs where spec.path.starts(with: words) && spec.path.count > words.count {
    if !next.contains(spec.path[words.count]) { next.append(spec.path[words.count]) }
  }
  return next
}
