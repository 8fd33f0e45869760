import CMicroHTTPD
import Glibc

// The C side of `Daemon`: each callback finds its object again and passes the call on. They all
// run on the daemon's loop, inside MHD_run.

extension Daemon {
  func setCallbacks(_ settings: inout coinvent_mhd_settings) {
    settings.accept = { context, address, _ in
      guard let daemon = Daemon.from(context), let address else { return .NO }
      return daemon.accepts(address) ? .YES : .NO
    }
    settings.connection_changed = { context, handle, stored, code in
      guard let daemon = Daemon.from(context), let handle, let stored else { return }
      if code == .CONNECTION_NOTIFY_STARTED {
        daemon.store(handle, stored)
      } else {
        daemon.release(stored)
      }
    }
    settings.request_line = { context, uri, handle in
      guard let daemon = Daemon.from(context), let handle,
        let stored = coinvent_mhd_stored(handle)
      else { return nil }
      let connection = Unmanaged<Connection>.fromOpaque(stored).takeUnretainedValue()
      let exchange = daemon.began(uri, connection)
      return Unmanaged.passRetained(exchange).toOpaque()
    }
    settings.handle = { _, _, url, method, version, upload, size, stored in
      guard let stored = stored?.pointee, let url, let method, let version, let size else {
        return .NO
      }
      let exchange = Unmanaged<Exchange>.fromOpaque(stored).takeUnretainedValue()
      return exchange.proceed(
        Exchange.Call(url: url, method: method, version: version, upload: upload, size: size))
    }
    settings.completed = { context, _, stored, code in
      guard let daemon = Daemon.from(context), let stored, let opaque = stored.pointee else {
        return
      }
      stored.pointee = nil
      let exchange = Unmanaged<Exchange>.fromOpaque(opaque).takeRetainedValue()
      daemon.ended(exchange, completed: code == .REQUEST_TERMINATED_COMPLETED_OK)
    }
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> Daemon? {
    context.map { Unmanaged<Daemon>.fromOpaque($0).takeUnretainedValue() }
  }

  private func store(
    _ handle: OpaquePointer, _ stored: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  ) {
    guard let connection = Connection(handle) else { return }
    opened(connection)
    stored.pointee = Unmanaged.passRetained(connection).toOpaque()
  }

  private func release(_ stored: UnsafeMutablePointer<UnsafeMutableRawPointer?>) {
    guard let opaque = stored.pointee else { return }
    stored.pointee = nil
    closed(Unmanaged<Connection>.fromOpaque(opaque).takeRetainedValue())
  }
}
