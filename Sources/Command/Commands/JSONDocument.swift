import Coinvent
import JSON

/// Reads what an operator has written into a file as JSON.
enum JSONDocument {
  /// - Parameters:
  ///   - path: of the file.
  ///   - kind: what it is to hold, such as `recipe`.
  ///   - page: in Docs, which tells the form.
  ///   - read: makes it of the JSON.
  /// - Throws: `Failure` with every mistake at its place.
  static func read<Content>(
    _ path: String, as kind: String, page: String, _ read: (JSON) throws(Invalid) -> Content
  ) throws -> Content {
    let json: JSON
    do {
      json = try JSON.parse(try readText(path))
    } catch let error as FileFailure {
      throw Failure(.error, "\(error)")
    } catch {
      throw Failure(.error, "\(path) is no JSON: \(error)")
    }
    do throws(Invalid) {
      return try read(json)
    } catch {
      throw Failure(
        .error, "\(path) is no \(kind):",
        mend: "Each mistake is named by its place in the document; Docs/\(page) tells the form.",
        details: error.fields.map { "\($0.pointer.isEmpty ? "/" : $0.pointer) \($0.message)" })
    }
  }
}
