import JSON
import Postgres

/// Moves a product to another stage, or tells news about the stage it is in: when it is due, and
/// what is needed next. Every other action that does goes through here.
public enum MoveStage {
  public enum Outcome: Sendable {
    /// It is in this stage already, and nothing is new.
    case unchanged(ProductStage)
    case moved(ProductStage)
    /// Back, to the shelf and from there a product goes only with a reason.
    case reasonNeeded(from: Stage)
    /// That does not follow from the stage it is in.
    case notAllowed(from: Stage)
    case unknown
  }

  /// Who follows the idea hears of it.
  /// - Parameters:
  ///   - needed: what is needed to go on from there.
  ///   - reason: why it goes back or stops; may tell why it goes forward.
  ///   - mover: nil when the rules do it.
  /// - Throws: `Invalid` for texts with faults.
  public static func run(
    product: ProductID, to stage: Stage, dueOn: Day? = nil, needed: String? = nil,
    reason: String? = nil, by mover: MemberID?, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    let needed = needed?.trimmed.filled
    let reason = reason?.trimmed.filled
    try Invalid.refuse(
      [
        ("/needed_next", needed?.fault(1...2000, lines: true)),
        ("/reason", reason?.fault(1...2000, lines: true)),
      ].compactMap { pointer, fault in fault.map { (pointer, $0) } })
    guard try await AddEvents.hold(product, in: tx),
      let old = try await ProductStage.current(of: product, in: tx)
    else { return .unknown }
    if old.stage == stage, old.dueOn == dueOn, old.neededNext == needed,
      reason == nil || reason == old.reason
    {
      return .unchanged(old)
    }
    switch old.stage.way(to: stage) {
    case .never: return .notAllowed(from: old.stage)
    case .withReason where reason == nil: return .reasonNeeded(from: old.stage)
    case .withReason, .free: break
    }
    let isNews = old.stage == stage
    // A clock that was set back does not stop a product.
    let moment = max(now, old.changedAt)
    let new = try await tx.one(
      """
      INSERT INTO product_stages (product_id, number, old_stage, stage, entered_at, due_on,
                                  needed_next, reason, changed_by, changed_at)
      VALUES (\(product.uuid), \(Int32(old.number + 1)), \(old.stage.rawValue), \(stage.rawValue),
              \(isNews ? old.enteredAt : moment), \(dueOn), \(needed), \(reason), \(mover?.uuid),
              \(moment))
      RETURNING \(ProductStage.columns)
      """, of: ProductStage.self)
    try await tx.execute(
      """
      UPDATE products SET stage = \(stage.rawValue), stage_number = \(Int32(new.number))
      WHERE id = \(product.uuid)
      """)
    try await tell(new, product, by: mover, at: now, in: tx)
    if stage == .shelved && !isNews {
      // What is not made is not paid for.
      _ = try await StopPresale.run(
        product, reason: reason ?? "", by: mover, at: now, in: tx)
    }
    return .moved(new)
  }

  private static func tell(
    _ new: ProductStage, _ product: ProductID, by mover: MemberID?, at now: Timestamp,
    in tx: Transaction
  ) async throws {
    let words = new.stage.rawValue.split(separator: "_").joined(separator: " ")
    try await Notify.post(
      .productStage, about: IdeaID(uuid: product.uuid),
      detail: new.reason.map { "\(words): \($0)" } ?? words, by: mover, to: .followers, at: now,
      in: tx)
    guard let mover else { return }
    try await Audit.record(
      "product_stage_moved", on: product.description, reason: new.reason,
      before: ["stage": .string(new.old?.rawValue ?? "")],
      after: ["stage": .string(new.stage.rawValue)], by: mover, at: now, in: tx)
  }
}

extension String {
  /// Nil for a text that says nothing.
  var filled: String? { isEmpty ? nil : self }
}
