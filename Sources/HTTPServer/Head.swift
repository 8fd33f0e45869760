import CMicroHTTPD
import Glibc

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
    } else if let fields = Fields(inspection.fields) {
      read(fields, call, exchange)
    } else {
      outcome = .refused(.malformed("A field has a bad name or a control character."))
    }
  }

  private mutating func read(_ fields: Fields, _ call: Exchange.Call, _ exchange: Exchange) {
    let isOld = strcmp(call.version, "HTTP/1.0") == 0
    let framing = Framing(fields, isOld: isOld)
    if case .faulty(let fault) = framing {
      outcome = .refused(.malformed(fault))
      return
    }
    if let fault = faultInHost(fields.hosts, isOld: isOld) {
      outcome = .refused(.malformed(fault))
      return
    }
    guard let target = Target(exchange.target) else {
      outcome = .refused(.malformed("The target is no path, or has a broken escape."))
      return
    }
    let isHead = strcmp(call.method, "HEAD") == 0
    guard let method = isHead ? .get : Method(call.method) else {
      outcome = .refused(.methodUnknown)
      return
    }
    let request = exchange.daemon.request(
      method, isHead: isHead, target, fields, exchange.connection)
    self.request = request
    let limit =
      exchange.daemon.responder.bodyLimit(for: request) ?? exchange.daemon.configuration.bodyLimit
    if case .length(let length) = framing, length > limit {
      outcome = .tooLarge(limit: limit, expectsContinue: fields.expectsContinue)
    } else {
      outcome = .accepted(framing, bodyLimit: limit)
    }
  }
}
