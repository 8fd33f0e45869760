import Coinvent
import HTTPServer
import JSON

/// An answer that says no, as RFC 9457 writes it (`application/problem+json`).
///
/// Handlers throw it; `Problem(_: any Error)` makes one of every other error. Nothing else in the
/// API turns an error into an answer.
public struct Problem: Error, Sendable {
  public let status: Int
  /// The last part of `type`: what clients switch over.
  public let name: String
  public let title: String
  public let detail: String
  public var errors: [Invalid.Fault] = []
  public var headers: Headers = [:]

  public init(_ status: Int, _ name: String, _ title: String, _ detail: String) {
    self.status = status
    self.name = name
    self.title = title
    self.detail = detail
  }

  func with(_ header: String, _ value: String) -> Problem {
    var problem = self
    problem.headers[header] = value
    return problem
  }

  func at(_ pointer: String, _ message: String) -> Problem {
    var problem = self
    problem.errors.append((pointer, message))
    return problem
  }

  func response() -> Response {
    let bytes = JSONWriter.object {
      $0.field("type", "/problems/\(name)")
      $0.field("title", title)
      $0.field("status", status)
      $0.field("detail", detail)
      if !errors.isEmpty {
        $0.array("errors", errors) { writer, error in
          writer.object {
            $0.field("pointer", error.pointer)
            $0.field("detail", error.message)
          }
        }
      }
    }
    var response = Response.json(bytes, status: status, type: "application/problem+json")
    for (name, value) in headers.fields { response.headers[name] = value }
    return response
  }
}

extension Problem {
  /// 400: the request cannot be read.
  public static func malformed(_ detail: String) -> Problem {
    Problem(400, "malformed", "The request cannot be read", detail)
  }

  /// 401: no token, or none that is good.
  static func unauthorized(_ detail: String, isTokenBad: Bool = false) -> Problem {
    let error = isTokenBad ? ", error=\"invalid_token\"" : ""
    return Problem(401, "unauthorized", "Sign in first", detail)
      .with("WWW-Authenticate", "Bearer realm=\"coinvent\"\(error)")
  }

  /// 403: known, but not allowed.
  public static func forbidden(_ detail: String, as name: String = "forbidden") -> Problem {
    Problem(403, name, "Not allowed", detail)
  }

  /// 404.
  public static func notFound(_ thing: String) -> Problem {
    Problem(404, "not-found", "Not found", "There is no \(thing) here.")
  }

  /// 405, with the methods that the path has.
  static func methodNotAllowed(_ allowed: [Method]) -> Problem {
    let names = allowed.map(\.rawValue).joined(separator: ", ")
    return Problem(405, "method-not-allowed", "Method not allowed", "This path takes \(names).")
      .with("Allow", names)
  }

  /// 409: it does not fit what is there.
  public static func conflict(_ name: String, _ detail: String) -> Problem {
    Problem(409, name, "Conflict", detail)
  }

  /// 422: read, but some of its fields cannot be taken.
  public static func unprocessable(_ invalid: Invalid) -> Problem {
    var problem = Problem(
      422, "invalid-fields", "Some fields cannot be taken",
      invalid.fields.count == 1
        ? "A field is not right; see errors."
        : "\(invalid.fields.count) of the fields are not right; see errors.")
    problem.errors = invalid.fields
    return problem
  }

  /// 429: too often.
  static func tooMany(_ detail: String, wait: Duration) -> Problem {
    Problem(429, "too-many-requests", "Too many requests", detail)
      .with("Retry-After", "\(max(1, wait.components.seconds + 1))")
  }

  /// 503: try again in so many seconds.
  public static func unavailable(_ detail: String, retryAfter seconds: Int = 1) -> Problem {
    Problem(503, "unavailable", "Not available now", detail).with("Retry-After", "\(seconds)")
  }

  /// 500: a mistake of ours; what it is stands in the log.
  static let ours = Problem(
    500, "internal", "Something went wrong here",
    "The request could not be answered. Its id is in X-Request-Id; the log says more.")
}
