import JSON
import Postgres

/// Answers to a survey that are complete. Each counts, and none wins.
enum SurveyAnswers {
  /// Of each member the first complete answer, in the order of entering.
  static func complete(in project: Project, by rules: SurveyRules, _ db: some Queryable)
    async throws -> [ProjectEntry]
  {
    let entries = try await db.all(
      """
      SELECT \(ProjectEntry.columns) FROM project_entries
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND state = 'entered' ORDER BY number
      """, of: ProjectEntry.self)
    var told: Set<MemberID> = []
    return try entries.filter { entry in
      let answers = try JSON.parse(entry.answers.withUTF8 { Array($0) })
      return isComplete(answers, rules.completeFields) && told.insert(entry.author).inserted
    }
  }

  /// Something other than blanks stands in each of these fields.
  static func isComplete(_ answers: JSON, _ fields: [String]) -> Bool {
    fields.allSatisfy { field in
      switch answers[field] {
      case nil, .null?: false
      case .string(let text)?: !text.trimmed.isEmpty
      case .array(let elements)?: !elements.isEmpty
      case .object(let object)?: !object.isEmpty
      case .bool?, .int?, .double?: true
      }
    }
  }
}
