import JSON
import Ledger

/// The figures of a project's way of choosing.
public struct ChoosingRules: Sendable, Equatable {
  /// What belongs to one way alone.
  public enum Way: Sendable, Equatable {
    case votes(VoteRules)
    case duels(DuelRules)
    case ratings(RatingRules)
    case jury(JuryRules)
    case survey(SurveyRules)
    case guesses(GuessRules)
    case curator
  }

  /// How many entries lead: the curator picks among them.
  public let leaders: Int64
  public let way: Way

  public static let mostLeaders: ClosedRange<Int64> = 1...100

  /// - Parameter pointer: where the object stands in the request, for error messages.
  /// - Throws: `Invalid` with every mistake at once.
  public init(json: JSON, at pointer: String = "", choosing: Choosing) throws(Invalid) {
    var fields = try Fields(json, at: pointer)
    leaders = fields.optionalWhole("leaders", in: Self.mostLeaders) ?? 10
    way =
      switch choosing {
      case .votes: .votes(VoteRules(&fields))
      case .duels: .duels(DuelRules(&fields))
      case .ratings: .ratings(RatingRules(&fields))
      case .jury: .jury(JuryRules(&fields))
      case .survey: .survey(SurveyRules(&fields))
      case .guesses: .guesses(GuessRules(&fields))
      case .curator: .curator
      }
    try fields.finish()
  }

  /// Of a project, as they were stored.
  public init(of project: Project) throws {
    let stored = project.rules.withUTF8 { Array($0) }
    try self.init(json: JSON.parse(stored), choosing: project.choosing)
  }

  public var json: JSON {
    let own: JSON =
      switch way {
      case .votes(let rules): rules.json
      case .duels(let rules): rules.json
      case .ratings(let rules): rules.json
      case .jury(let rules): rules.json
      case .survey(let rules): rules.json
      case .guesses(let rules): rules.json
      case .curator: [:]
      }
    var object = own.object ?? JSONObject()
    object["leaders"] = .int(leaders)
    return .object(object)
  }
}

/// A limited number of votes for each member.
public struct VoteRules: Sendable, Equatable {
  public let votesPerMember: Int64

  init(_ fields: inout Fields) {
    votesPerMember = fields.optionalWhole("votes_per_member", in: 1...100_000) ?? 10
  }

  var json: JSON { ["votes_per_member": .int(votesPerMember)] }
}

/// Pairs of entries, head to head.
public struct DuelRules: Sendable, Equatable {
  public enum Model: String, Sendable, CaseIterable {
    /// Strengths that make all duels together most likely; their order does not matter.
    case bradleyTerry = "bradley_terry"
    /// Ratings that follow each duel as it comes.
    case elo
  }

  public let model: Model
  public let duelsPerMember: Int64

  init(_ fields: inout Fields) {
    model = fields.optionalChoice("model", of: Model.self) ?? .bradleyTerry
    duelsPerMember = fields.optionalWhole("duels_per_member", in: 1...1000) ?? 100
  }

  var json: JSON {
    ["model": .string(model.rawValue), "duels_per_member": .int(duelsPerMember)]
  }
}

/// Stars on stated criteria.
public struct RatingRules: Sendable, Equatable {
  public let criteria: [String]
  /// The part of the round's entries, those of the rater's own left out, that must be rated on all
  /// criteria for the rater to earn.
  public let ratedPartPPM: Int64

  init(_ fields: inout Fields) {
    criteria = fields.names("criteria", 1...10)
    ratedPartPPM = fields.optionalWhole("rated_part_ppm", in: 1...1_000_000) ?? 750_000
  }

  var json: JSON {
    [
      "criteria": .array(criteria.map(JSON.string)), "rated_part_ppm": .int(ratedPartPPM),
    ]
  }
}

/// Scores by named jurors.
public struct JuryRules: Sendable, Equatable {
  public let jurors: [MemberID]

  init(_ fields: inout Fields) {
    jurors = fields.ids("jurors", 1...100, as: MemberID.self)
    if Set(jurors).count < jurors.count { fields.note("jurors", "name a member twice") }
  }

  var json: JSON { ["jurors": .array(jurors.map { .string($0.description) })] }
}

/// Answers are what is asked for.
public struct SurveyRules: Sendable, Equatable {
  /// The fields of the form that a complete answer has filled in; none: any answer is complete.
  public let completeFields: [String]

  init(_ fields: inout Fields) {
    completeFields = fields.names("complete_fields", 0...50)
  }

  var json: JSON { ["complete_fields": .array(completeFields.map(JSON.string))] }
}

/// A price is guessed.
public struct GuessRules: Sendable, Equatable {
  private let code: String
  /// How far from the price, in ppm of it, a guess is called close. What a guess earns is said by
  /// the recipe.
  public let tolerancePPM: Int64

  init(_ fields: inout Fields) {
    code = fields.text("currency")
    if Currency(code) == nil {
      fields.note("currency", "must be a currency of ISO 4217, such as USD")
    }
    tolerancePPM = fields.optionalWhole("tolerance_ppm", in: 1...1_000_000) ?? 250_000
  }

  public var currency: Currency {
    guard let known = Currency(code) else { preconditionFailure("it was read as a currency") }
    return known
  }

  var json: JSON { ["currency": .string(code), "tolerance_ppm": .int(tolerancePPM)] }
}

extension Fields {
  /// An array of names that differ; when none are asked for it may be absent.
  fileprivate mutating func names(_ name: String, _ count: ClosedRange<Int>) -> [String] {
    let value = json(name)
    if value == nil && count.lowerBound == 0 { return [] }
    let names = value?.array?.compactMap(\.string) ?? []
    guard names.count == value?.array?.count, count.contains(names.count),
      Set(names).count == names.count, names.allSatisfy({ $0.trimmed.fault(1...40) == nil })
    else {
      note(
        name,
        "must be an array of \(count.lowerBound) to \(count.upperBound) different names of 1 to "
          + "40 characters")
      return []
    }
    return names
  }
}
