import Testing

@testable import Load

@Suite struct LoadTests {
  @Test func `buckets are never wider than a sixty-fourth of their values`() {
    var last = -1
    for value in (0...5_000).map(UInt64.init) + (13...40).map({ (1 << $0) + 12_345 }) {
      let bucket = Latencies.bucket(value)
      let top = Latencies.top(of: bucket)
      #expect(top >= value && top - value <= value / 64, "\(value) is in a bucket up to \(top)")
      #expect(bucket >= last)
      last = bucket
    }
  }

  @Test func `percentiles are those of the sorted values`() {
    var random = SystemRandomNumberGenerator()
    var latencies = Latencies()
    var values: [UInt64] = []
    for _ in 0..<10_000 {
      let value = UInt64.random(in: 0...1_000_000, using: &random) / UInt64.random(in: 1...50)
      latencies.add(value)
      values.append(value)
    }
    values.sort()
    for part in [0.5, 0.9, 0.99, 0.999, 1] {
      let exact = values[Int((10_000 * part).rounded(.up)) - 1]
      let found = latencies.percentile(part)
      #expect(found >= exact && found <= exact + exact / 64 + 1, "\(part): \(found), \(exact)")
    }
    #expect(latencies.longest == values.last)
    #expect(Latencies().percentile(0.5) == 0)
  }

  @Test func `no pair of token and idea comes twice`() throws {
    for (ideas, tokens) in [(1, 1), (1, 7), (12, 10), (97, 13)] {
      var options = try Options(["--plan", "path"])
      options.plan = .votes
      options.ideas = (0..<ideas).map { "idea_\($0)" }
      options.tokens = (0..<tokens).map { "cvt_\($0)" }
      var requests = Requests(options)
      var seen: Set<[UInt32]> = []
      for _ in 0..<ideas * tokens {
        let (text, token, idea) = write(&requests)
        #expect(text.hasPrefix("PUT /v1/ideas/idea_\(idea)/vote HTTP/1.1\r\n"))
        #expect(text.hasSuffix("Authorization: Bearer cvt_\(token)\r\n\r\n"))
        seen.insert([token, idea])
      }
      #expect(seen.count == ideas * tokens)
    }
  }

  @Test func `a tag that is known makes the request conditional`() throws {
    var options = try Options(["--plan", "etag", "--path", "/v1/ideas"])
    options.plan = .etag
    var requests = Requests(options)
    #expect(write(&requests).text == "GET /v1/ideas HTTP/1.1\r\nHost: localhost\r\n\r\n")
    requests.tag = Array("\"a\"".utf8)
    #expect(write(&requests).text.hasSuffix("Host: localhost\r\nIf-None-Match: \"a\"\r\n\r\n"))
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\nContent-Length: 12\r\nA: b\r\n\r\nhalf", 200, 57),
    ("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", 304, 40),
    ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, 48),
    ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", 503, 55),
  ])
  func `the head of an answer tells its length`(_ text: String, _ status: Int, _ length: Int) {
    let answer = read(text)
    #expect(answer?.status == status && answer?.length == length, "\(String(describing: answer))")
    #expect(read(String(text.prefix(20))) == nil)
  }

  @Test func `what cannot be measured is no answer`() {
    #expect(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") == nil)
    #expect(read("nonsense\r\n\r\n") == nil)
  }

  @Test(arguments: [
    ["--rate"], ["--rate", "much"], ["--plan", "all"], ["--speed", "9"], ["--connections", "0"],
    ["--ideas", "/no/such/file"], ["--plan", "votes"], ["--log", "x"], ["--seconds", "-1"],
  ])
  func `what is no option is refused by name`(_ words: [String]) {
    #expect(throws: Failure.self) { try Options(words) }
  }

  private func write(_ requests: inout Requests) -> (text: String, token: UInt32, idea: UInt32) {
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: Requests.limit)
    defer { buffer.deallocate() }
    let (length, token, idea) = requests.write(into: buffer)
    let bytes = UnsafeBufferPointer(start: buffer, count: length)
    return (String(decoding: bytes, as: UTF8.self), token, idea)
  }

  private func read(_ text: String) -> Answer? {
    Array(text.utf8).withUnsafeBytes { Answer($0) }
  }
}
