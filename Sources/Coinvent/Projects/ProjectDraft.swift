import JSON
import Postgres

/// What a curator says of a project before it is published.
public struct ProjectDraft: Sendable {
  public var slice: Slice
  public var title: String
  /// Markdown.
  public var brief: String
  /// Nil: what is usual for the slice.
  public var form: EntryForm?
  public var choosing: Choosing
  /// The figures of the way of choosing, as JSON.
  public var rules: JSON
  public var entriesPerMember: Int64
  public var hidesTallies: Bool
  public var opensAt: Timestamp
  public var entriesUntil: Timestamp
  public var choosingFrom: Timestamp
  public var closesAt: Timestamp

  public static let limits: ClosedRange<Int64> = 1...1000

  /// The slices that projects earn.
  public static let slices: [Slice] = [
    .comparison, .research, .design, .finish, .naming, .tagline, .packaging, .pricing,
  ]

  /// - Parameter choosingFrom: nil for the moment at which entries close, or, where they close
  ///   with the project, at which it opens.
  public init(
    slice: Slice, title: String, brief: String, form: EntryForm? = nil, choosing: Choosing,
    rules: JSON = [:], entriesPerMember: Int64 = 1, hidesTallies: Bool = false,
    opensAt: Timestamp, entriesUntil: Timestamp, choosingFrom: Timestamp? = nil,
    closesAt: Timestamp
  ) {
    self.slice = slice
    self.title = title
    self.brief = brief
    self.form = form
    self.choosing = choosing
    self.rules = rules
    self.entriesPerMember = entriesPerMember
    self.hidesTallies = hidesTallies
    self.opensAt = opensAt
    self.entriesUntil = entriesUntil
    self.choosingFrom = choosingFrom ?? (entriesUntil < closesAt ? entriesUntil : opensAt)
    self.closesAt = closesAt
  }

  /// The draft that a project is.
  init(_ project: Project) throws {
    self.init(
      slice: project.slice, title: project.title, brief: project.brief,
      form: try EntryForm(project.form), choosing: project.choosing,
      rules: try JSON.parse(project.rules.withUTF8 { Array($0) }),
      entriesPerMember: project.entriesPerMember, hidesTallies: project.hidesTallies,
      opensAt: project.opensAt, entriesUntil: project.entriesUntil,
      choosingFrom: project.choosingFrom, closesAt: project.closesAt)
  }

  /// Without blanks around, and with a form.
  var tidy: ProjectDraft {
    var tidy = self
    tidy.title = title.trimmed
    tidy.brief = brief.trimmed
    tidy.form = form ?? .usual(for: slice)
    return tidy
  }

  func faults(at now: Timestamp) -> [Invalid.Fault] {
    var found: [Invalid.Fault] = [
      ("/title", title.fault(1...100)), ("/brief", brief.fault(1...10_000, lines: true)),
    ].compactMap { pointer, fault in fault.map { (pointer, $0) } }
    if !ProjectDraft.slices.contains(slice) {
      found.append(("/slice", "is not earned in projects"))
    }
    if !ProjectDraft.limits.contains(entriesPerMember) {
      found.append(("/entries_per_member", "must be from 1 to 1000"))
    }
    do {
      _ = try ChoosingRules(json: rules, at: "/rules", choosing: choosing)
    } catch {
      found += error.fields
    }
    if entriesUntil <= opensAt { found.append(("/entries_until", "must be after opens_at")) }
    if closesAt < entriesUntil {
      found.append(("/closes_at", "must not be before entries_until"))
    } else if closesAt <= now {
      found.append(("/closes_at", "must be in the future"))
    }
    if choosingFrom < opensAt {
      found.append(("/choosing_from", "must not be before opens_at"))
    } else if choosingFrom >= closesAt {
      found.append(("/choosing_from", "must be before closes_at"))
    }
    return found
  }
}
