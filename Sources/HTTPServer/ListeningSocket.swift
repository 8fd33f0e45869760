import Glibc

/// Sockets of several loops that share one address: the kernel spreads connections over them.
struct ListeningSockets {
  let descriptors: [Int32]
  let port: UInt16

  /// - Throws: `addressInUse` also when the other listener would share the port.
  static func open(address: String, port: UInt16, count: Int) throws(HTTPServerError)
    -> ListeningSockets
  {
    var attempts = 0
    while true {
      do throws(HTTPServerError) {
        return try openOnce(address: address, port: port, count: count)
      } catch {
        attempts += 1
        // A free port may be taken by another program between the two steps.
        guard case .addressInUse = error, port == 0, attempts < 5 else { throw error }
      }
    }
  }

  private static func openOnce(address: String, port: UInt16, count: Int) throws(HTTPServerError)
    -> ListeningSockets
  {
    var place = try Place(address: address, port: port)
    // Sockets that share a port hide that another process shares it too; one that does not share
    // finds out. It allows addresses in TIME_WAIT, so that a restart is not refused.
    let probe = try place.bound(sharing: false)
    place.port = try place.port(of: probe)
    close(probe)
    var descriptors: [Int32] = []
    do throws(HTTPServerError) {
      for _ in 0..<count {
        let descriptor = try place.bound(sharing: true)
        descriptors.append(descriptor)
        try check("listen", listen(descriptor, 4096), place)
      }
    } catch {
      for descriptor in descriptors { close(descriptor) }
      throw error
    }
    return ListeningSockets(descriptors: descriptors, port: place.port)
  }
}

private func check(_ call: String, _ result: Int32, _ place: Place) throws(HTTPServerError) {
  if result >= 0 { return }
  switch errno {
  case EADDRINUSE: throw .addressInUse(address: place.address, port: place.port)
  case EACCES: throw .notPermitted(address: place.address, port: place.port)
  case EADDRNOTAVAIL, EAFNOSUPPORT: throw .addressInvalid(place.address)
  default: throw .system(call: call, code: errno)
  }
}

private struct Place {
  let address: String
  var port: UInt16
  private var four = in_addr()
  private var six = in6_addr()
  private let isFour: Bool

  init(address: String, port: UInt16) throws(HTTPServerError) {
    self.address = address
    self.port = port
    isFour = inet_pton(AF_INET, address, &four) == 1
    if !isFour && inet_pton(AF_INET6, address, &six) != 1 { throw .addressInvalid(address) }
  }

  func bound(sharing: Bool) throws(HTTPServerError) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let type = kind | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(isFour ? AF_INET : AF_INET6, type, 0)
    try check("socket", descriptor, self)
    do throws(HTTPServerError) {
      try set(descriptor, SOL_SOCKET, SO_REUSEADDR)
      if sharing { try set(descriptor, SOL_SOCKET, SO_REUSEPORT) }
      // Inherited by what is accepted; answers are written whole.
      try set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
      try check("bind", bind(descriptor), self)
    } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) throws(HTTPServerError) {
    var on: Int32 = 1
    try check("setsockopt", setsockopt(descriptor, level, option, &on, 4), self)
  }

  private func bind(_ descriptor: Int32) -> Int32 {
    if isFour {
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port.bigEndian
      name.sin_addr = four
      return withUnsafeBytes(of: &name) { bind(descriptor, $0) }
    }
    var name = sockaddr_in6()
    name.sin6_family = sa_family_t(AF_INET6)
    name.sin6_port = port.bigEndian
    name.sin6_addr = six
    return withUnsafeBytes(of: &name) { bind(descriptor, $0) }
  }

  private func bind(_ descriptor: Int32, _ name: UnsafeRawBufferPointer) -> Int32 {
    Glibc.bind(
      descriptor, name.baseAddress?.assumingMemoryBound(to: sockaddr.self),
      socklen_t(name.count))
  }

  func port(of descriptor: Int32) throws(HTTPServerError) -> UInt16 {
    var name = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = withUnsafeMutableBytes(of: &name) { bytes in
      getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &size)
    }
    try check("getsockname", result, self)
    // IPv4 and IPv6 names keep the port at the same place.
    return UInt16(bigEndian: name.sin6_port)
  }
}
