/// The request methods that a server of ours answers.
///
/// HEAD is not among them: it reaches a responder as `get` with `Request.isHead`, and the body of
/// the answer stays unsent.
public enum Method: String, Sendable, Hashable, CaseIterable {
  case get = "GET"
  case post = "POST"
  case put = "PUT"
  case patch = "PATCH"
  case delete = "DELETE"
  case options = "OPTIONS"
}
