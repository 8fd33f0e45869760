/// What a member submits as an idea, before anything is known to be right about it.
public struct IdeaDraft: Sendable {
  public let title: String
  public let pitch: String
  public let problem: String
  public let solution: String
  public let category: String

  public init(title: String, pitch: String, problem: String, solution: String, category: String) {
    self.title = title.trimmed
    self.pitch = pitch.trimmed
    self.problem = problem.trimmed
    self.solution = solution.trimmed
    self.category = category.trimmed
  }

  /// Everything wrong with it, by JSON pointer.
  public var faults: [Invalid.Fault] {
    let found = [
      ("/title", title.fault(10...100)),
      ("/pitch", pitch.fault(1...140)),
      ("/problem", problem.fault(1...5000, lines: true)),
      ("/solution", solution.fault(1...5000, lines: true)),
      ("/category", category.fault(1...40)),
    ]
    return found.compactMap { pointer, fault in fault.map { (pointer, $0) } }
  }
}
