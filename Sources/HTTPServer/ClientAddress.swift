import EventLoop
import Glibc
import Synchronization

/// The network a client comes from: an IPv4 address or the /64 of an IPv6 address.
struct ClientNetwork: Hashable, Sendable {
  private let prefix: UInt64
  private let four: UInt32

  init(_ address: UnsafePointer<sockaddr>) {
    let bytes = addressBytes(address)
    if let four = mappedFour(bytes) {
      prefix = 0xFFFF
      self.four = four.reduce(0) { $0 << 8 | UInt32($1) }
    } else {
      prefix = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
      four = 0
    }
  }
}

/// Counts the open connections of each network, for all loops of a server together.
final class ConnectionCounts: Sendable {
  private let networks = Locked<[ClientNetwork: Int]>([:])
  private let total = Atomic<Int>(0)

  var all: Int { total.load(ordering: .relaxed) }

  func of(_ network: ClientNetwork) -> Int {
    networks.withLock { $0[network] ?? 0 }
  }

  /// Returns the number of all connections, the new one included.
  func add(_ network: ClientNetwork) -> Int {
    networks.withLock { $0[network, default: 0] += 1 }
    return total.add(1, ordering: .relaxed).newValue
  }

  func remove(_ network: ClientNetwork) {
    networks.withLock { networks in
      let left = (networks[network] ?? 1) - 1
      networks[network] = left > 0 ? left : nil
    }
    total.subtract(1, ordering: .relaxed)
  }
}

/// The usual text of an address, without port; IPv4 in IPv6 clothes is shown as IPv4.
func addressText(_ address: UnsafePointer<sockaddr>) -> String {
  var bytes = addressBytes(address)
  var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
  if var four = mappedFour(bytes) {
    inet_ntop(AF_INET, &four, &text, socklen_t(text.count))
  } else {
    inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
  }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

private func addressBytes(_ address: UnsafePointer<sockaddr>) -> [UInt8] {
  let raw = UnsafeRawPointer(address)
  switch Int32(address.pointee.sa_family) {
  case AF_INET:
    let four = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
    return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] + withUnsafeBytes(of: four) { Array($0) }
  case AF_INET6:
    let six = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
    return withUnsafeBytes(of: six) { Array($0) }
  default: return [UInt8](repeating: 0, count: 16)
  }
}

private func mappedFour(_ bytes: [UInt8]) -> [UInt8]? {
  bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    ? Array(bytes.suffix(4)) : nil
}
