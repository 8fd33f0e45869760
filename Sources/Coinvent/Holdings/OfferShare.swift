import Postgres

/// Offers a part of what one holds of a product to another member, who has 30 days to accept.
public enum OfferShare {
  public enum Outcome: Sendable {
    case offered(ShareOffer)
    case unknownProduct
    case refused(Refusal)
  }

  public enum Refusal: Sendable, Equatable {
    case toOneself
    case unknownMember
    /// Banned, erased or closed.
    case notActive(MemberID)
    /// Two accounts are about to count as one, or do already.
    case merging(MemberID)
    case holdsNothing
    /// Open offers of this product would come to more than all; so much is left.
    case moreThanAll(left: Int64)
  }

  /// - Parameter ppm: 1 to 1 000 000.
  /// - Throws: `Invalid` for the message.
  public static func run(
    _ ppm: Int64, of product: ProductID, from giver: MemberID, to taker: MemberID,
    message: String = "", at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    precondition((1...HoldingChange.all).contains(ppm), "the caller has checked the part")
    if let fault = message.trimmed.fault(0...500, lines: true) { throw Invalid("/message", fault) }
    guard try await AddEvents.hold(product, in: tx) else { return .unknownProduct }
    if giver == taker { return .refused(.toOneself) }
    if let no = try await refusal(giver, taker, at: now, in: tx) { return .refused(no) }
    let (holds, offered) = try await tx.one(
      """
      SELECT EXISTS (SELECT FROM influence_events
                     WHERE product_id = \(product.uuid) AND member_id = \(giver.uuid))
          OR EXISTS (SELECT FROM holding_changes
                     WHERE product_id = \(product.uuid) AND to_member = \(giver.uuid)),
        (SELECT coalesce(sum(o.ppm), 0)::bigint FROM \(ShareOffer.source)
         WHERE o.product_id = \(product.uuid) AND o.from_member = \(giver.uuid)
           AND e.outcome IS NULL AND o.expires_at > \(now))
      """, as: (Bool, Int64).self)
    guard holds else { return .refused(.holdsNothing) }
    let left = HoldingChange.all - offered
    guard ppm <= left else { return .refused(.moreThanAll(left: left)) }
    let id = OfferID.new(at: now)
    try await tx.execute(
      """
      INSERT INTO share_offers
        (product_id, id, from_member, to_member, ppm, message, offered_at, expires_at)
      VALUES (\(product.uuid), \(id.uuid), \(giver.uuid), \(taker.uuid), \(ppm),
              \(message.trimmed), \(now), \(now + ShareOffer.lasts))
      """)
    try await HoldingNews.post(
      "a part of a share is offered to you", about: product, id.uuid, by: giver, to: [taker],
      at: now, in: tx)
    guard let offer = try await ShareOffer.find(id, of: product, in: tx) else {
      preconditionFailure("the row was just written")
    }
    return .offered(offer)
  }

  /// Whether the two may have a share go from one to the other now.
  static func refusal(
    _ giver: MemberID, _ taker: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws -> Refusal? {
    for member in [giver, taker].sorted() {
      switch try await HoldingParty.standing(of: member, at: now, in: tx) {
      case .good: break
      case .unknown: return .unknownMember
      case .banned, .gone: return .notActive(member)
      case .merging: return .merging(member)
      }
    }
    return nil
  }
}

/// Tells members what happens to what they hold.
enum HoldingNews {
  static func post(
    _ line: String, about product: ProductID, _ subject: UUID, by actor: MemberID,
    to members: [MemberID], at now: Timestamp, in tx: Transaction
  ) async throws {
    try await Notify.post(
      .holding, about: IdeaID(uuid: product.uuid), subject: subject, detail: line, by: actor,
      to: .members(members), at: now, in: tx)
  }
}
