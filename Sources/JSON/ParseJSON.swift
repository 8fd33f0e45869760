import CJansson

extension JSON {
  /// Parses UTF-8 text that holds exactly one value, which may be of any kind.
  ///
  /// Refused are duplicate keys, invalid UTF-8, lone surrogates, NUL characters, numbers that do
  /// not fit and nesting deeper than `depth`.
  public static func parse(_ bytes: [UInt8], depth: Int = 64) throws(JSONError) -> JSON {
    precondition(depth <= 512, "the parser calls itself for each level")
    if bytes.isEmpty { throw JSONError(.empty, line: 1, column: 0) }
    try refuseDepth(over: depth, in: bytes)
    var error = json_error_t()
    let flags = size_t(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY)
    let root = bytes.withUnsafeBytes { raw in
      json_loadb(raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, flags, &error)
    }
    guard let root else { throw JSONError(error) }
    defer { json_decref(root) }
    return JSON(root)
  }

  /// Parses a text; see `parse(_:depth:)` for bytes.
  public static func parse(_ text: String, depth: Int = 64) throws(JSONError) -> JSON {
    try parse(Array(text.utf8), depth: depth)
  }

  /// The C library has one fixed limit of 2048 levels, too many for a thread's stack.
  private static func refuseDepth(over limit: Int, in bytes: [UInt8]) throws(JSONError) {
    var depth = 0
    var inString = false
    var escaped = false
    for (index, byte) in bytes.enumerated() {
      if inString {
        if escaped {
          escaped = false
        } else if byte == UInt8(ascii: "\\") {
          escaped = true
        } else if byte == UInt8(ascii: "\"") {
          inString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): inString = true
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
      if depth > limit { throw JSONError(.tooDeep, at: index, in: bytes) }
    }
  }

  private init(_ value: UnsafeMutablePointer<json_t>) {
    switch value.pointee.type {
    case JSON_TRUE: self = .bool(true)
    case JSON_FALSE: self = .bool(false)
    case JSON_INTEGER: self = .int(Int64(json_integer_value(value)))
    case JSON_REAL: self = .double(json_real_value(value))
    case JSON_STRING:
      self = .string(decoded(json_string_value(value), json_string_length(value)))
    case JSON_ARRAY:
      self = .array(
        (0..<json_array_size(value)).map { index in
          json_array_get(value, index).map(JSON.init) ?? .null
        })
    case JSON_OBJECT: self = .object(JSONObject(value))
    default: self = .null
    }
  }

  fileprivate static func member(_ value: UnsafeMutablePointer<json_t>?) -> JSON {
    value.map(JSON.init) ?? .null
  }
}

extension JSONObject {
  fileprivate init(_ object: UnsafeMutablePointer<json_t>) {
    self.init()
    reserve(json_object_size(object))
    var member = json_object_iter(object)
    while let place = member {
      let key = decoded(json_object_iter_key(place), json_object_iter_key_len(place))
      append(key, JSON.member(json_object_iter_value(place)))
      member = json_object_iter_next(object, place)
    }
  }
}

private func decoded(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
  String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
}

extension JSONError {
  fileprivate init(_ error: json_error_t) {
    // The library keeps its error code in the last byte of the text.
    let code = withUnsafeBytes(of: error.text) { UInt32($0.last ?? 0) }
    let reason: Reason =
      switch json_error_code(code) {
      case json_error_premature_end_of_input: .incomplete
      case json_error_end_of_input_expected: .trailing
      case json_error_invalid_utf8: .notUTF8
      case json_error_duplicate_key: .duplicateKey
      case json_error_numeric_overflow: .numberTooBig
      case json_error_null_character, json_error_null_byte_in_key: .nul
      case json_error_stack_overflow: .tooDeep
      default: .syntax
      }
    self.init(reason, line: Int(error.line), column: Int(error.column))
  }

  fileprivate init(_ reason: Reason, at index: Int, in bytes: [UInt8]) {
    let before = bytes[...index]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    self.init(reason, line: line, column: index - start + 1)
  }
}
