import Glibc

/// Why a server cannot start.
public enum HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Another process, or another server of this one, listens there already.
  case addressInUse(address: String, port: UInt16)
  /// The port needs privileges, those below 1024 as a rule.
  case notPermitted(address: String, port: UInt16)
  /// Not a numeric address, or not one of this machine.
  case addressInvalid(String)
  /// The system refused a call.
  case system(call: String, code: Int32)
  /// libmicrohttpd did not start, most likely for lack of memory or descriptors.
  case libraryRefused

  /// What is wrong and what mends it; safe to show.
  public var description: String {
    switch self {
    case .addressInUse(let address, let port):
      "port \(port) on \(address) is in use by another program; stop it or choose another port"
    case .notPermitted(let address, let port):
      "this user may not listen on port \(port) of \(address); choose a port from 1024 on"
    case .addressInvalid(let address):
      "\(address) is not a numeric address of this machine, such as 127.0.0.1 or ::1"
    case .system(let call, let code):
      "the system refused \(call): \(String(cString: strerror(code)))"
    case .libraryRefused:
      "the HTTP library did not start: memory or descriptors have run out"
    }
  }
}
