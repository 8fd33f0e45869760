import Coinvent
import JSON

/// `coinvent proof check FILE`
enum ProofCheckCommand: Command {
  static let file = Argument("FILE", "What coinvent proof or the API wrote.", completes: .file)
  static let key = Option.value(
    "key", "KEY", "The public key that must have signed; several times for several.", many: true)

  static let spec = CommandSpec(
    "proof check", summary: "Check a member's proof from nothing but the file.",
    examples: [
      Example("coinvent proof check ada.json", "Whether all of it fits together."),
      Example(
        "coinvent proof check ada.json --key ideas.example.org+0f2d…+AW…",
        "And whether this key has signed it."),
    ],
    arguments: [file], options: [key], needs: .nothing,
    notes: [
      "It needs no database, no settings and no network. Without --key the file itself says who "
        + "signed: compare that key with one that you have from elsewhere.",
      "Exit codes: 0 the proof holds, 5 it does not.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    var trusted: [PublicKey] = []
    for text in context.all(key) {
      guard let key = PublicKey(text) else {
        throw Failure.usage("--key: “\(text)” is no public key such as NAME+HASH+KEY.")
      }
      trusted.append(key)
    }
    let path = context.argument(file)
    let text: String
    do throws(FileFailure) { text = try readText(path) } catch {
      throw Failure(.error, "\(error)")
    }
    do throws(ProofFault) {
      show(try CheckProof.run(Array(text.utf8), trusted: trusted), context)
      return .ok
    } catch {
      context.output.say("The proof does not hold. \(error)")
      context.output.json([
        "holds": false, "place": .string(error.place), "detail": .string(error.detail),
      ])
      return .unbalanced
    }
  }

  private static func show(_ shown: CheckProof.Shown, _ context: Context) {
    context.output.say("The proof of \(shown.proof.member) holds.")
    for sentence in shown.sentences { context.output.say("  \(sentence)") }
    for key in shown.keys {
      context.output.say(
        shown.isTrusted ? "Signed by \(key), as asked." : "Signed by \(key): is that the right key?"
      )
    }
    context.output.json([
      "holds": true, "member": .string(shown.proof.member.description),
      "trusted": .bool(shown.isTrusted),
      "keys": .array(shown.keys.map { .string("\($0)") }),
      "shows": .array(shown.sentences.map { .string($0) }),
    ])
  }
}
