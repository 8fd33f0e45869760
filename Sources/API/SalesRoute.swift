import Coinvent
import HTTPServer
import JSON

/// What comes in about sales besides the lines themselves: reports, mappings, names of products,
/// and lines in suspense.
enum SalesRoute: FeatureRoute {
  case listReports, readReport(SaleReportID), withdrawReport(SaleReportID)
  case listMappings, addMapping
  case listAliases, addAlias
  case listSuspense, repair, reject, replay

  static func at(_ path: Path) -> [(method: Method, route: SalesRoute)] {
    guard path[0] == "sales" else { return [] }
    return switch (path[1], path[2], path[3]) {
    case ("reports", nil, nil): [(.get, .listReports)]
    case ("reports", let id?, nil): with(id) { [(.get, .readReport($0))] }
    case ("reports", let id?, "withdrawal"): with(id) { [(.post, .withdrawReport($0))] }
    case ("mappings", nil, nil): [(.get, .listMappings), (.post, .addMapping)]
    case ("aliases", nil, nil): [(.get, .listAliases), (.post, .addAlias)]
    case ("suspense", nil, nil): [(.get, .listSuspense)]
    case ("suspense", "repair", nil): [(.post, .repair)]
    case ("suspense", "reject", nil): [(.post, .reject)]
    case ("suspense", "replay", nil): [(.post, .replay)]
    default: []
    }
  }

  var policy: Policy { .members(.finance, .finance) }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .listReports: try await SalesReportsAPI.list(call)
    case .readReport(let id): try await SalesReportsAPI.read(id, call)
    case .withdrawReport(let id): try await SalesReportsAPI.withdraw(id, call)
    case .listMappings: try await SalesNamesAPI.mappings(call)
    case .addMapping: try await SalesNamesAPI.addMapping(call)
    case .listAliases: try await SalesNamesAPI.aliases(call)
    case .addAlias: try await SalesNamesAPI.addAlias(call)
    case .listSuspense: try await SuspenseAPI.list(call)
    case .repair: try await SuspenseAPI.repair(call)
    case .reject: try await SuspenseAPI.reject(call)
    case .replay: try await SuspenseAPI.replay(call)
    }
  }

  static var operations: [Operation] { SalesOperations.all }
  static var schemas: [(name: String, shape: Shape)] { SalesOperations.schemas }
}
