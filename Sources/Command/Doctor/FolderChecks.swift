import Glibc

/// Checks of folders and of the room on their disks.
enum FolderChecks {
  static let scarce: UInt64 = 1 << 30
  static let nearlyNone: UInt64 = 100 << 20

  static func all(_ settings: Settings) -> [Finding] {
    var findings = [folder("data", settings.data)]
    if settings.rail == .csv { findings.append(folder("rail", settings.csvFolder)) }
    findings.append(room(on: settings.data))
    return findings
  }

  /// A folder is good when files can be made in it, or when it can still be made itself.
  static func folder(_ check: String, _ path: String) -> Finding {
    if access(path, W_OK | X_OK) == 0 { return .ok(check, "\(path) is writable.") }
    let code = errno
    guard code == ENOENT else {
      return .failed(
        check, "\(path) is not writable: \(reason(code)).",
        mend: "Run as its owner, give yourself the right to write there, or choose another folder.")
    }
    let parent = existingParent(of: path)
    if access(parent, W_OK | X_OK) == 0 { return .ok(check, "\(path) will be made when needed.") }
    return .failed(
      check, "\(path) is missing and cannot be made in \(parent): \(reason(errno)).",
      mend: "Make it, or choose another folder.")
  }

  static func room(on path: String) -> Finding {
    var figures = statvfs()
    let place = existingParent(of: path)
    guard statvfs(place, &figures) == 0 else {
      return .failed("disk", "\(place): \(reason(errno)).", mend: "Look at it with: df \(place)")
    }
    let free = UInt64(figures.f_bavail) * UInt64(figures.f_frsize)
    let says = "\(free >> 20) MiB free on the disk of \(place)."
    if free >= scarce { return .ok("disk", says) }
    let mend = "Make room: PostgreSQL stops writing when its disk is full."
    if free >= nearlyNone { return .warning("disk", says, mend: mend) }
    return .failed("disk", says, mend: mend)
  }

  private static func existingParent(of path: String) -> String {
    var place = path
    while access(place, F_OK) != 0 {
      let parts = place.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      if parts.isEmpty { return "." }
      place = parts.joined(separator: "/")
      if place.isEmpty { return "/" }
    }
    return place
  }
}
