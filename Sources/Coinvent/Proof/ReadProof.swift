import JSON
import Ledger
import Postgres

/// What is wrong with a proof, in words for people.
public struct ProofFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// In the file: `/settlements/0/path`; empty for the whole.
  public let place: String
  public let detail: String
  public var description: String { place.isEmpty ? detail : "\(place): \(detail)" }
}

/// Reads a proof's file, without believing any of it.
enum ReadProof {
  static func run(_ bytes: [UInt8]) throws(ProofFault) -> Proof {
    let json: JSON
    do throws(JSONError) {
      json = try JSON.parse(bytes)
    } catch { throw ProofFault(place: "", detail: "The file is no JSON: \(error)") }
    let file = ProofFields(json: json, place: "")
    guard try file.text("format") == Proof.format else {
      throw ProofFault(place: "/format", detail: "is not “\(Proof.format)”")
    }
    let member: MemberID = try file.id("member")
    let proof = Proof(
      member: member,
      settlements: try file.list("settlements") { part throws(ProofFault) in
        try lines(of: member, part)
      },
      payouts: try file.list("payouts") { part throws(ProofFault) in try step(of: member, part) })
    // Nothing may hide between what is read: the file is exactly what would be written.
    guard bytes == proof.file || bytes == proof.json.bytes() else {
      throw ProofFault(
        place: "", detail: "The file holds something else than was written, or in another form.")
    }
    return proof
  }

  private static func lines(of member: MemberID, _ part: ProofFields) throws(ProofFault)
    -> Proof.Lines
  {
    let lines = MemberLines(
      settlement: try part.id("settlement"), member: member,
      lines: try part.list("lines") { line throws(ProofFault) in try self.line(line) })
    return Proof.Lines(
      lines: lines, salt: try part.hash("salt"), index: Int(try part.number("index")),
      leaves: Int(try part.number("leaves")), path: try part.hashes("path"),
      moment: try part.moment("moment"), chain: try chained(part))
  }

  private static func line(_ part: ProofFields) throws(ProofFault) -> MemberLines.Line {
    let ppb = try part.number("share_ppb")
    guard ppb <= Recipe.whole else { throw part.fault("share_ppb", "is more than all") }
    let line = MemberLines.Line(
      product: try part.id("product"), contractVersion: Int(try part.number("contract_version")),
      shareVersion: Int(try part.number("share_version")), currency: try part.currency(),
      kind: try part.word("kind"), ppb: ppb,
      before: try part.nanos("pool_before"), after: try part.nanos("pool_after"))
    guard try part.nanos("amount") == line.amount else {
      throw part.fault(
        "amount",
        "is not what the share of the pool is: \(ppb) ppb of the pool after it, less the same of "
          + "the pool before, are \(NineDigits.text(line.amount))")
    }
    return line
  }

  private static func step(of member: MemberID, _ part: ProofFields) throws(ProofFault)
    -> Proof.Step
  {
    let amount = Amount(nanos: try part.nanos("amount"), currency: try part.currency())
    let step = ChainPayout(
      payout: try part.id("payout"), step: Int(try part.number("step")), member: member,
      rail: try part.word("rail"), from: try part.word("from"), to: try part.word("to"),
      amount: amount, moment: try part.moment("moment"))
    return Proof.Step(step: step, chain: try chained(part))
  }

  private static func chained(_ parent: ProofFields) throws(ProofFault) -> Proof.Chained {
    let part = try parent.part("chain")
    guard let key = PublicKey(try part.text("key")) else {
      throw part.fault("key", "is no key such as NAME+HASH+KEY")
    }
    return Proof.Chained(
      number: try part.number("number"), previous: try part.hash("previous"),
      following: try part.hashes("following"), checkpoint: try part.text("checkpoint"), key: key)
  }
}

/// The members of an object in a proof.
struct ProofFields {
  let json: JSON
  let place: String

  func fault(_ name: String, _ detail: String) -> ProofFault {
    ProofFault(place: "\(place)/\(name)", detail: detail)
  }

  func text(_ name: String) throws(ProofFault) -> String {
    guard let text = json[name]?.string else { throw fault(name, "is not there as text") }
    return text
  }

  /// Never negative, and within 62 bits.
  func number(_ name: String) throws(ProofFault) -> Int64 {
    guard let number = json[name]?.int, (0...(1 << 62)).contains(number) else {
      throw fault(name, "is not there as a whole number")
    }
    return number
  }

  func nanos(_ name: String) throws(ProofFault) -> Int64 {
    guard let nanos = NineDigits.nanos(try text(name)) else {
      throw fault(name, "is no amount with nine digits behind the point")
    }
    return nanos
  }

  func hash(_ name: String) throws(ProofFault) -> [UInt8] {
    guard let hash = Digest.bytes(hex: try text(name)), hash.count == 32 else {
      throw fault(name, "is not 32 bytes in hexadecimal")
    }
    return hash
  }

  func hashes(_ name: String) throws(ProofFault) -> [[UInt8]] {
    guard let list = json[name]?.array else { throw fault(name, "is not there as a list") }
    var hashes: [[UInt8]] = []
    for (place, element) in list.enumerated() {
      guard let hash = element.string.flatMap(Digest.bytes(hex:)), hash.count == 32 else {
        throw fault("\(name)/\(place)", "is not 32 bytes in hexadecimal")
      }
      hashes.append(hash)
    }
    return hashes
  }

  func id<ID: EntityID>(_ name: String) throws(ProofFault) -> ID {
    guard let id = ID(try text(name)) else {
      throw fault(name, "is no id that begins with \(ID.prefix)_")
    }
    return id
  }

  func moment(_ name: String) throws(ProofFault) -> Timestamp {
    guard let moment = Timestamp(rfc3339: try text(name)) else {
      throw fault(name, "is no moment such as 2026-01-31T12:00:00Z")
    }
    return moment
  }

  func currency() throws(ProofFault) -> Currency {
    guard let currency = Currency(try text("currency")) else {
      throw fault("currency", "is no currency")
    }
    return currency
  }

  func word<Word: RawRepresentable>(_ name: String) throws(ProofFault) -> Word
  where Word.RawValue == String {
    guard let word = Word(rawValue: try text(name)) else { throw fault(name, "is no word of ours") }
    return word
  }

  func part(_ name: String) throws(ProofFault) -> ProofFields {
    guard let part = json[name], part.object != nil else { throw fault(name, "is not there") }
    return ProofFields(json: part, place: "\(place)/\(name)")
  }

  func list<Element>(
    _ name: String, _ read: (ProofFields) throws(ProofFault) -> Element
  ) throws(ProofFault) -> [Element] {
    guard let list = json[name]?.array else { throw fault(name, "is not there as a list") }
    var elements: [Element] = []
    for (number, element) in list.enumerated() {
      elements.append(
        try read(ProofFields(json: element, place: "\(place)/\(name)/\(number)")))
    }
    return elements
  }
}
