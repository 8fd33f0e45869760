/// What a member submits as an idea, before anything is known to be right about it.
public struct IdeaDraft: Sendable {
  public let title: String
  public let pitch: String
  public let problem: String
  public let solution: String
  public let category: String
  public let details: IdeaDetails

  public init(
    title: String, pitch: String, problem: String, solution: String, category: String,
    details: IdeaDetails = IdeaDetails()
  ) {
    self.title = title.trimmed
    self.pitch = pitch.trimmed
    self.problem = problem.trimmed
    self.solution = solution.trimmed
    self.category = category.trimmed
    self.details = details
  }

  /// What is wrong with a category to look for; nil when nothing is.
  public static func fault(category: String) -> String? { category.fault(1...40) }

  /// Everything wrong with it in a state, by JSON pointer; a draft may be unfinished.
  public func faults(in state: Idea.State) -> [Invalid.Fault] {
    let least = state == .draft ? 0 : 1
    let found = [
      ("/title", title.fault((state == .draft ? 0 : 10)...100)),
      ("/pitch", pitch.fault(least...140)),
      ("/problem", problem.fault(least...5000, lines: true)),
      ("/solution", solution.fault(least...5000, lines: true)),
      ("/category", category.fault(least...40)),
    ]
    return found.compactMap { pointer, fault in fault.map { (pointer, $0) } } + details.faults
  }
}
