import CEpoll
import Glibc

/// Asks and listens on one thread, with one epoll and without allocating for a request: it shares
/// the processors with the server that it measures.
struct Loader {
  private struct Line {
    var descriptor: Int32 = -1
    var isBusy = false
    /// When its request was due, microseconds.
    var due: UInt64 = 0
    var token: UInt32 = 0
    var idea: UInt32 = 0
    var held = 0
  }

  private let options: Options
  private var requests: Requests
  private let lines: UnsafeMutableBufferPointer<Line>
  private let input: UnsafeMutablePointer<UInt8>
  private let output = UnsafeMutablePointer<UInt8>.allocate(capacity: Requests.limit)
  private static let inputLimit = 256 * 1024
  private let epoll = epoll_create1(0)
  private let timer = timerfd_create(CLOCK_MONOTONIC, Int32(O_NONBLOCK))
  private var idle: [Int] = []
  private var dead: [Int] = []
  private var report = Report()
  private var address = sockaddr_in()
  private var start: UInt64 = 0
  private var measured: UInt64 = 0
  private var nextDue: Double = 0
  private var retryAt: UInt64 = 0

  init(_ options: Options) throws(Failure) {
    self.options = options
    requests = Requests(options)
    lines = .allocate(capacity: options.connections)
    lines.initialize(repeating: Line())
    input = .allocate(capacity: Loader.inputLimit)
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = options.port.bigEndian
    guard inet_pton(AF_INET, options.host, &address.sin_addr) == 1 else {
      throw Failure("--host takes an IPv4 address, not \(options.host)")
    }
    for number in lines.indices where !connect(number) {
      throw Failure(
        "nothing answers at \(options.host):\(options.port): \(String(cString: strerror(errno)))")
    }
    var event = epoll_event()
    event.events = COINVENT_EPOLLIN
    event.data.u32 = UInt32.max
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event)
  }

  /// Asks until the time is up, then waits a moment for the last answers.
  mutating func run() -> Report {
    start = now()
    measured = start + UInt64(options.warmup * 1e6)
    let end = measured + UInt64(options.seconds * 1e6)
    nextDue = Double(start)
    idle = Array(lines.indices)
    var events = [epoll_event](repeating: epoll_event(), count: 256)
    var clock = start
    while clock < end {
      ask(clock)
      let count = epoll_wait(epoll, &events, 256, patience(clock))
      clock = now()
      for event in events[..<max(0, Int(count))] { handle(event.data.u32, clock) }
      if !dead.isEmpty && clock > retryAt { reconnect(clock) }
    }
    report.seconds = Double(clock - measured) / 1e6
    let grace = clock + 2_000_000
    while clock < grace, lines.contains(where: \.isBusy) {
      let count = epoll_wait(epoll, &events, 256, 50)
      clock = now()
      for event in events[..<max(0, Int(count))] { handle(event.data.u32, clock, isLate: true) }
    }
    report.unanswered += lines.count { $0.isBusy }
    return report
  }

  // MARK: Asking

  private mutating func ask(_ clock: UInt64) {
    guard let rate = options.rate else {
      while let number = idle.popLast() { send(number, due: clock) }
      return
    }
    while nextDue <= Double(clock), let number = idle.popLast() {
      send(number, due: UInt64(nextDue))
      nextDue += 1e6 / rate
    }
  }

  /// Milliseconds until the next request is due; a timer takes care of less.
  private func patience(_ clock: UInt64) -> Int32 {
    guard options.rate != nil, !idle.isEmpty else { return 20 }
    let wait = max(1, nextDue - Double(clock))
    if wait > 5000 { return 5 }
    var time = itimerspec()
    time.it_value.tv_nsec = Int(wait * 1000)
    timerfd_settime(timer, 0, &time, nil)
    return 20
  }

  private mutating func send(_ number: Int, due: UInt64) {
    let (length, token, idea) = requests.write(into: output)
    lines[number].isBusy = true
    lines[number].due = due
    lines[number].token = token
    lines[number].idea = idea
    lines[number].held = 0
    let sent = Glibc.send(lines[number].descriptor, output, length, Int32(MSG_NOSIGNAL))
    if sent != length { lose(number) }
  }

  // MARK: Hearing

  private mutating func handle(_ number: UInt32, _ clock: UInt64, isLate: Bool = false) {
    if number == .max {
      var ticks: UInt64 = 0
      _ = read(timer, &ticks, 8)
      return
    }
    let number = Int(number)
    guard lines[number].descriptor >= 0 else { return }
    // One buffer will do for all: an answer that comes in pieces is waited for.
    var held = 0
    while true {
      let count = recv(
        lines[number].descriptor, input + held, Loader.inputLimit - held, 0)
      if count <= 0 {
        lose(number)
        return
      }
      held += Int(count)
      if let answer = Answer(UnsafeRawBufferPointer(start: input, count: held)) {
        if held >= answer.length {
          take(answer, number, clock, isLate: isLate)
          return
        }
      } else if held >= Loader.inputLimit {
        lose(number)
        return
      }
    }
  }

  private mutating func take(_ answer: Answer, _ number: Int, _ clock: UInt64, isLate: Bool) {
    lines[number].isBusy = false
    idle.append(number)
    let line = lines[number]
    if (200...299).contains(answer.status), options.log != nil {
      report.acknowledged.append((line.token, line.idea))
    }
    if options.plan == .etag && requests.tag == nil {
      let bytes = UnsafeRawBufferPointer(start: input, count: answer.length)
      requests.tag = Answer.value(of: "ETag: ", in: bytes, answer.length).map { Array($0) }
    }
    guard line.due >= measured, !isLate else { return }
    report.add(status: answer.status, microseconds: clock - line.due)
  }

  // MARK: Connections

  private mutating func connect(_ number: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let isOpen = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isOpen else {
      close(descriptor)
      return false
    }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    var event = epoll_event()
    event.events = COINVENT_EPOLLIN
    event.data.u32 = UInt32(number)
    epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
    lines[number].descriptor = descriptor
    return true
  }

  private mutating func lose(_ number: Int) {
    close(lines[number].descriptor)
    lines[number].descriptor = -1
    if lines[number].isBusy { report.unanswered += 1 }
    lines[number].isBusy = false
    report.lost += 1
    dead.append(number)
  }

  private mutating func reconnect(_ clock: UInt64) {
    retryAt = clock + 50_000
    while let number = dead.popLast() {
      if connect(number) {
        idle.append(number)
      } else {
        dead.append(number)
        return
      }
    }
  }
}

/// Microseconds of a clock that never goes back.
private func now() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
}
