import JSON
import Postgres

/// An idea as it is exported. Drafts are their authors' own and stay out.
struct ExportedIdea: ExportedRow {
  let idea: Idea

  static let columns: [StaticString] = [
    "id", "title", "pitch", "problem", "solution", "category", "tags", "features",
    "similar_products", "links", "author_id", "author", "state", "votes", "version", "opened_at",
    "created_at", "decided_at",
  ]

  static let declare: Query =
    """
    DECLARE exported_ideas NO SCROLL CURSOR FOR
    SELECT \(Idea.columns) FROM \(Idea.source) WHERE ideas.state <> 'draft' ORDER BY ideas.id
    """
  static let fetch: Query = "FETCH 4000 FROM exported_ideas"

  init(row: inout RowReader) throws { idea = try Idea(row: &row) }

  func write(into record: inout RecordWriter) {
    record.field("id", idea.id)
    record.field("title", idea.title)
    record.field("pitch", idea.pitch)
    record.field("problem", idea.problem)
    record.field("solution", idea.solution)
    record.field("category", idea.category)
    record.field("tags", words: idea.tagWords)
    record.field("features", idea.features)
    record.field("similar_products", idea.similarProducts)
    record.field("links", json: idea.links)
    record.field("author_id", idea.authorID)
    record.field("author", idea.authorHandle)
    record.field("state", idea.state.rawValue)
    record.field("votes", idea.votes)
    record.field("version", idea.version)
    record.field("opened_at", idea.openedAt)
    record.field("created_at", idea.createdAt)
    record.field("decided_at", idea.decidedAt)
  }
}

extension Idea {
  fileprivate var tagWords: [String] {
    guard let tags else { return [] }
    do { return try IdeaDetails.tags(JSON.parse(Array(tags.string.utf8)), at: "/tags") } catch {
      preconditionFailure("the database made no array of the tags")
    }
  }
}
