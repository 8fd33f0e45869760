import EventLoop
import Foundation
import Glibc
import JSON
import Testing

@testable import HTTPServer

/// Clients that leave, servers that stop, answers that flow.
@Suite(.timeLimit(.minutes(5))) struct LifetimeTests {
  @Test func `the task of a handler is cancelled when its client leaves`() async throws {
    let (began, cancelled) = (Flag(), Flag())
    let waiting = Answer { _ in
      began.raise()
      do { try await Task.sleep(for: .seconds(30)) } catch { cancelled.raise() }
      return .text("late")
    }
    try await withServer(waiting) { server in
      do {
        let client = RawClient(port: server.port)
        client.send(get("/"))
        #expect(await began.rises())
      }
      #expect(await cancelled.rises(within: .seconds(15)))
      try await becomesEmpty(server)
    }
  }

  @Test func `a stop lets a request under way end and refuses new connections`() async throws {
    let (began, mayEnd) = (Flag(), Flag())
    let slow = Answer { request in
      began.raise()
      _ = await mayEnd.rises(within: .seconds(20))
      return .text("done")
    }
    let loop = EventLoop(name: "test")
    let server = Server(ServerConfiguration(), loops: [loop], responder: slow)
    try server.start()
    let port = server.port
    let idle = RawClient(port: port)
    let client = RawClient(port: port)
    client.send(get("/"))
    #expect(await began.rises())
    async let stopped: Void = server.stop(within: .seconds(20))
    #expect(await idle.everything() == "")
    #expect(!accepts(port))
    mayEnd.raise()
    let answer = await client.everything()
    #expect(answer?.bodyText == "done")
    #expect(answer?.field("Connection")?.lowercased() == "close")
    await stopped
    #expect(server.connections == 0)
    await loop.stop()
  }

  @Test func `a stop cuts what does not end in time, and cancels it`() async throws {
    let (began, cancelled) = (Flag(), Flag())
    let endless = Answer { _ in
      began.raise()
      do { try await Task.sleep(for: .seconds(30)) } catch { cancelled.raise() }
      return .text("late")
    }
    let start = ContinuousClock.now
    try await withServer(endless, stopWithin: .milliseconds(200)) { server in
      let client = RawClient(port: server.port)
      client.send(get("/"))
      #expect(await began.rises())
      Unmanaged.passRetained(client).release()
    }
    #expect(await cancelled.rises())
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `a handler that outlives its server and its loop answers nobody`() async throws {
    let (began, ended) = (Flag(), Flag())
    let stubborn = Answer { _ in
      began.raise()
      // A cancelled sleep would end at once.
      await Task.detached { try? await Task.sleep(for: .milliseconds(300)) }.value
      ended.raise()
      return .text("late")
    }
    try await withServer(stubborn, stopWithin: .zero) { server in
      let client = RawClient(port: server.port)
      client.send(get("/"))
      #expect(await began.rises())
    }
    #expect(await ended.rises())
    try await Task.sleep(for: .milliseconds(20))
  }

  @Test func `a streamed body is held back to the speed of its client`() async throws {
    let written = Mutexed(0)
    let streaming = Answer { _ in
      Response(
        body: .stream(
          ResponseStream { writer in
            let piece = [UInt8](repeating: 65, count: 10_000)
            for _ in 0..<2000 {
              try await writer.write(piece)
              written.change { $0 += piece.count }
            }
          }))
    }
    try await withServer(streaming) { server in
      let client = RawClient(port: server.port, receiveBuffer: 4096)
      client.send(get("/", "Connection: close\r\n"))
      try await Task.sleep(for: .milliseconds(300))
      #expect(written.value < 10_000_000)
      let answer = try #require(await client.everything(within: 20))
      #expect(answer.utf8.count { $0 == 65 } >= 20_000_000)
      #expect(answer.field("Transfer-Encoding") == "chunked")
      #expect(answer.hasSuffix("\r\n0\r\n\r\n"))
    }
  }

  @Test func `a stream of known length has it, and one that fails is cut`() async throws {
    struct Broken: Error {}
    let streaming = Answer { request in
      Response(
        body: .stream(
          ResponseStream(length: request.path == "/good" ? 6 : nil) { writer in
            try await writer.write("abc")
            await Task.yield()
            if request.path == "/bad" { throw Broken() }
            try await Task.sleep(for: .milliseconds(20))
            try await writer.write("def")
          }))
    }
    try await withServer(streaming) { server in
      let client = RawClient(port: server.port)
      client.send(get("/good"))
      let good = try #require(await client.answer())
      #expect(good.field("Content-Length") == "6")
      #expect(good.bodyText == "abcdef")
      client.send("HEAD /good HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(await client.answer(head: true)?.field("Content-Length") == "6")
      client.send(get("/bad"))
      let bad = try #require(await client.everything())
      #expect(!bad.hasSuffix("0\r\n\r\n"))
    }
    let response = await streaming.respond(to: Request(.get, "/good"))
    #expect(try await response.collectedBody() == Array("abcdef".utf8))
  }

  @Test func `events arrive one by one, beat while nothing happens and end with their client`()
    async throws
  {
    let ended = Flag()
    let events = Answer { _ in
      .events(heartbeat: .milliseconds(200)) { events in
        defer { ended.raise() }
        try await events.send(ServerSentEvent(id: "1", name: "vote", data: "one\ntwo"))
        try await Task.sleep(for: .seconds(30))
      }
    }
    try await withServer(events) { server in
      do {
        let client = RawClient(port: server.port)
        client.send(get("/"))
        let text = await client.text(containing: "data: two\n\n")
        #expect(text?.contains("id: 1\nevent: vote\ndata: one\ndata: two\n\n") == true)
        #expect(text?.field("Content-Type") == "text/event-stream")
        #expect(await client.text(containing: "\n:\n\n") != nil)
      }
      #expect(await ended.rises(within: .seconds(15)))
      try await becomesEmpty(server)
    }
  }

  @Test func `a stop ends streams of events at once and cleanly`() async throws {
    let events = Answer { _ in
      .events { events in
        try await events.send(ServerSentEvent(data: "hello"))
        try await Task.sleep(for: .seconds(30))
      }
    }
    let start = ContinuousClock.now
    let client = try await withServer(events) { server in
      let client = RawClient(port: server.port)
      client.send(get("/"))
      #expect(await client.text(containing: "data: hello") != nil)
      return client
    }
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(await client.everything()?.hasSuffix("0\r\n\r\n") == true)
  }

  @Test func `the access log has one line of JSON for each request`() async throws {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    let log = AccessLog(descriptor: ends[1])
    let left = Flag()
    let answer = Answer { request in
      if request.path == "/slow" {
        left.raise()
        try? await Task.sleep(for: .seconds(30))
      }
      return .text("hello", status: 201)
    }
    try await withServer(answer, log: log) { server in
      let client = RawClient(port: server.port)
      client.send(get("/a?secret=1", "X-Request-Id: my-id\r\n"))
      #expect(await client.answer()?.status == 201)
      client.send("HEAD /%22 HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(await client.answer(head: true)?.status == 201)
      client.send("GET / HTTP/1.1\r\n\r\n")
      #expect(await client.everything()?.status == 400)
      do {
        let impatient = RawClient(port: server.port)
        impatient.send(get("/slow"))
        #expect(await left.rises())
      }
      try await becomesEmpty(server)
    }
    await log.close()
    close(ends[1])
    let text = String(
      decoding: FileHandle(fileDescriptor: ends[0], closeOnDealloc: true).readDataToEndOfFile(),
      as: UTF8.self)
    let lines = try text.split(separator: "\n").map { try JSON.parse(String($0)) }
    #expect(lines.map { $0["status"]?.int } == [201, 201, 400, 499])
    #expect(lines.map { $0["method"]?.string } == ["GET", "HEAD", "-", "GET"])
    #expect(lines.map { $0["path"]?.string } == ["/a", "/%22", "/", "/slow"])
    #expect(lines[0]["request_id"] == "my-id")
    #expect(lines[0]["bytes"] == 5)
    #expect(lines[0]["address"] == "127.0.0.1")
    #expect(lines[0]["trace_id"]?.string?.count == 32)
    #expect(lines[0]["time"]?.string?.hasSuffix("Z") == true)
    #expect(try #require(lines[0]["duration_us"]?.int) < 1_000_000)
  }

  @Test func `nothing is left behind by clients that come and go in every state`() async throws {
    let mixed = Answer { request in
      if request.path == "/wait" { try? await Task.sleep(for: .milliseconds(5)) }
      if request.path == "/stream" {
        return Response(
          body: .stream(
            ResponseStream { writer in
              for _ in 0..<100 {
                try await writer.write(String(repeating: "x", count: 5000))
                await Task.yield()
              }
            }))
      }
      return .text("ok")
    }
    try await withServer(mixed, loops: 2, { $0.connectionsPerAddress = 10_000 }) { server in
      let port = server.port
      await withTaskGroup(of: Void.self) { group in
        for seed in 0..<8 {
          group.addTask {
            for turn in 0..<100 {
              let client = RawClient(port: port)
              switch (turn + seed) % 6 {
              case 0: client.send("GET /wa")
              case 1: client.send(get("/wait"))
              case 2: client.send(get("/stream"))
              case 3: client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
              case 4:
                client.send(get("/wait") + get("/stream"))
                _ = await client.text(containing: "xxx", within: 1)
              default:
                client.send(get("/wait"))
                #expect(await client.answer()?.status == 200)
              }
            }
          }
        }
      }
      try await becomesEmpty(server)
    }
  }

  private func becomesEmpty(_ server: Server) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while server.connections > 0 && ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(server.connections == 0)
  }

  private func accepts(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafeBytes(of: &name) {
      connect(
        descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    } == 0
  }
}

final class Mutexed<Value: Sendable>: Sendable {
  private let state: Locked<Value>
  init(_ value: Value) { state = Locked(value) }
  var value: Value { state.withLock { $0 } }
  func change(_ body: @Sendable (inout Value) -> Void) { state.withLock { body(&$0) } }
}
