import CLibPQ

/// A result of libpq, freed with its last owner. It is not changed after it was received, so any
/// thread may read it.
final class ResultBox: @unchecked Sendable {
  let raw: OpaquePointer

  init(_ raw: OpaquePointer) { self.raw = raw }

  deinit { PQclear(raw) }

  var status: ExecStatusType { PQresultStatus(raw) }
  var count: Int { Int(PQntuples(raw)) }
  var columns: Int { Int(PQnfields(raw)) }

  /// What the server says it did: `COMMIT`, `INSERT 0 1`.
  var commandTag: String { PQcmdStatus(raw).map { String(cString: $0) } ?? "" }

  var affected: Int {
    guard let text = PQcmdTuples(raw) else { return 0 }
    return Int(String(cString: text)) ?? 0
  }

  func columnName(_ column: Int) -> String {
    PQfname(raw, Int32(column)).map { String(cString: $0) } ?? "?"
  }

  func cell(row: Int, column: Int) -> Cell {
    let (r, c) = (Int32(row), Int32(column))
    var bytes: UnsafeRawBufferPointer?
    if PQgetisnull(raw, r, c) == 0 {
      bytes = UnsafeRawBufferPointer(
        start: PQgetvalue(raw, r, c), count: Int(PQgetlength(raw, r, c)))
    }
    return Cell(bytes: bytes, oid: PQftype(raw, c), result: self, column: column)
  }

  /// A field of the error this result reports.
  func field(_ code: Character) -> String? {
    guard let ascii = code.asciiValue, let text = PQresultErrorField(raw, Int32(ascii)) else {
      return nil
    }
    return String(cString: text)
  }
}
