import Glibc

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

  init?(_ name: UnsafePointer<CChar>) {
    // The two that nearly all requests have need no text.
    if strcmp(name, "GET") == 0 {
      self = .get
    } else if strcmp(name, "POST") == 0 {
      self = .post
    } else {
      self.init(rawValue: String(cString: name))
    }
  }
}
