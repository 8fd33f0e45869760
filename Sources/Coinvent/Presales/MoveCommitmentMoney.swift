import Ledger
import Postgres

/// What a captured commitment means for the books, the sales and influence, and what undoes it.
///
/// All natural keys follow from the commitment: the transfer's cause, the sale line and the event
/// are its id, so that nothing of it can be there twice.
struct MoveCommitmentMoney {
  enum Reason { case capture, repay }

  /// The books did not take what nothing else can have made.
  struct Refused: Error, CustomStringConvertible {
    let commitment: CommitmentID
    let what: String
    var description: String {
      "the books refused commitment \(commitment) (\(what)); run: coinvent verify"
    }
  }

  let commitment: Commitment
  let at: Timestamp

  /// - Precondition: the settlement gate is passed and the product held.
  func run(_ reason: Reason, in tx: Transaction) async throws {
    let outcome = try await Post.post(transfer(reason), in: tx)
    guard outcome == .posted else { throw refused("\(outcome)") }
    let lines = try await RecordSales.run(
      [try await line(reason, in: tx)], source: SaleSource.presale, at: at, in: tx)
    guard lines == [.recorded] else { throw refused("\(lines)") }
    switch reason {
    case .capture: try await AddEvents.run([(event, evidence)], to: product, by: nil, in: tx)
    case .repay: try await revoke(in: tx)
    }
  }

  private func refused(_ what: String) -> Refused { Refused(commitment: commitment.id, what: what) }
  private var product: ProductID { commitment.product }

  private func transfer(_ reason: Reason) -> Transfer {
    let provider = Account(.providerClearing, currency: commitment.amount.currency)
    let revenue = Account(
      .channelRevenue, owner: product.uuid, currency: commitment.amount.currency)
    return Transfer(
      home: product.uuid, cause: commitment.id.uuid,
      reason: reason == .capture ? .capture : .repay,
      from: reason == .capture ? provider : revenue, to: reason == .capture ? revenue : provider,
      amount: commitment.amount, at: at)
  }

  /// The sale, or its return.
  private func line(_ reason: Reason, in tx: Transaction) async throws -> SaleLine {
    let presale = try await tx.one(
      """
      SELECT channel FROM presales
      WHERE product_id = \(product.uuid) AND number = \(commitment.presale)
      """, as: String.self)
    let currency = commitment.amount.currency
    let id = commitment.id.description
    let fields = [
      "external_id": reason == .capture ? id : "\(id)/refund",
      "product_id": product.description, "channel": presale,
      "quantity": "\(reason == .capture ? commitment.units : -commitment.units)",
      "unit_price": Amount(nanos: commitment.unitPrice, currency: currency).decimal,
      "currency": currency.code, "sold_at": at.description,
      "return_of": reason == .capture ? nil : id, "referral": commitment.referral,
    ]
    return try SaleLine(at: "") { fields[$0] ?? nil }
  }

  private var event: InfluenceEvent {
    InfluenceEvent(
      id: commitment.id.uuid, member: commitment.member, slice: .presale,
      weight: commitment.units, occurredAt: at)
  }

  private var evidence: String { "\(commitment.id), \(commitment.units) units" }

  private func revoke(in tx: Transaction) async throws {
    let id = RevokingEvent.id(of: commitment.id.uuid)
    let revoked = try await tx.execute(
      """
      INSERT INTO influence_events (product_id, id, member_id, slice, weight, evidence, occurred_at,
                                    revokes)
      SELECT product_id, \(id), member_id, slice, weight, \("refund of " + evidence), \(at), id
      FROM influence_events WHERE product_id = \(product.uuid) AND id = \(commitment.id.uuid)
      """)
    guard revoked == 1 else { throw refused("no event to revoke") }
  }
}

/// The id of the event that takes another one back: it follows from the other's.
enum RevokingEvent {
  static func id(of event: UUID) -> UUID {
    guard let id = UUID(bytes: Digest.sha256(Array("revokes ".utf8) + event.bytes)[..<16]) else {
      preconditionFailure("sixteen bytes are a UUID")
    }
    return id
  }
}
