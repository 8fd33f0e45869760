import Coinvent
import JSON

/// `coinvent proof key`
enum ProofKeyCommand: Command {
  static let name = Option.value(
    "name", "NAME", "What the key is called in signatures, for example a domain.",
    standard: "coinvent")

  static let spec = CommandSpec(
    "proof key", summary: "Show the key that signs the books, and make it when there is none.",
    examples: [
      Example("coinvent proof key --name ideas.example.org", "Make it, and show its public half."),
      Example("coinvent proof key", "Show it again."),
    ],
    options: [name, Setting.proofKeyFile.option],
    notes: [
      "The secret half stays in its file, which only its owner may read: keep a copy that is not "
        + "beside the database. The public half is published at GET /v1/proof/key; members who "
        + "keep it can check proofs without trusting the server.",
      "To begin another key, move the file away. What was signed stays good under the old one.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let file = context.settings.proofKeyFile
    let (key, isNew) = try keep(file, context)
    _ = try await context.withPool { pool in try await PublishKey.run(key.publicKey, in: pool) }
    context.output.note(isNew ? "Made \(file); keep it secret, and a copy of it." : "From \(file).")
    context.output.say("\(key.publicKey)")
    context.output.json(["key": .string("\(key.publicKey)"), "made": .bool(isNew)])
    return .ok
  }

  private static func keep(_ file: String, _ context: Context) throws(Failure) -> (
    key: SealingKey, isNew: Bool
  ) {
    if let key = try ProofWork.key(context) {
      if let wish = context[name], wish != key.publicKey.name {
        throw Failure(
          .busy, "\(file) holds a key that is called “\(key.publicKey.name)”.",
          mend: "Move the file away to begin another key.")
      }
      return (key, false)
    }
    let wish = context[name] ?? "coinvent"
    guard PublicKey.isName(wish), let key = SealingKey.new(name: wish) else {
      throw .usage("--name: “\(wish)” is not 1 to 100 visible ASCII characters without “+”.")
    }
    do throws(Failure) {
      let whole = try WholeFile(file)
      try whole.write(Array("\(key.text)\n".utf8))
      try whole.finish()
    } catch {
      throw Failure(
        error.code, error.message,
        mend: "Make its folder, or name another file with --proof-key-file.")
    }
    return (key, true)
  }
}
