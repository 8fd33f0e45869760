import CMicroHTTPD

/// The head of a request, judged.
struct Head {
  enum Outcome {
    case accepted(Framing, bodyLimit: Int)
    case tooLarge(limit: Int, expectsContinue: Bool)
    case refused(Refusal)
  }

  private(set) var request: Request?
  private(set) var outcome = Outcome.refused(.malformed("The request cannot be read."))

  init(_ call: Exchange.Call, _ exchange: Exchange) {
    let settings = exchange.daemon.configuration
    if exchange.connection.isSurplus {
      outcome = .refused(.tooManyConnections)
      return
    }
    var inspection = HeadInspection(
      method: call.method, url: call.url, version: call.version,
      targetLength: exchange.targetLength, headLength: coinvent_mhd_head_size(exchange.handle))
    inspection.collect(exchange.handle)
    if inspection.headLength > settings.headLimit {
      outcome = .refused(.headTooLarge("The head may have \(settings.headLimit) bytes."))
    } else if inspection.fields.count > settings.fieldLimit {
      outcome = .refused(.headTooLarge("The head may have \(settings.fieldLimit) fields."))
    } else if let fault = inspection.faultInLayout() {
      outcome = .refused(.malformed(fault))
    } else if let headers = inspection.headers() {
      read(headers, String(cString: call.method), String(cString: call.version), exchange)
    } else {
      outcome = .refused(.malformed("A field has a bad name or a control character."))
    }
  }

  private mutating func read(
    _ headers: Headers, _ method: String, _ version: String, _ exchange: Exchange
  ) {
    let framing = Framing(headers, version: version)
    if case .faulty(let fault) = framing {
      outcome = .refused(.malformed(fault))
      return
    }
    if let fault = faultInHost(headers, version: version) {
      outcome = .refused(.malformed(fault))
      return
    }
    guard let target = Target(exchange.target) else {
      outcome = .refused(.malformed("The target is no path, or has a broken escape."))
      return
    }
    guard let known = Method(rawValue: method == "HEAD" ? "GET" : method) else {
      outcome = .refused(.methodUnknown)
      return
    }
    let request = exchange.daemon.request(
      known, isHead: method == "HEAD", target, headers, exchange.connection)
    self.request = request
    let limit =
      exchange.daemon.responder.bodyLimit(for: request) ?? exchange.daemon.configuration.bodyLimit
    if case .length(let length) = framing, length > limit {
      outcome = .tooLarge(limit: limit, expectsContinue: headers["Expect"] != nil)
    } else {
      outcome = .accepted(framing, bodyLimit: limit)
    }
  }
}
