/// What goes wrong on purpose: by chance (reproducible: the same seed, key and attempt always meet
/// the same fault) or by script, one fault a transfer request in the order they come.
public struct SandboxFaults: Sendable {
  public enum Fault: String, CaseIterable, Sendable {
    case none = "ok"
    /// Takes the order, then says nothing for longer than any caller waits.
    case timeout
    /// Answers 500 and has done nothing.
    case errorBefore = "500-before"
    /// Answers 500 although it has taken the order.
    case errorAfter = "500-after"
    /// Takes the order and answers 409, as if it had come twice.
    case duplicate
    /// Takes the order and cuts the connection.
    case drop
    /// Takes the order, and fails later.
    case lateFailure = "late-failure"
    /// Pays, and the bank sends the money back later.
    case returned
    /// Answers 422: this order will never be taken.
    case refuse
  }

  public struct Wrong: Error, CustomStringConvertible, Equatable {
    public let description: String
  }

  private var percents: [(fault: Fault, percent: UInt64)] = []
  private var script: [Fault] = []
  private var seed: UInt64 = 1
  /// Chance in percent that a look-up or the list of changes answers 500.
  private(set) var lookupErrors: UInt64 = 0
  /// How long a transfer stays `accepted`, in milliseconds; 0 pays at once.
  private(set) var settle: Int64 = 0
  /// How long after the order a late failure or a return happens, in milliseconds.
  private(set) var late: Int64 = 300
  /// How long `timeout` says nothing, in milliseconds.
  private(set) var hang: Int64 = 15_000

  public static let none = SandboxFaults()

  private init() {}

  /// Reads `name=value` pairs separated by commas: a fault's name with its chance in percent,
  /// `lookup-500`, `settle-ms`, `late-ms`, `hang-ms`, `seed`, and `script=fault/fault/…`.
  public init(_ text: String) throws(Wrong) {
    for pair in text.split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw Wrong(description: "\(pair) is not name=value")
      }
      try read(parts[0], parts[1])
    }
    guard percents.reduce(0, { $0 + $1.percent }) <= 100 else {
      throw Wrong(description: "the chances of all faults add up to more than 100 percent")
    }
  }

  private mutating func read(_ name: String, _ value: String) throws(Wrong) {
    if name == "script" { return try readScript(value) }
    guard let number = UInt64(value), number <= 86_400_000 else {
      throw Wrong(description: "\(name)=\(value): the value must be a whole number")
    }
    switch name {
    case "seed": seed = number
    case "settle-ms": settle = Int64(number)
    case "late-ms": late = Int64(number)
    case "hang-ms": hang = Int64(number)
    case "lookup-500": lookupErrors = min(number, 100)
    default:
      guard let fault = Fault(rawValue: name), number <= 100 else {
        throw Wrong(description: "\(name)=\(value): no such fault, or more than 100 percent")
      }
      percents.append((fault, number))
    }
  }

  private mutating func readScript(_ value: String) throws(Wrong) {
    for name in value.split(separator: "/") {
      guard let fault = Fault(rawValue: String(name)) else {
        let known = Fault.allCases.map(\.rawValue).joined(separator: ", ")
        throw Wrong(description: "\(name) is no fault; known are \(known)")
      }
      script.append(fault)
    }
  }

  /// The fault that request number `request` (from 0) for `key` meets, its `attempt`-th (from 0).
  func fault(key: String, attempt: Int, request: Int) -> Fault {
    if !script.isEmpty { return request < script.count ? script[request] : .none }
    var roll = chance(key, salt: UInt64(attempt))
    for (fault, percent) in percents {
      if roll < percent { return fault }
      roll -= percent
    }
    return .none
  }

  func failsLookup(key: String, attempt: Int) -> Bool {
    chance(key, salt: UInt64(attempt) | 1 << 40) < lookupErrors
  }

  /// 0…99, from the seed, the key and the salt alone.
  private func chance(_ key: String, salt: UInt64) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ (seed &* 0x9e37_79b9_7f4a_7c15)
    for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ salt) &+ 0x9e37_79b9_7f4a_7c15
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    return (hash ^ (hash >> 31)) % 100
  }
}
