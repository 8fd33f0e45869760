import CEpoll
import Glibc

/// A program that is given bytes and answers with bytes, and that may do no harm: it has an empty
/// environment, no descriptors but the conversation, and a time by which it is dead.
public enum ChildProcess {
  /// How it ended.
  public enum End: Sendable, Equatable {
    /// All it said; it ended with exit code 0.
    case answered([UInt8])
    /// With another exit code, or by a signal of its own making.
    case crashed
    /// By a SIGKILL that came from elsewhere.
    case killed
    /// It was not done within its time.
    case late
    /// It said more than it may.
    case tooMuch
    /// Its libraries are missing.
    case incomplete
  }

  /// It could not be started.
  public struct Failed: Error, CustomStringConvertible {
    public let path: String
    public let reason: String
    public var description: String { "\(path) cannot be started: \(reason)" }
  }

  /// The path of a program in the folder of the one that runs.
  public static func sibling(_ name: String) -> String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count)
    let own = path.prefix(max(0, count)).map(UInt8.init(bitPattern:))
    let folder = own.prefix((own.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)
    return String(decoding: folder, as: UTF8.self) + name
  }

  /// Starts the program, tells it `input` and hears it to its end. Blocks: for a `BlockingPool`.
  /// - Parameter most: how many bytes it may say.
  public static func run(
    _ path: String, input: [UInt8], most: Int, within limit: Duration
  ) throws(Failed) -> End {
    let deadline = ContinuousClock.now + limit
    var ends: (Int32, Int32) = (-1, -1)
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let code = withUnsafeMutableBytes(of: &ends) {
      socketpair(AF_UNIX, type, 0, $0.assumingMemoryBound(to: Int32.self).baseAddress)
    }
    guard code == 0 else { throw failed(path, errno) }
    defer { close(ends.0) }
    // The child reads and writes as programs do: it waits.
    _ = fcntl(ends.1, F_SETFL, 0)
    let started = Result { () throws(Failed) in try spawn(path, ends.1) }
    close(ends.1)
    let child = try started.get()
    var conversation = Conversation(socket: ends.0, input: input, most: most)
    let isOver = conversation.run(until: deadline)
    let status = isOver ? reap(child, until: deadline) : nil
    guard let status else {
      kill(-child, SIGKILL)
      _ = waitForever(child)
      return conversation.isTooMuch ? .tooMuch : .late
    }
    switch (status & 0x7F, status >> 8) {
    case (0, 0): return .answered(conversation.heard)
    case (0, 127): return .incomplete
    case (SIGKILL, _): return .killed
    default: return .crashed
    }
  }

  /// In a process group of its own, so that a terminal's Ctrl-C is not for it, and so that all it
  /// starts ends with it.
  private static func spawn(_ path: String, _ socket: Int32) throws(Failed) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, socket, 0)
    posix_spawn_file_actions_adddup2(&actions, socket, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    coinvent_close_from(&actions, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    var child: pid_t = 0
    let code = path.withCString { name in
      var arguments: [UnsafeMutablePointer<CChar>?] = [UnsafeMutablePointer(mutating: name), nil]
      var environment: [UnsafeMutablePointer<CChar>?] = [nil]
      return posix_spawn(&child, name, &actions, &attributes, &arguments, &environment)
    }
    guard code == 0 else { throw failed(path, code) }
    return child
  }

  private static func failed(_ path: String, _ code: Int32) -> Failed {
    Failed(path: path, reason: String(cString: strerror(code)))
  }

  /// - Returns: nil when it has not ended by then.
  private static func reap(_ child: pid_t, until deadline: ContinuousClock.Instant) -> Int32? {
    while true {
      var status: Int32 = 0
      let found = waitpid(child, &status, WNOHANG)
      if found == child { return status }
      if found < 0 && errno != EINTR { return 0x7F << 8 }
      if ContinuousClock.now >= deadline { return nil }
      usleep(500)
    }
  }

  private static func waitForever(_ child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }
}

/// What is said to a child and heard from it, over one socket.
private struct Conversation {
  let socket: Int32
  let input: [UInt8]
  let most: Int
  private(set) var heard: [UInt8] = []
  private var said = 0

  init(socket: Int32, input: [UInt8], most: Int) {
    self.socket = socket
    self.input = input
    self.most = most
  }

  var isTooMuch: Bool { heard.count > most }

  /// - Returns: whether the child has said all it had to say.
  mutating func run(until deadline: ContinuousClock.Instant) -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    if input.isEmpty { shutdown(socket, Int32(SHUT_WR)) }
    while true {
      let left = deadline - .now
      guard left > .zero else { return false }
      let wanted = said < input.count ? POLLIN | POLLOUT : POLLIN
      var entry = pollfd(fd: socket, events: Int16(wanted), revents: 0)
      let wait =
        left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
      if poll(&entry, 1, Int32(min(wait + 1, 60_000))) < 0, errno != EINTR { return false }
      if Int32(entry.revents) & POLLOUT != 0 { say() }
      if Int32(entry.revents) & (POLLIN | POLLHUP | POLLERR) != 0 {
        let count = recv(socket, &piece, piece.count, 0)
        if count > 0 { heard += piece[..<count] }
        // A reset: it ended before it had heard all.
        if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { return true }
        if isTooMuch { return false }
      }
    }
  }

  private mutating func say() {
    let count = input[said...].withUnsafeBytes {
      send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if count > 0 { said += count }
    // Who does not want to hear the rest is heard to the end all the same.
    if count < 0, errno != EAGAIN, errno != EINTR { said = input.count }
    if said == input.count { shutdown(socket, Int32(SHUT_WR)) }
  }
}
