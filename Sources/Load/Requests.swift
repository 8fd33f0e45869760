/// Writes the requests of a plan, one after the other, straight into a connection's buffer.
struct Requests {
  private let options: Options
  private let heads: [[UInt8]]
  private let tails: [[UInt8]]
  private var next: UInt64
  private let step: UInt64
  private let count: UInt64
  /// Of the first answer, for the plan `etag`.
  var tag: [UInt8]?

  /// The longest request.
  static let limit = 4096

  init(_ options: Options) {
    self.options = options
    let host = " HTTP/1.1\r\nHost: localhost\r\n"
    let extra = options.header.isEmpty ? "" : "\(options.header)\r\n"
    switch options.plan {
    case .reads:
      heads = options.ideas.map { Array("GET /v1/ideas/\($0)\(host)\r\n".utf8) }
      tails = []
    case .votes:
      heads = options.ideas.map {
        Array("PUT /v1/ideas/\($0)/vote\(host)Content-Length: 0\r\nAuthorization: Bearer ".utf8)
      }
      tails = options.tokens.map { Array("\($0)\r\n\r\n".utf8) }
    case .path, .etag:
      heads = [Array("GET \(options.path)\(host)\(extra)".utf8)]
      tails = []
    case .post:
      let fields = "Content-Type: application/json\r\nContent-Length: \(options.body.utf8.count)"
      heads = [Array("POST \(options.path)\(host)\(extra)\(fields)\r\n\r\n\(options.body)".utf8)]
      tails = []
    }
    count = UInt64(heads.count) * UInt64(max(1, tails.count))
    // Steps of about 0.618 of all, and prime to it, visit each once and neighbours far apart.
    var step = UInt64(Double(count) * 0.618_033_988_7) | 1
    while Requests.divisor(step, count) != 1 { step += 2 }
    self.step = step % max(1, count)
    next = options.seed &* 7_919 % count
  }

  private static func divisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// Writes the next request.
  /// - Returns: its length, and which token and idea it is about.
  mutating func write(into buffer: UnsafeMutablePointer<UInt8>)
    -> (length: Int, token: UInt32, idea: UInt32)
  {
    let pair = next
    next += step
    if next >= count { next -= count }
    let idea = Int(pair % UInt64(heads.count))
    var length = copy(heads[idea], to: buffer)
    var token = 0
    switch options.plan {
    case .votes:
      token = Int(pair / UInt64(heads.count))
      length += copy(tails[token], to: buffer + length)
    case .path, .etag:
      if let tag {
        length += copy(Requests.condition, to: buffer + length)
        length += copy(tag, to: buffer + length)
        length += copy(Requests.lineEnd, to: buffer + length)
      }
      length += copy(Requests.lineEnd, to: buffer + length)
    case .reads, .post: break
    }
    return (length, UInt32(token), UInt32(idea))
  }

  private static let condition = Array("If-None-Match: ".utf8)
  private static let lineEnd: [UInt8] = [13, 10]

  private func copy(_ bytes: [UInt8], to place: UnsafeMutablePointer<UInt8>) -> Int {
    bytes.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { place.update(from: start, count: source.count) }
    }
    return bytes.count
  }
}
