import CCSV
import Glibc

/// Reads the rows of a CSV file (RFC 4180), a chunk at a time: memory stays flat however long it
/// is. Or of bytes that are there already.
///
/// Blocking: call it where blocking is allowed. Not to be shared between threads at once.
public final class CSVRows: @unchecked Sendable {
  private var parser = csv_parser()
  /// -1: there is no file, all bytes are in `given`.
  private let descriptor: Int32
  private var given: [UInt8] = []
  private var chunk = [UInt8](repeating: 0, count: 1 << 18)
  private var pending = Rows()
  private var ended = false
  public let path: String

  private final class Rows {
    var rows: [[String]] = []
    var head = 0
    var row: [String] = []
  }

  /// - Parameter delimiter: what stands between fields. Between tabs a quote is a character as any.
  /// - Throws: `CSVError` when the file cannot be opened.
  public init(path: String, delimiter: UInt8 = UInt8(ascii: ",")) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CSVError(path: path, problem: String(cString: strerror(errno)))
    }
    csv_init(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL))
    csv_set_delim(&parser, delimiter)
    if delimiter == UInt8(ascii: "\t") { csv_set_quote(&parser, 0) }
  }

  /// Reads what is in memory.
  public init(bytes: [UInt8]) {
    path = "the body"
    descriptor = -1
    given = bytes
    csv_init(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL))
  }

  deinit {
    csv_free(&parser)
    if descriptor >= 0 { close(descriptor) }
  }

  /// The next row; nil at the end. Lines without any field are passed over.
  /// - Throws: `CSVError` for a quote out of place or a file that cannot be read.
  public func next() throws -> [String]? {
    while pending.head == pending.rows.count {
      if ended { return nil }
      pending.rows.removeAll(keepingCapacity: true)
      pending.head = 0
      try fill()
    }
    defer { pending.head += 1 }
    return pending.rows[pending.head]
  }

  /// Bytes of the whole file, to tell how far one has come.
  public var size: Int64 {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
  }

  private func fill() throws {
    let count = readChunk()
    guard count >= 0 else { throw CSVError(path: path, problem: String(cString: strerror(errno))) }
    let target = Unmanaged.passUnretained(pending).toOpaque()
    if count == 0 {
      ended = true
      try check(csv_fini(&parser, CSVRows.field, CSVRows.line, target) == 0)
    } else {
      let parsed = csv_parse(&parser, chunk, count, CSVRows.field, CSVRows.line, target)
      try check(parsed == count)
    }
  }

  /// Fills the chunk.
  private func readChunk() -> Int {
    if descriptor >= 0 { return read(descriptor, &chunk, chunk.count) }
    let count = min(given.count, chunk.count)
    chunk.replaceSubrange(0..<count, with: given.prefix(count))
    given.removeFirst(count)
    return count
  }

  private func check(_ good: Bool) throws {
    if good { return }
    throw CSVError(
      path: path, problem: String(cString: csv_strerror(csv_error(&parser))),
      afterRow: pending.rows.count)
  }

  private static let field:
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?)
      -> Void = { text, length, target in
        guard let target else { return }
        let bytes = UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : length)
        Unmanaged<Rows>.fromOpaque(target).takeUnretainedValue().row
          .append(String(decoding: bytes, as: UTF8.self))
      }

  private static let line: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = { _, target in
    guard let target else { return }
    let rows = Unmanaged<Rows>.fromOpaque(target).takeUnretainedValue()
    rows.rows.append(rows.row)
    rows.row.removeAll(keepingCapacity: true)
  }
}

/// A file that is no CSV, or cannot be read.
public struct CSVError: Error, CustomStringConvertible {
  public let path: String
  public let problem: String
  public var afterRow: Int?
  public var description: String {
    "\(path): \(problem)" + (afterRow.map { " (after row \($0) of this part of the file)" } ?? "")
  }
}
