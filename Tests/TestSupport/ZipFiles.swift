import Foundation

/// A folder with ZIP files as Python writes them; gone when the test is.
public final class ZipFiles: Sendable {
  public let folder: String

  public init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "coinvent-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path()
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// - Parameter script: writes to `z`, a `zipfile.ZipFile` that packs; `out` is what it is written
  ///   to, `path` where it is when `z` is closed.
  /// - Returns: where the file is.
  public func make(_ name: String, _ script: String) throws -> String {
    let path = "\(folder)/\(name)"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = [
      "-W", "ignore", "-c",
      """
      import struct, sys, zipfile
      path = sys.argv[1]
      z = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
      \(script)
      z.close()
      """, path,
    ]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Surprise("Python could not make \(name)") }
    return path
  }

  /// The bytes of a ZIP file with these entries.
  public func bytes(_ name: String, entries: [String: [UInt8]]) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: make(name, entries: entries))))
  }

  /// A file beside them; folders on its way are made.
  public func write(_ bytes: [UInt8], to name: String) throws {
    let url = URL(fileURLWithPath: "\(folder)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// A ZIP file with these entries.
  public func make(_ name: String, entries: [String: [UInt8]]) throws -> String {
    for (place, bytes) in entries.values.enumerated() {
      try write(bytes, to: "\(name).\(place)")
    }
    let lines = entries.keys.enumerated().map { place, entry in
      "z.writestr(\"\(entry)\", open(path + \".\(place)\", \"rb\").read())"
    }
    return try make(name, lines.joined(separator: "\n"))
  }
}
