import Coinvent
import Foundation
import Ledger

/// The published catalogue of 126 products, where it lies beside the project.
struct Catalogue {
  struct Product {
    let number: String
    let name: String
    let inventor: String
    /// Nil is unknown.
    let price: Int64?
    var rounds: [(phase: String, entries: Int)] = []
  }

  private(set) var products: [Product] = []

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/data")

  static var isHere: Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: products).path())
      && FileManager.default.fileExists(atPath: folder.appending(path: phases).path())
  }

  private static let products = "quirky-2015-products.csv"
  private static let phases = "quirky-2015-phases.csv"

  init() throws {
    for row in try Self.rows(of: Self.products) {
      products.append(
        Product(
          number: row[0], name: row[1], inventor: row[2],
          price: row[7].isEmpty ? nil : try Amount.nanos(decimal: row[7])))
    }
    let places = Dictionary(
      uniqueKeysWithValues: products.enumerated().map { ($1.number, $0) })
    for row in try Self.rows(of: Self.phases) {
      guard let place = places[row[0]], let entries = Int(row[2]) else {
        throw CocoaError(.fileReadCorruptFile)
      }
      products[place].rounds.append((row[1], entries))
    }
  }

  /// Names may hold commas, in quotes.
  private static func rows(of file: String) throws -> [[String]] {
    let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
      var cells = [""]
      var isQuoted = false
      for letter in line {
        if letter == "\"" {
          isQuoted.toggle()
        } else if letter == "," && !isQuoted {
          cells.append("")
        } else {
          cells[cells.count - 1].append(letter)
        }
      }
      return cells
    }
  }
}
