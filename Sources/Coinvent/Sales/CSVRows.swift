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
  private var decoder: TextDecoder
  private var pending = Rows()
  private var ended = false
  public let path: String
  /// The number of the last row that was handed out, empty ones counted: where editors show it.
  public private(set) var row = 0

  private final class Rows {
    var rows: [[String]] = []
    var head = 0
    var row: [String] = []
    /// The place of the first row whose bytes are no text, and what is wrong with them.
    var fault: (at: Int, problem: String)?
    /// What ended the last row; -1 when the file did.
    var end: Int32 = 0
  }

  /// - Parameter delimiter: what stands between fields. Between tabs a quote is a character as any.
  /// - Throws: `CSVError` when the file cannot be opened.
  public init(
    path: String, delimiter: UInt8 = UInt8(ascii: ","), encoding: TextEncoding = .utf8
  ) throws {
    self.path = path
    decoder = TextDecoder(encoding)
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CSVError(path: path, problem: String(cString: strerror(errno)))
    }
    csv_init(&parser, Self.options)
    csv_set_delim(&parser, delimiter)
    if delimiter == UInt8(ascii: "\t") { csv_set_quote(&parser, 0) }
  }

  /// Reads what is in memory.
  public init(bytes: [UInt8]) {
    path = "the body"
    descriptor = -1
    decoder = TextDecoder(.utf8)
    given = bytes
    csv_init(&parser, Self.options)
  }

  // Empty rows are told, to be counted.
  private static let options = UInt8(
    CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL | CSV_REPALL_NL)

  deinit {
    csv_free(&parser)
    if descriptor >= 0 { close(descriptor) }
  }

  /// The next row; nil at the end. Lines without any field are passed over.
  /// - Throws: `CSVError` for a quote out of place or a file that cannot be read.
  public func next() throws -> [String]? {
    while true {
      while pending.head == pending.rows.count {
        if ended { return nil }
        pending.rows.removeAll(keepingCapacity: true)
        pending.head = 0
        try fill()
      }
      defer { pending.head += 1 }
      row += 1
      if !pending.rows[pending.head].isEmpty { return pending.rows[pending.head] }
    }
  }

  /// Whether the file ended with the row that was handed out last, without a line's end: perhaps it
  /// was cut off there.
  public var isUnfinished: Bool { ended && pending.head == pending.rows.count && pending.end == -1 }

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
      if decoder.isWithinLetter { throw CSVError(path: path, problem: "it ends within a letter") }
      let isGood = csv_fini(&parser, CSVRows.field, CSVRows.line, target) == 0
      try check(
        isGood,
        "the file ends within quotation marks; it is cut off, or a field opens them "
          + "and does not close them")
    } else {
      let text = decoder.decode(chunk[..<count])
      let size = text?.count ?? count
      let parsed = csv_parse(&parser, text ?? chunk, size, CSVRows.field, CSVRows.line, target)
      try check(
        parsed == size,
        "a quotation mark stands within a field; fields that have some "
          + "stand between quotation marks, and double their own")
    }
    if let fault = pending.fault {
      throw CSVError(path: path, problem: fault.problem, row: row + fault.at + 1)
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

  private func check(_ isGood: Bool, _ quotes: String) throws {
    if isGood { return }
    let code = csv_error(&parser)
    throw CSVError(
      path: path, problem: code == CSV_EPARSE ? quotes : String(cString: csv_strerror(code)),
      row: row + pending.rows.count + 1)
  }

  private static let field:
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?)
      -> Void = { text, length, target in
        guard let target else { return }
        let rows = Unmanaged<Rows>.fromOpaque(target).takeUnretainedValue()
        let bytes = UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : length)
        let field = String(validating: bytes, as: UTF8.self)
        if rows.fault == nil {
          if field == nil {
            rows.fault = (rows.rows.count, CSVError.notUTF8)
          } else if let text, memchr(text, 0, length) != nil {
            rows.fault = (rows.rows.count, CSVError.zeroBytes)
          }
        }
        rows.row.append(field ?? "")
      }

  private static let line: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
    end, target in
    guard let target else { return }
    let rows = Unmanaged<Rows>.fromOpaque(target).takeUnretainedValue()
    defer { rows.end = end }
    // The second half of a line's end is no empty line.
    if rows.row.isEmpty && end == CSV_LF && rows.end == CSV_CR { return }
    rows.rows.append(rows.row)
    rows.row.removeAll(keepingCapacity: true)
  }
}

/// A file that is no CSV, or cannot be read.
public struct CSVError: Error, CustomStringConvertible {
  public let path: String
  public let problem: String
  public var row: Int?
  public var description: String { "\(path): " + (row.map { "row \($0): " } ?? "") + problem }

  static let notUTF8 = "is no UTF-8; save the file as UTF-8, or say its \"encoding\" in a mapping"
  static let zeroBytes = "has zero bytes; the file may be UTF-16: save it as UTF-8"
}
