import JSON
import Postgres

/// What Fider's backup holds: a ZIP, unpacked here, with one JSON file for each of its tables.
///
/// The files are an array of rows each, `SELECT *`, as `app/pkg/backup/export.go` of getfider/fider
/// writes them. It turns texts that look like whole numbers into numbers, so both are read as text.
struct FiderBackup {
  private let posts: [JSON]
  private let people: [Int64: ImportedIdea.Person]
  private let votes: [Int64: [ImportedIdea.Vote]]
  private let comments: [Int64: [ImportedIdea.Comment]]
  private let tags: [Int64: [String]]
  private let options: ImportIdeas.Options
  private let category: String
  private var next = 0

  /// - Parameter read: gives the rows of a table; of one whose file is missing, none.
  init(
    _ options: ImportIdeas.Options, category: String, read: (String) throws -> [JSON]
  ) throws {
    self.options = options
    self.category = category
    posts = try read("posts")
    let members = FiderBackup.people(try read("users"))
    people = members
    var votes: [Int64: [ImportedIdea.Vote]] = [:]
    for vote in try read("post_votes") {
      guard let post = vote["post_id"]?.int, let user = vote["user_id"]?.int,
        let person = members[user], let time = FiderBackup.time(vote["created_at"])
      else { continue }
      votes[post, default: []].append(ImportedIdea.Vote(voter: person, castAt: time))
    }
    self.votes = votes
    var comments: [Int64: [ImportedIdea.Comment]] = [:]
    for comment in try read("comments") where FiderBackup.time(comment["deleted_at"]) == nil {
      guard let post = comment["post_id"]?.int, let user = comment["user_id"]?.int,
        let person = members[user], let time = FiderBackup.time(comment["created_at"])
      else { continue }
      let said = ImportedIdea.Comment(
        author: person, text: FiderBackup.text(comment["content"]), postedAt: time)
      comments[post, default: []].append(said)
    }
    self.comments = comments.mapValues { $0.sorted { $0.postedAt < $1.postedAt } }
    var names: [Int64: String] = [:]
    for tag in try read("tags") {
      if let id = tag["id"]?.int { names[id] = FiderBackup.text(tag["name"]) }
    }
    var tags: [Int64: [String]] = [:]
    for row in try read("post_tags") {
      guard let post = row["post_id"]?.int, let name = row["tag_id"]?.int.flatMap({ names[$0] })
      else { continue }
      tags[post, default: []].append(name)
    }
    self.tags = tags
  }

  /// Members by Fider's ids. Who has no address there (they sign in through others) gets one that
  /// can never be written to.
  private static func people(_ users: [JSON]) -> [Int64: ImportedIdea.Person] {
    var people: [Int64: ImportedIdea.Person] = [:]
    for user in users {
      guard let id = user["id"]?.int else { continue }
      let address = text(user["email"])
      people[id] = .email(
        address.isEmpty ? "fider_\(id)@members.invalid" : address, name: text(user["name"]))
    }
    return people
  }

  mutating func read() -> Result<ImportedIdea, Invalid>? {
    while next < posts.count {
      let post = posts[next]
      next += 1
      // 6: deleted.
      if post["status"]?.int == 6 { continue }
      return FiderPost(post, tags, people).idea(options, category, votes, comments)
    }
    return nil
  }

  static func text(_ json: JSON?) -> String {
    switch json {
    case .string(let text)?: text
    case .int(let number)?: "\(number)"
    default: ""
    }
  }

  static func time(_ json: JSON?) -> Timestamp? { json?.string.flatMap(Timestamp.init(rfc3339:)) }
}

/// One row of Fider's `posts`.
private struct FiderPost {
  let json: JSON
  let id: Int64
  let tags: [String]
  let author: ImportedIdea.Person?

  init(_ json: JSON, _ tags: [Int64: [String]], _ people: [Int64: ImportedIdea.Person]) {
    self.json = json
    id = json["id"]?.int ?? -1
    self.tags = tags[id] ?? []
    author = json["user_id"]?.int.flatMap { people[$0] }
  }

  func idea(
    _ options: ImportIdeas.Options, _ category: String, _ votes: [Int64: [ImportedIdea.Vote]],
    _ comments: [Int64: [ImportedIdea.Comment]]
  ) -> Result<ImportedIdea, Invalid> {
    let number = FiderBackup.text(json["number"])
    let place = "post \(number)"
    guard let openedAt = FiderBackup.time(json["created_at"]), id >= 0 else {
      return .failure(Invalid("\(place)/created_at", "must be a time; the post has no id or time"))
    }
    guard let author = options.author.map({ ImportedIdea.Person.member($0) }) ?? self.author else {
      return .failure(
        Invalid("\(place)/user_id", "is none of users.json; import with --author instead"))
    }
    let status = FiderStatus(json["status"]?.int)
    let answer = FiderBackup.text(json["response"]).trimmed
    return .success(
      ImportedIdea(
        place: place, externalID: "\(id)",
        draft: FiderStatus.draft(
          title: FiderBackup.text(json["title"]),
          description: FiderBackup.text(json["description"]), category: category, tags: tags),
        author: author, openedAt: openedAt, state: status.state,
        reason: status.reason(answer), changedAt: FiderBackup.time(json["response_date"]),
        votes: votes[id] ?? [], comments: comments[id] ?? []))
  }
}

/// Where a post of Fider's has come, and what that is here.
struct FiderStatus {
  let word: String

  /// The numbers of `app/models/enum/post_status.go`.
  init(_ number: Int64?) {
    let words = ["open", "started", "completed", "declined", "planned", "duplicate"]
    let place = Int(number ?? 0)
    word = words.indices.contains(place) ? words[place] : "open"
  }

  init(slug: String) { word = slug.lowercased() }

  /// What was completed there was never accepted here: a curator does that, knowing what it means.
  var state: Idea.State {
    switch word {
    case "started", "completed", "planned": .inReview
    case "declined": .declined
    case "duplicate": .withdrawn
    default: .open
    }
  }

  func reason(_ answer: String) -> String? {
    state == .open
      ? nil : String("It was \(word) in Fider. \(answer)".trimmed.unicodeScalars.prefix(2000))
  }

  /// Fider has a title and one text; what is too long for a field goes on in the next.
  static func draft(title: String, description: String, category: String, tags: [String])
    -> IdeaDraft
  {
    let whole = description.trimmed.isEmpty ? title : description
    func cut(_ text: String, _ count: Int) -> String {
      String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
    }
    let name = title.trimmed
    let line = whole.split(whereSeparator: \.isNewline).first.map(String.init) ?? title
    let rest = String(String.UnicodeScalarView(whole.unicodeScalars.dropFirst(5000)))
    return IdeaDraft(
      title: cut(name.unicodeScalars.count < 10 ? "Idea: \(name) (Fider)" : name, 100),
      pitch: cut(line.replacing("\t", with: " "), 140), problem: cut(whole, 5000),
      solution: rest.isEmpty ? "–" : cut(rest, 5000), category: category,
      details: IdeaDetails(tags: Array(tags.prefix(IdeaDetails.mostTags)).map { cut($0, 30) }))
  }
}
