import CZip
import Glibc

/// A ZIP file that a stranger may have made. Its entries are read into memory, by their exact
/// names and within limits; nothing of it is written anywhere.
///
/// Blocking: call it where blocking is allowed. Not to be shared between threads at once.
public final class ZipArchive: @unchecked Sendable {
  /// What an archive may hold, so that a small file does not become a large one in memory.
  public struct Limits: Sendable {
    public var entries: Int64 = 100_000
    /// Unpacked, of one entry.
    public var entryBytes: UInt64 = 256 << 20
    /// Unpacked, of all entries.
    public var bytes: UInt64 = 4 << 30
    /// How many times its size in the file the archive may unpack to; texts reach twenty. Less
    /// than `smallBytes` may be as dense as it likes.
    public var ratio: UInt64 = 100
    public var smallBytes: UInt64 = 1 << 20

    public init() {}
  }

  /// Why it is not read.
  public enum Refusal: Error, Sendable, Equatable, CustomStringConvertible {
    case noArchive(String)
    case tooManyEntries(limit: Int64)
    case tooLarge(limit: UInt64)
    case tooDense(limit: UInt64)
    /// A name that leads out of the archive, or that two entries have.
    case badName(String)
    case unreadable(String, why: String)

    public var description: String {
      switch self {
      case .noArchive(let why): "It is no ZIP file that can be read: \(why)."
      case .tooManyEntries(let limit): "It has more than \(limit) entries."
      case .tooLarge(let limit): "It unpacks to more than \(limit) bytes."
      case .tooDense(let limit): "It unpacks to more than \(limit) times its size."
      case .badName(let name): "Its entry “\(name)” leads out of it, or is there twice."
      case .unreadable(let name, let why): "Its entry “\(name)” cannot be read: \(why)."
      }
    }
  }

  private struct Entry {
    let index: UInt64
    let size: UInt64
  }

  private let archive: OpaquePointer
  private var entries: [String: Entry] = [:]

  /// Opens a file and looks through its directory; no entry is unpacked yet.
  /// - Throws: `Refusal`.
  public init(path: String, limits: Limits = Limits()) throws(Refusal) {
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
      var error = zip_error_t()
      zip_error_init_with_code(&error, code)
      defer { zip_error_fini(&error) }
      throw .noArchive(String(cString: zip_error_strerror(&error)))
    }
    self.archive = archive
    try look(fileBytes: ZipArchive.size(of: path), limits)
  }

  /// Opens what somebody has sent.
  /// - Throws: `Refusal`.
  public init(bytes: [UInt8], limits: Limits = Limits()) throws(Refusal) {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    // The library frees its copy with the archive.
    guard let copy = malloc(max(1, bytes.count)) else { throw .noArchive("no memory") }
    bytes.withUnsafeBytes { if let start = $0.baseAddress { memcpy(copy, start, bytes.count) } }
    guard let source = zip_source_buffer_create(copy, UInt64(bytes.count), 1, &error) else {
      free(copy)
      throw .noArchive(String(cString: zip_error_strerror(&error)))
    }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      throw .noArchive(String(cString: zip_error_strerror(&error)))
    }
    self.archive = archive
    try look(fileBytes: UInt64(bytes.count), limits)
  }

  deinit { zip_discard(archive) }

  private static func size(of path: String) -> UInt64 {
    var facts = stat()
    return stat(path, &facts) == 0 ? UInt64(max(0, facts.st_size)) : 0
  }

  /// Entries may share their packed bytes, so that all are held against the size of the file.
  private func look(fileBytes: UInt64, _ limits: Limits) throws(Refusal) {
    let count = zip_get_num_entries(archive, 0)
    guard count <= limits.entries else { throw .tooManyEntries(limit: limits.entries) }
    var total: UInt64 = 0
    for index in 0..<UInt64(max(0, count)) {
      var facts = zip_stat_t()
      guard zip_stat_index(archive, index, 0, &facts) == 0, let bytes = facts.name else {
        throw .unreadable("number \(index + 1)", why: reason())
      }
      let name = String(cString: bytes)
      guard ZipArchive.isPlain(name), entries[name] == nil else { throw .badName(name) }
      guard facts.size <= limits.entryBytes else { throw .tooLarge(limit: limits.entryBytes) }
      total += facts.size
      guard total <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
      entries[name] = Entry(index: index, size: facts.size)
    }
    guard total <= limits.smallBytes || total / limits.ratio <= fileBytes else {
      throw .tooDense(limit: limits.ratio)
    }
  }

  /// Whether a name stays where it is: no way up, no place of its own, nothing that systems read
  /// differently.
  static func isPlain(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return !name.isEmpty && name.utf8.count <= 1000 && !name.hasPrefix("/")
      && !name.utf8.contains { $0 < 32 || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: ":") }
      && !parts.contains { $0 == ".." || $0 == "." }
  }

  /// The bytes of an entry, whose checksum is right; nil when there is none of that name.
  /// - Throws: `Refusal`, also when it holds more or less than the directory says.
  public func read(_ name: String) throws(Refusal) -> [UInt8]? {
    guard let entry = entries[name] else { return nil }
    guard let file = zip_fopen_index(archive, entry.index, 0) else {
      throw .unreadable(name, why: reason())
    }
    defer { zip_fclose(file) }
    // One more than there should be, to see that the end comes where it should.
    let room = Int(entry.size) + 1
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      while count < room {
        let got = zip_fread(file, buffer.baseAddress.map { $0 + count }, UInt64(room - count))
        if got < 0 { failed = true }
        if got <= 0 { return }
        count += Int(got)
      }
    }
    if failed { throw .unreadable(name, why: reason(of: file)) }
    guard bytes.count == Int(entry.size) else {
      throw .unreadable(name, why: "it is not as long as the directory says")
    }
    return bytes
  }

  private func reason() -> String { String(cString: zip_strerror(archive)) }

  private func reason(of file: OpaquePointer) -> String { String(cString: zip_file_strerror(file)) }
}
