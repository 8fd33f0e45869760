import Coinvent
import HTTPServer
import JSON

/// The form of a JSON value, as JSON Schema 2020-12 describes it.
public indirect enum Shape: Sendable {
  case text
  /// A text of so many characters.
  case length(ClosedRange<Int>)
  /// A text that matches a regular expression.
  case matching(String)
  /// One of these words.
  case words([String])
  /// A whole number.
  case whole(ClosedRange<Int64>)
  /// A number for people's eyes, such as a score; never money.
  case number
  case flag
  /// RFC 3339.
  case time
  /// A decimal number as a string, so that nobody's floating point touches it.
  case decimal
  case currency
  case id(any EntityID.Type)
  case list(Shape, ClosedRange<Int>? = nil)
  case object([Field])
  /// One of `schemas`, by its name.
  case named(String)
  /// The members of all of them.
  case all([Shape])
  case nullable(Shape)
  case anything

  /// A member of an object.
  public struct Field: Sendable {
    let name: String
    let shape: Shape
    let isRequired: Bool
    let about: String?

    static func required(_ name: String, _ shape: Shape, _ about: String? = nil) -> Field {
      Field(name: name, shape: shape, isRequired: true, about: about)
    }

    static func optional(_ name: String, _ shape: Shape, _ about: String? = nil) -> Field {
      Field(name: name, shape: shape, isRequired: false, about: about)
    }
  }

  /// A count: a whole number from 0 on.
  static let count = Shape.whole(0...Int64.max)

  /// A page of a list under its name, with the cursor of the next one.
  static func page(_ name: String, of element: Shape) -> Shape {
    .object([
      .required(name, .list(element)),
      .required("next_cursor", .nullable(.text), "Null on the last page"),
    ])
  }
}

extension Shape {
  var json: JSON {
    switch self {
    case .text: ["type": "string"]
    case .length(let range):
      [
        "type": "string", "minLength": .int(Int64(range.lowerBound)),
        "maxLength": .int(Int64(range.upperBound)),
      ]
    case .matching(let pattern): ["type": "string", "pattern": .string(pattern)]
    case .words(let words): ["type": "string", "enum": .array(words.map(JSON.string))]
    case .whole(let range):
      [
        "type": "integer", "format": "int64", "minimum": .int(range.lowerBound),
        "maximum": .int(range.upperBound),
      ]
    case .number: ["type": "number"]
    case .flag: ["type": "boolean"]
    case .time: ["type": "string", "format": "date-time"]
    case .decimal: ["type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"]
    case .currency: ["type": "string", "pattern": "^[A-Z]{3}$"]
    case .id(let kind):
      ["type": "string", "pattern": .string("^\(kind.prefix)_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    case .list(let element, let count): Shape.list(element, count)
    case .object(let fields): Shape.object(fields)
    case .named(let name): ["$ref": .string("#/components/schemas/\(name)")]
    case .all(let shapes): ["allOf": .array(shapes.map(\.json))]
    case .nullable(let shape): ["anyOf": [shape.json, ["type": "null"]]]
    case .anything: [:]
    }
  }

  private static func list(_ element: Shape, _ count: ClosedRange<Int>?) -> JSON {
    guard let count else { return ["type": "array", "items": element.json] }
    return [
      "type": "array", "items": element.json, "minItems": .int(Int64(count.lowerBound)),
      "maxItems": .int(Int64(count.upperBound)),
    ]
  }

  private static func object(_ fields: [Field]) -> JSON {
    var properties = JSONObject()
    for field in fields {
      var shape = field.shape.json
      if let about = field.about { shape = shape.adding("description", .string(about)) }
      properties[field.name] = shape
    }
    let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
    let object: JSON = ["type": "object", "properties": .object(properties)]
    return required.isEmpty ? object : object.adding("required", .array(required))
  }
}

extension JSON {
  /// An object with one more member; anything else as it is.
  func adding(_ key: String, _ value: JSON) -> JSON {
    guard var object else { return self }
    object[key] = value
    return .object(object)
  }
}
