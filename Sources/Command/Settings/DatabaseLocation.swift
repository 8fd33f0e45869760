/// Which PostgreSQL to use.
enum DatabaseLocation: Sendable, Equatable {
  /// A server that somebody else runs: `DATABASE_URL`.
  case server(url: String)
  /// The cluster of the data folder.
  case embedded(Cluster)
  /// Neither a URL nor a cluster.
  case missing(data: String)

  /// The connection string; throws the sentence that says what to do when there is none.
  func url() throws(Failure) -> String {
    switch self {
    case .server(let url): return url
    case .embedded(let cluster):
      if let failure = cluster.whyUnreachable() { throw failure }
      return cluster.url
    case .missing(let data):
      throw Failure(
        .error,
        "There is no database: \(data) holds no embedded cluster and DATABASE_URL is unset.",
        mend: "Run Scripts/start, name its folder with --data, or set DATABASE_URL.")
    }
  }

  /// Safe to print: passwords are taken out.
  var shown: String {
    switch self {
    case .server(let url): redacted(url)
    case .embedded(let cluster): "embedded cluster of \(cluster.data) (\(cluster.socketPath))"
    case .missing: "none"
    }
  }
}

/// A connection string without its passwords.
func redacted(_ url: String) -> String {
  guard let scheme = url.firstRange(of: "://") else { return redactedKeywords(url) }
  let rest = url[scheme.upperBound...]
  let authority = rest.prefix { $0 != "/" && $0 != "?" }
  var shown = String(authority)
  if let at = authority.lastIndex(of: "@") {
    let name = authority[..<at].prefix { $0 != ":" }
    let secret = name.endIndex < at ? ":***" : ""
    shown = name + secret + authority[at...]
  }
  let tail = rest[authority.endIndex...]
  let query = tail.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
  let path = query.first.map(String.init) ?? ""
  guard query.count == 2 else { return url[..<scheme.upperBound] + shown + path }
  let items = query[1].split(separator: "&").map { item in
    isSecret(item) ? "\(item.prefix { $0 != "=" })=***" : String(item)
  }
  return url[..<scheme.upperBound] + shown + path + "?" + items.joined(separator: "&")
}

private func redactedKeywords(_ text: String) -> String {
  // A quoted value may hold blanks: all after the first secret is hidden rather than parsed.
  guard let secret = text.firstRange(of: "pass") else { return text }
  return text[..<secret.lowerBound] + "password=***"
}

private func isSecret(_ item: Substring) -> Bool {
  item.hasPrefix("password=") || item.hasPrefix("sslpassword=") || item.hasPrefix("passfile=")
}
