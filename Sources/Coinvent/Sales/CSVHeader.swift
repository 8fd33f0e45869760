extension CSVRows {
  /// The names of columns in the first row.
  /// - Throws: `CSVError` when the row is one field that other signs divide.
  func names(_ names: [String], delimiter: UInt8) throws -> [String] {
    guard names.count == 1 else { return names }
    for (sign, name) in [
      (UInt8(ascii: ";"), "semicolon"), (UInt8(ascii: "\t"), "tab"), (UInt8(ascii: ","), "comma"),
    ]
    where sign != delimiter && names[0].utf8.contains(sign) {
      throw CSVError(
        path: path,
        problem:
          "names one column, \"\(names[0])\"; if a \(name) divides its fields, read it through "
          + "a mapping that says \"delimiter\":\"\(name)\"", row: row)
    }
    return names
  }

  /// What the last row is when it has too few fields and no line's end.
  var cutOff: CSVError {
    CSVError(path: path, problem: "the file ends in the middle of the row; it is cut off", row: row)
  }
}
