import Glibc

// Writes one Swift file that holds every migration's number, name and text as literals.
// Called by the build: EmbedSchema OUTPUT FILE.sql …

func die(_ message: String) -> Never {
  let line = "EmbedSchema: \(message)\n"
  _ = line.withCString { write(2, $0, strlen($0)) }
  exit(1)
}

func read(_ path: String) -> String {
  guard let file = fopen(path, "r") else { die("cannot read \(path)") }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    if count == 0 { break }
    bytes += chunk[0..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}

@main
enum EmbedSchema {
  static func main() {
    guard CommandLine.arguments.count >= 2 else { die("usage: EmbedSchema OUTPUT FILE.sql …") }
    var swift = "// Made by the build from Schema/.\n"
    swift += "public let embeddedMigrations: [EmbeddedMigration] = [\n"
    for path in CommandLine.arguments.dropFirst(2).sorted() {
      let file = path.split(separator: "/").last.map(String.init) ?? path
      let parts = file.dropLast(4).split(separator: "-", maxSplits: 1)
      guard file.hasSuffix(".sql"), parts.count == 2, parts[0].count == 4,
        let number = Int(parts[0])
      else { die("\(file): a migration is named NNNN-name.sql") }
      let text = read(path)
      guard !text.contains("\"####") else { die("\(file): holds the literal's own end mark") }
      swift += "  EmbeddedMigration(number: \(number), name: \"\(parts[1])\", sql: ####\"\"\"\n"
      swift += text
      swift += "\n\"\"\"####),\n"
    }
    swift += "]\n"
    // The build may link this tool anew and run it for nothing; a file that is written is compiled,
    // and everything with it, for some minutes.
    let output = CommandLine.arguments[1]
    if access(output, R_OK) == 0, read(output) == swift { return }
    guard let out = fopen(output, "w") else { die("cannot write \(output)") }
    fputs(swift, out)
    fclose(out)
  }
}
