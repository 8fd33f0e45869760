import Coinvent
import HTTPServer

/// The routes of one feature: their paths, who may use them, what answers them, and how they are
/// described. `Route.features` names each feature once.
public protocol FeatureRoute: Sendable {
  /// The routes of a path, by method; empty for a path that is not of this feature.
  static func at(_ path: Path) -> [(method: Method, route: Self)]

  var policy: Policy { get }

  func answer(_ call: Call) async throws -> Response

  /// What the OpenAPI document says, one entry a route.
  static var operations: [Operation] { get }

  /// Schemas that operations refer to by name.
  static var schemas: [(name: String, shape: Shape)] { get }
}

extension FeatureRoute {
  public static var schemas: [(name: String, shape: Shape)] { [] }

  /// The routes when `text` is such an id: a path with something else in an id's place does not
  /// exist.
  static func with<ID: EntityID>(
    _ text: String, _ routes: (ID) -> [(method: Method, route: Self)]
  ) -> [(method: Method, route: Self)] {
    ID(text).map(routes) ?? []
  }
}

/// The parts of a path behind `/v1`; nil behind its end.
public struct Path: Sendable {
  let parts: ArraySlice<String>

  init(_ parts: ArraySlice<String>) { self.parts = parts }

  var count: Int { parts.count }

  subscript(place: Int) -> String? {
    place < parts.count ? parts[parts.startIndex + place] : nil
  }
}
