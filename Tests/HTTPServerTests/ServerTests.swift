import EventLoop
import Glibc
import JSON
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(5))) struct ServerTests {
  @Test func `a request gets its answer and the connection stays for the next`() async throws {
    try await withServer { server in
      let client = RawClient(port: server.port)
      for turn in 0..<3 {
        client.send(get("/v1/a%20b/\(turn)?q=1"))
        let answer = try #require(await client.answer())
        #expect(answer.status == 200)
        #expect(answer.field("Date") != nil)
        #expect(answer.bodyText == "GET /v1/a%20b/\(turn) [\"v1\", \"a b\", \"\(turn)\"] 0 ")
      }
    }
  }

  @Test func `pipelined requests are answered in their order`() async throws {
    let slow = Answer { request in
      if request.path == "/0" { try? await Task.sleep(for: .milliseconds(50)) }
      return .text(request.path)
    }
    try await withServer(slow) { server in
      let client = RawClient(port: server.port)
      client.send((0..<5).map { get("/\($0)") }.joined())
      for number in 0..<5 { #expect(await client.answer()?.bodyText == "/\(number)") }
    }
  }

  @Test func `a body comes whole, with a length or in chunks`() async throws {
    try await withServer { server in
      let client = RawClient(port: server.port)
      client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel")
      try await Task.sleep(for: .milliseconds(30))
      client.send("lo")
      #expect(await client.answer()?.bodyText.hasSuffix("5 hello") == true)
      client.send("PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel")
      try await Task.sleep(for: .milliseconds(30))
      client.send("\r\n2\r\nlo\r\n0\r\n\r\n")
      #expect(await client.answer()?.bodyText.hasSuffix("5 hello") == true)
      let large = [UInt8](repeating: 65, count: 900_000)
      client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n")
      client.send(large)
      #expect(await client.answer()?.bodyText.contains(" 900000 AAA") == true)
      client.send("DELETE /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
      #expect(await client.answer()?.bodyText == "DELETE /a [\"a\"] 0 ")
    }
  }

  @Test func `HEAD is answered like GET without the body`() async throws {
    try await withServer { server in
      let client = RawClient(port: server.port)
      client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try #require(await client.answer(head: true))
      #expect(answer.status == 200)
      #expect(answer.field("Content-Length") == "\("HEAD GET /a [\"a\"] 0 ".utf8.count)")
      client.send(get("/b"))
      #expect(await client.answer()?.bodyText.hasPrefix("GET /b") == true)
    }
  }

  @Test func `handlers that wait are answered, on their loop, over several loops`() async throws {
    let waiting = Answer { request in
      for _ in 0..<3 { await Task.yield() }
      try? await Task.sleep(for: .milliseconds(1))
      return .text(request.path)
    }
    try await withServer(waiting, loops: 2) { server in
      let port = server.port
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask {
            let client = RawClient(port: port)
            for turn in 0..<20 {
              client.send(get("/\(number)/\(turn)"))
              #expect(await client.answer()?.bodyText == "/\(number)/\(turn)")
            }
          }
        }
      }
    }
  }

  @Test func `Connection close and HTTP 1.0 end the connection`() async throws {
    try await withServer { server in
      let client = RawClient(port: server.port)
      client.send(get("/", "Connection: close\r\n"))
      #expect(await client.everything()?.status == 200)
      let old = RawClient(port: server.port)
      old.send("GET / HTTP/1.0\r\n\r\n")
      #expect(await old.everything()?.hasPrefix("HTTP/1.0 200") == true || old.isClosed)
    }
  }

  @Test func `a client that asks first is told to continue`() async throws {
    try await withServer { server in
      let client = RawClient(port: server.port)
      client.send(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
      #expect(await client.answer()?.status == 100)
      client.send("ok")
      #expect(await client.answer()?.bodyText.hasSuffix("2 ok") == true)
    }
  }

  @Test func `request ids and traces are taken over, continued and made`() async throws {
    let tracing = Answer { request in
      .text("\(request.trace.traceID) \(request.trace.parentID ?? "-") \(request.trace.spanID)")
    }
    try await withServer(tracing) { server in
      let client = RawClient(port: server.port)
      let trace = "0af7651916cd43dd8448eb211c80319c"
      client.send(
        get(
          "/", "X-Request-Id: abc-1\r\ntraceparent: 00-\(trace)-b7ad6b7169203331-01\r\n"))
      let first = try #require(await client.answer())
      #expect(first.field("X-Request-Id") == "abc-1")
      #expect(first.bodyText.hasPrefix("\(trace) b7ad6b7169203331 "))
      client.send(get("/", "X-Request-Id: <script>\r\ntraceparent: 00-0-0-01\r\n"))
      let second = try #require(await client.answer())
      #expect(second.field("X-Request-Id")?.count == 32)
      #expect(!second.bodyText.contains(trace) && second.bodyText.contains(" - "))
    }
  }

  @Test func `a busy port is a clear error, also when its owner shares it`() async throws {
    let owner = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(owner) }
    var on: Int32 = 1
    setsockopt(owner, SOL_SOCKET, SO_REUSEPORT, &on, 4)
    setsockopt(owner, SOL_SOCKET, SO_REUSEADDR, &on, 4)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutableBytes(of: &name) { bytes in
      let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
      bind(owner, pointer, size)
      getsockname(owner, pointer, &size)
    }
    listen(owner, 5)
    let port = UInt16(bigEndian: name.sin_port)
    let error = await #expect(throws: HTTPServerError.self) {
      try await withServer(echo, loops: 2, { $0.port = port }) { _ in }
    }
    #expect(error == .addressInUse(address: "127.0.0.1", port: port))
    #expect(error?.description.contains("\(port)") == true)
    try await withServer { server in
      let second = await #expect(throws: HTTPServerError.self) {
        try await withServer(echo, { $0.port = server.port }) { _ in }
      }
      #expect(second == .addressInUse(address: "127.0.0.1", port: server.port))
    }
    await #expect(throws: HTTPServerError.addressInvalid("nowhere")) {
      try await withServer(echo, { $0.address = "nowhere" }) { _ in }
    }
  }

  @Test func `a stopped server can be started again on its port at once`() async throws {
    let port = try await withServer { server in
      let client = RawClient(port: server.port)
      client.send(get("/"))
      #expect(await client.answer()?.status == 200)
      return server.port
    }
    try await withServer(echo, loops: 2, { $0.port = port }) { server in
      let client = RawClient(port: port)
      client.send(get("/"))
      #expect(await client.answer()?.status == 200)
    }
  }

  @Test func `IPv6 is served`() async throws {
    try await withServer(echo, { $0.address = "::" }) { server in
      let client = RawClient(port: server.port)
      client.send(get("/"))
      #expect(await client.answer()?.status == 200)
    }
  }
}
