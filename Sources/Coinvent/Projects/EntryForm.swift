import JSON
import Postgres

/// The fields of a project's entries.
public struct EntryForm: Sendable, Equatable {
  public static let most = 20

  public let fields: [EntryField]

  public init(_ fields: [EntryField]) { self.fields = fields }

  /// Reads an array of fields.
  /// - Parameter pointer: where it stands in the request.
  /// - Throws: `Invalid` with every mistake at once.
  public init(json: JSON, at pointer: String = "") throws(Invalid) {
    guard let elements = json.array, (1...EntryForm.most).contains(elements.count) else {
      throw Invalid(pointer, "must be an array of 1 to \(EntryForm.most) fields")
    }
    var faults: [Invalid.Fault] = []
    var fields: [EntryField] = []
    for (index, element) in elements.enumerated() {
      do {
        var reader = try Fields(element, at: "\(pointer)/\(index)")
        let field = EntryField(&reader)
        try reader.finish()
        if fields.contains(where: { $0.name == field.name }) {
          faults.append(("\(pointer)/\(index)/name", "is the name of another field"))
        }
        fields.append(field)
      } catch {
        faults += error.fields
      }
    }
    try Invalid.refuse(faults)
    self.fields = fields
  }

  /// What the database holds.
  init(_ stored: StoredText) throws {
    try self.init(json: try JSON.parse(stored.withUTF8 { Array($0) }))
  }

  public var json: JSON { .array(fields.map(\.json)) }

  public func field(_ name: String) -> EntryField? { fields.first { $0.name == name } }

  /// What is asked for where a curator says nothing else.
  public static func usual(for slice: Slice) -> EntryForm {
    switch slice {
    case .naming:
      EntryForm([text("name", "Name", 1...60, isUnique: true)])
    case .tagline: EntryForm([text("tagline", "Tagline", 1...140, isUnique: true)])
    case .pricing:
      EntryForm([
        EntryField(
          "price", label: "Price",
          .number(
            .init(
              least: ExactNumber(nanos: 10_000_000), most: nil, decimals: 2, step: nil)))
      ])
    case .research: EntryForm([text("answer", "Answer", 1...2000, hasLines: true)])
    case .comparison:
      EntryForm([
        text("product", "Product", 1...100), text("link", "Link", 1...2000, isRequired: false),
        text("difference", "What is different", 1...2000, hasLines: true),
      ])
    case .finish:
      EntryForm([
        text("colour", "Colour", 1...100), text("material", "Material", 1...100),
        text("surface", "Finish", 1...100), picture(isRequired: false),
      ])
    case .design, .packaging:
      EntryForm([
        text("title", "Title", 1...80), picture(isRequired: true),
        text("about", "About it", 1...2000, hasLines: true, isRequired: false),
      ])
    case .inventor, .ideaVotes, .ideaDiscussion, .presale, .catalyst:
      EntryForm([text("answer", "Answer", 1...2000, hasLines: true)])
    }
  }

  private static func text(
    _ name: String, _ label: String, _ length: ClosedRange<Int>, hasLines: Bool = false,
    isUnique: Bool = false, isRequired: Bool = true
  ) -> EntryField {
    EntryField(
      name, label: label, isRequired: isRequired,
      .text(.init(length: length, hasLines: hasLines, isUnique: isUnique)))
  }

  private static func picture(isRequired: Bool) -> EntryField {
    EntryField("picture", label: "Picture", isRequired: isRequired, .image)
  }
}
