import JSON
import Postgres

/// What becomes of an offered share: it is accepted, or one of the two says no.
public enum AnswerOffer {
  public enum Outcome: Sendable {
    /// Now, or before in the same way.
    case done(ShareOffer)
    /// It ended before in another way.
    case ended(ShareOffer.State)
    case unknown
    case refused(OfferShare.Refusal)
  }

  /// From the next version of the shares on, the part is the taker's.
  public static func accept(
    _ id: OfferID, of product: ProductID, by taker: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    guard try await AddEvents.hold(product, in: tx),
      let offer = try await ShareOffer.find(id, of: product, in: tx), offer.to == taker
    else { return .unknown }
    switch offer.state(at: now) {
    case .open: break
    case .accepted: return .done(offer)
    case .declined, .withdrawn, .expired: return .ended(offer.state(at: now))
    }
    if let no = try await OfferShare.refusal(offer.from, taker, at: now, in: tx) {
      return .refused(no)
    }
    try await RecordChanges.run(
      HoldingChange(.assignment, from: offer.from, to: taker, ppm: offer.ppm), of: [product],
      cause: id.uuid, evidence: offer.message, by: taker, at: now, in: tx)
    try await Audit.record(
      "share_assigned", on: id.description,
      after: [
        "product": .string(product.description), "from": .string(offer.from.description),
        "to": .string(taker.description), "ppm": .int(offer.ppm),
      ], by: taker, at: now, in: tx)
    return try await end(offer, .accepted, by: taker, tell: offer.from, at: now, in: tx)
  }

  /// The taker declines, or the giver withdraws.
  public static func refuse(
    _ id: OfferID, of product: ProductID, by member: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    guard try await AddEvents.hold(product, in: tx),
      let offer = try await ShareOffer.find(id, of: product, in: tx),
      member == offer.from || member == offer.to
    else { return .unknown }
    let wish: ShareOffer.State = member == offer.to ? .declined : .withdrawn
    let state = offer.state(at: now)
    if state == wish { return .done(offer) }
    guard state == .open else { return .ended(state) }
    return try await end(
      offer, wish, by: member, tell: member == offer.to ? offer.from : offer.to, at: now, in: tx)
  }

  private static func end(
    _ offer: ShareOffer, _ outcome: ShareOffer.State, by member: MemberID, tell other: MemberID,
    at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome {
    try await tx.execute(
      """
      INSERT INTO share_offer_ends (product_id, offer_id, outcome, ended_by, ended_at)
      VALUES (\(offer.product.uuid), \(offer.id.uuid), \(outcome.rawValue), \(member.uuid),
              \(now))
      """)
    try await HoldingNews.post(
      "an offer of a share is \(outcome.rawValue)", about: offer.product, offer.id.uuid,
      by: member, to: [other], at: now, in: tx)
    return try await ShareOffer.find(offer.id, of: offer.product, in: tx).map(Outcome.done)
      ?? .unknown
  }
}
