import Glibc
import JSON
import Testing

@testable import HTTPServer

/// What is too large, too slow or too many is refused, and the refusal says why.
@Suite(.timeLimit(.minutes(5))) struct LimitTests {
  @Test func `a body over the limit is 413 and the answer is seen by a client that sends it all`()
    async throws
  {
    try await withServer(echo, { $0.bodyLimit = 1000 }) { server in
      let body = [UInt8](repeating: 65, count: 3_000_000)
      let client = RawClient(port: server.port)
      client.send(
        "POST / HTTP/1.1\r\nHost: x\r\nX-Request-Id: r1\r\nContent-Length: 3000000\r\n\r\n")
      client.send(body)
      client.finishSending()
      let answer = try #require(await client.everything())
      #expect(answer.status == 413)
      #expect(answer.field("X-Request-Id") == "r1")
      let problem = try JSON.parse(answer.bodyText)
      #expect(problem["status"]?.int == 413)
      #expect(problem["detail"]?.string?.contains("1000") == true)

      let chunks = RawClient(port: server.port)
      chunks.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<20 {
        chunks.send("64\r\n")
        chunks.send([UInt8](repeating: 66, count: 100))
        chunks.send("\r\n")
      }
      #expect(await chunks.text(containing: "\r\n\r\n")?.status == 413)

      let asking = RawClient(port: server.port)
      asking.send(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n")
      #expect(await asking.everything()?.status == 413)

      let fitting = RawClient(port: server.port)
      fitting.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
      fitting.send(Array(body.prefix(1000)))
      #expect(await fitting.answer()?.status == 200)
    }
  }

  @Test func `a responder may set another body limit for a route`() async throws {
    try await withServer(Answer(limit: 10, echo.body)) { server in
      let client = RawClient(port: server.port)
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n12345678901")
      #expect(await client.everything()?.status == 413)
    }
  }

  @Test func `a head over 16 KiB or with over 100 fields is 431`() async throws {
    try await withServer { server in
      let long = RawClient(port: server.port)
      long.send(get("/", "A: \(String(repeating: "a", count: 16 * 1024))\r\n"))
      let answer = try #require(await long.everything())
      #expect(answer.status == 431)
      #expect(answer.field("Content-Type") == "application/problem+json")

      let many = RawClient(port: server.port)
      many.send(get("/", (0..<100).map { "A\($0): b\r\n" }.joined()))
      #expect(await many.everything()?.status == 431)

      let most = RawClient(port: server.port)
      most.send(get("/", (0..<99).map { "A\($0): b\r\n" }.joined()))
      #expect(await most.answer()?.status == 200)

      let longest = RawClient(port: server.port)
      longest.send(get("/", "A: \(String(repeating: "a", count: 16_300))\r\n"))
      #expect(await longest.answer()?.status == 200)

      let both = RawClient(port: server.port)
      let value = String(repeating: "v", count: 155)
      for _ in 0..<2 {
        both.send(get("/", (10..<109).map { "A\($0): \(value)\r\n" }.joined()))
        #expect(await both.answer()?.status == 200)
      }

      // The library's own limit, with the library's own page.
      let huge = RawClient(port: server.port)
      huge.send(get("/", "A: \(String(repeating: "a", count: 100_000))\r\n"))
      #expect(await huge.text(containing: "\r\n")?.status == 431)
      let target = RawClient(port: server.port)
      target.send(get("/\(String(repeating: "a", count: 100_000))"))
      #expect(await target.text(containing: "\r\n")?.status == 414)
    }
  }

  @Test func `a client that sends its head byte by byte is cut off with 408`() async throws {
    try await withServer(echo, { $0.headTimeLimit = .milliseconds(500) }) { server in
      let client = RawClient(port: server.port)
      let began = ContinuousClock.now
      for byte in get("/", "A: \(String(repeating: "a", count: 100))\r\n").utf8 {
        if !client.send([byte]) { break }
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(await client.everything()?.status == 408)
      #expect(ContinuousClock.now - began < .seconds(15))

      // Also in the second request of a connection, and before its request line is whole.
      let second = RawClient(port: server.port)
      second.send(get("/"))
      #expect(await second.answer()?.status == 200)
      try await Task.sleep(for: .milliseconds(600))
      for byte in "GET /\(String(repeating: "a", count: 100))".utf8 {
        if !second.send([byte]) { break }
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(await second.everything()?.status == 408)

      let silent = RawClient(port: server.port)
      #expect(await silent.everything() == "")
    }
  }

  @Test func `an idle connection is closed and one in use is not`() async throws {
    try await withServer(echo, { $0.idleLimit = .seconds(3) }) { server in
      let (idle, busy) = (RawClient(port: server.port), RawClient(port: server.port))
      idle.send(get("/"))
      #expect(await idle.answer()?.status == 200)
      var (turns, last) = (0, ContinuousClock.now)
      while await idle.everything(within: 0.3) == nil, turns < 100 {
        turns += 1
        // On a very busy machine the test itself may be late, and then the server is right.
        if ContinuousClock.now - last > .seconds(2) { return }
        busy.send(get("/"))
        #expect(await busy.answer()?.status == 200)
        last = .now
      }
      #expect(turns < 100)
    }
  }

  @Test func `a body that comes too slowly is cut off with 408`() async throws {
    let settings: (inout ServerConfiguration) -> Void = {
      $0.rateGrace = .milliseconds(500)
      $0.leastRate = 200
    }
    try await withServer(echo, settings) { server in
      let client = RawClient(port: server.port)
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n")
      for _ in 0..<200 {
        if !client.send("ab") { break }
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(await client.everything()?.status == 408)

      let brisk = RawClient(port: server.port)
      brisk.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
      for _ in 0..<20 {
        brisk.send([UInt8](repeating: 65, count: 3000))
        try await Task.sleep(for: .milliseconds(60))
      }
      #expect(await brisk.answer()?.status == 200)
    }
  }

  @Test func `a client that does not take its answer is cut off`() async throws {
    let large = Answer { _ in .text(String(repeating: "a", count: 20_000_000)) }
    let settings: (inout ServerConfiguration) -> Void = {
      $0.rateGrace = .milliseconds(300)
      $0.leastRate = 1_000_000
    }
    try await withServer(large, settings) { server in
      let client = RawClient(port: server.port, receiveBuffer: 4096)
      client.send(get("/"))
      let deadline = ContinuousClock.now + .seconds(20)
      while server.connections > 0 && ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(server.connections == 0)
    }
  }

  @Test func `connections over the limit are told 503, over the address's limit closed`()
    async throws
  {
    try await withServer(echo, { $0.connectionLimit = 3 }) { server in
      let first = (0..<3).map { _ in RawClient(port: server.port) }
      for client in first {
        client.send(get("/"))
        #expect(await client.answer()?.status == 200)
      }
      let surplus = RawClient(port: server.port)
      surplus.send(get("/"))
      let answer = try #require(await surplus.everything())
      #expect(answer.status == 503)
      #expect(answer.field("Retry-After") == "1")
    }
    try await withServer(echo, loops: 2, { $0.connectionsPerAddress = 4 }) { server in
      let clients = (0..<4).map { _ in RawClient(port: server.port) }
      for client in clients {
        client.send(get("/"))
        #expect(await client.answer()?.status == 200)
      }
      let fifth = RawClient(port: server.port)
      fifth.send(get("/"))
      #expect(await fifth.everything() == "")
      clients[0].send(get("/", "Connection: close\r\n"))
      #expect(await clients[0].everything()?.status == 200)
      try await Task.sleep(for: .milliseconds(100))
      let next = RawClient(port: server.port)
      next.send(get("/"))
      #expect(await next.answer()?.status == 200)
    }
  }
}
