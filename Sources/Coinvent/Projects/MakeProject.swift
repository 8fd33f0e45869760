import JSON
import Postgres

/// Makes a project of a product: a draft that curators see, or one that is published at once.
public enum MakeProject {
  public enum Outcome: Sendable {
    case made(Project)
    case unknownProduct
    /// The product's first recipe gives nothing to the slice: nothing could be earned.
    case noSlice
    /// It is on the shelf, or its rights have returned.
    case productStopped(Stage)
  }

  /// - Throws: `Invalid` for a draft with faults.
  public static func run(
    _ draft: ProjectDraft, of product: ProductID, isPublished: Bool = false, by curator: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    let draft = draft.tidy
    try Invalid.refuse(draft.faults(at: now))
    switch try await ground(of: draft.slice, in: product, tx) {
    case .firm: break
    case .unknownProduct: return .unknownProduct
    case .noSlice: return .noSlice
    case .stopped(let stage): return .productStopped(stage)
    }
    let form = draft.form ?? .usual(for: draft.slice)
    let project = try await tx.one(
      """
      INSERT INTO projects (product_id, id, slice, title, brief, form, choosing, rules, state,
                            entries_per_member, hides_tallies, opens_at, entries_until,
                            choosing_from, closes_at, made_by, made_at)
      VALUES (\(product.uuid), \(ProjectID.new(at: now).uuid), \(draft.slice.rawValue),
              \(draft.title), \(draft.brief), \(form.json.text()), \(draft.choosing.rawValue),
              \(draft.rules.text()), 'draft', \(Int32(draft.entriesPerMember)),
              \(draft.hidesTallies), \(draft.opensAt), \(draft.entriesUntil),
              \(draft.choosingFrom), \(draft.closesAt), \(curator.uuid), \(now))
      RETURNING \(Project.columns)
      """, of: Project.self)
    guard isPublished else { return .made(project) }
    return .made(try await PublishProject.open(project, by: curator, at: now, in: tx))
  }

  enum Ground {
    case firm
    case unknownProduct
    case noSlice
    case stopped(Stage)
  }

  /// Whether a product takes projects of a slice now.
  static func ground(of slice: Slice, in product: ProductID, _ db: some Queryable) async throws
    -> Ground
  {
    let found = try await db.first(
      """
      SELECT stage, EXISTS (SELECT FROM recipe_slices r
                            WHERE r.product_id = p.id AND version = 1 AND slice = \(slice.rawValue))
      FROM products p WHERE p.id = \(product.uuid)
      """, as: (String, Bool).self)
    guard let (name, hasSlice) = found, let stage = Stage(rawValue: name) else {
      return .unknownProduct
    }
    if stage == .shelved || stage == .rightsReturned { return .stopped(stage) }
    return hasSlice ? .firm : .noSlice
  }
}
