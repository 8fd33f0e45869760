import HTTPServer
import JSON
import Testing

@testable import API

/// Holds what the application answers against what its OpenAPI document says.
///
/// The document leaves objects open, as documents should; here they are closed, so that nothing is
/// answered that is not described.
enum Contract {
  private static let shapes = Dictionary(
    OpenAPI.schemas.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
  private static let operations = OpenAPI.operations

  /// Records an issue for an answer that the document does not describe.
  static func check(
    _ method: Method, _ target: String, body: JSON?, status: Int, type: String?, answer: [UInt8]
  ) {
    guard (200...299).contains(status) else { return checkProblem(status, type, method, target) }
    guard let operation = find(method, target) else {
      Issue.record("\(method.rawValue) \(target) is not in the OpenAPI document")
      return
    }
    let place = "\(operation.id) answered \(status)"
    switch operation.answers.first(where: { $0.status == status }) {
    case nil: Issue.record("\(place), which the OpenAPI document does not know")
    case .json(_, _, let shape):
      do {
        let fault = try fault(of: JSON.parse(answer), shape)
        if let fault { Issue.record("\(place), but \(fault) of the answer") }
      } catch { Issue.record("\(place) with something that is no JSON") }
    case .empty: if !answer.isEmpty { Issue.record("\(place) with a body") }
    case .bytes(_, _, let known):
      if type?.hasPrefix(known) != true { Issue.record("\(place) with the type \(type ?? "none")") }
    case .files(_, _, let known):
      if !known.contains(where: { type?.hasPrefix($0) ?? false }) {
        Issue.record("\(place) with the type \(type ?? "none")")
      }
    }
    switch (operation.body, body) {
    case (.json(let shape)?, let body?), (.optionalJSON(let shape)?, let body?):
      if let fault = fault(of: body, shape) {
        Issue.record("\(operation.id) took a body that it says it does not: \(fault)")
      }
    default: break
    }
  }

  private static func checkProblem(
    _ status: Int, _ type: String?, _ method: Method, _ target: String
  ) {
    if status != 304 && type != "application/problem+json" {
      Issue.record("\(method.rawValue) \(target) said \(status) with the type \(type ?? "none")")
    }
  }

  private static func find(_ method: Method, _ target: String) -> Operation? {
    let parts = target.prefix { $0 != "?" }.split(separator: "/")
    func fits(_ operation: Operation) -> Bool {
      let template = operation.path.split(separator: "/")
      return operation.method == method && template.count == parts.count
        && zip(template, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
    // A word goes before a parameter in the same place.
    return operations.filter(fits).min { $0.parameters.count < $1.parameters.count }
  }

  /// Where and how a value differs; nil when it fits.
  static func fault(of json: JSON, _ shape: Shape, at place: String = "") -> String? {
    if case .nullable(let inner) = shape {
      return json.isNull ? nil : fault(of: json, inner, at: place)
    }
    switch shape {
    case .named(let name):
      guard let inner = shapes[name] else { return "\(place) has the unknown schema \(name)" }
      return fault(of: json, inner, at: place)
    case .object(let fields): return fault(of: json, fields, at: place)
    case .all(let parts): return fault(of: json, parts.flatMap(fields), at: place)
    case .list(let element, let count):
      guard let array = json.array else { return "\(place) is no array" }
      if let count, !count.contains(array.count) { return "\(place) has \(array.count) elements" }
      for (index, value) in array.enumerated() {
        if let fault = fault(of: value, element, at: "\(place)/\(index)") { return fault }
      }
      return nil
    default: return leaf(json, shape) ? nil : "\(place) is \(json.text()), not \(shape.json.text())"
    }
  }

  private static func fields(of shape: Shape) -> [Shape.Field] {
    switch shape {
    case .object(let fields): fields
    case .named(let name): shapes[name].map(fields) ?? []
    case .all(let parts): parts.flatMap(fields)
    default: []
    }
  }

  private static func fault(of json: JSON, _ fields: [Shape.Field], at place: String) -> String? {
    guard let object = json.object else { return "\(place) is no object" }
    for field in fields {
      guard let value = object[field.name] else {
        if field.isRequired { return "\(place)/\(field.name) is missing" }
        continue
      }
      if !field.isRequired && value.isNull { continue }
      if let fault = fault(of: value, field.shape, at: "\(place)/\(field.name)") { return fault }
    }
    let known = Set(fields.map(\.name))
    return object.keys.first { !known.contains($0) }.map { "\(place)/\($0) is not described" }
  }

  private static func leaf(_ json: JSON, _ shape: Shape) -> Bool {
    switch shape {
    case .anything: true
    case .flag: json.bool != nil
    case .number: json.double != nil
    case .whole(let range): json.int.map(range.contains) ?? false
    case .length(let range): json.string.map { range.contains($0.unicodeScalars.count) } ?? false
    case .words(let words): json.string.map(words.contains) ?? false
    case .time: matches(json, #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"#)
    case .text: json.string != nil
    case .matching, .decimal, .currency, .id:
      matches(json, shape.json["pattern"]?.string ?? "^$")
    case .list, .object, .named, .all, .nullable: false
    }
  }

  private static func matches(_ json: JSON, _ pattern: String) -> Bool {
    guard let text = json.string, let regex = try? Regex(pattern) else { return false }
    return text.contains(regex)
  }
}
