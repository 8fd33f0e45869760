import JSON
import Postgres

/// What Fider's backup holds: one JSON file for each of its tables, and what was attached.
///
/// A table is an array of its rows, `SELECT *`, as `app/pkg/backup/export.go` of getfider/fider
/// writes it. It turns texts that look like whole numbers into numbers, so both are read as text.
struct FiderBackup {
  private let posts: [JSON]
  private let people: [Int64: ImportedIdea.Person]
  private let votes: [Int64: [ImportedIdea.Vote]]
  private let comments: [Int64: [ImportedIdea.Comment]]
  private let tags: [Int64: [String]]
  private let pictures: [Int64: [ImportedIdea.Picture]]
  /// How many files are attached to comments, of each post; comments have none here.
  private let attachedToComments: [Int64: Int]
  private let options: ImportIdeas.Options
  private let category: String
  private var next = 0

  init(_ options: ImportIdeas.Options, category: String, _ files: FiderFiles) throws {
    self.options = options
    self.category = category
    posts = try files.rows("posts")
    people = FiderBackup.people(try files.rows("users"))
    votes = FiderBackup.votes(try files.rows("post_votes"), people)
    comments = FiderBackup.comments(try files.rows("comments"), people)
    tags = FiderBackup.tags(try files.rows("tags"), of: try files.rows("post_tags"))
    let attached = try files.rows("attachments")
    pictures = FiderBackup.pictures(attached, files)
    attachedToComments = attached.reduce(into: [:]) { counts, row in
      if row["comment_id"]?.int != nil, let post = row["post_id"]?.int {
        counts[post, default: 0] += 1
      }
    }
  }

  private static func votes(_ rows: [JSON], _ people: [Int64: ImportedIdea.Person])
    -> [Int64: [ImportedIdea.Vote]]
  {
    var votes: [Int64: [ImportedIdea.Vote]] = [:]
    for vote in rows {
      guard let post = vote["post_id"]?.int, let user = vote["user_id"]?.int,
        let person = people[user], let time = FiderBackup.time(vote["created_at"])
      else { continue }
      votes[post, default: []].append(ImportedIdea.Vote(voter: person, castAt: time))
    }
    return votes
  }

  private static func comments(_ rows: [JSON], _ people: [Int64: ImportedIdea.Person])
    -> [Int64: [ImportedIdea.Comment]]
  {
    var comments: [Int64: [ImportedIdea.Comment]] = [:]
    for comment in rows where FiderBackup.time(comment["deleted_at"]) == nil {
      guard let post = comment["post_id"]?.int, let user = comment["user_id"]?.int,
        let person = people[user], let time = FiderBackup.time(comment["created_at"])
      else { continue }
      let said = ImportedIdea.Comment(
        author: person, text: FiderBackup.text(comment["content"]), postedAt: time)
      comments[post, default: []].append(said)
    }
    return comments.mapValues { $0.sorted { $0.postedAt < $1.postedAt } }
  }

  private static func tags(_ tags: [JSON], of rows: [JSON]) -> [Int64: [String]] {
    var names: [Int64: String] = [:]
    for tag in tags {
      if let id = tag["id"]?.int { names[id] = FiderBackup.text(tag["name"]) }
    }
    var found: [Int64: [String]] = [:]
    for row in rows {
      guard let post = row["post_id"]?.int, let name = row["tag_id"]?.int.flatMap({ names[$0] })
      else { continue }
      found[post, default: []].append(name)
    }
    return found
  }

  private static func pictures(_ rows: [JSON], _ files: FiderFiles)
    -> [Int64: [ImportedIdea.Picture]]
  {
    var pictures: [Int64: [ImportedIdea.Picture]] = [:]
    for row in rows where row["comment_id"]?.int == nil {
      guard let post = row["post_id"]?.int else { continue }
      let key = text(row["attachment_bkey"])
      pictures[post, default: []].append(
        ImportedIdea.Picture(name: key) { try files.read("blobs/\(key)") })
    }
    return pictures
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
      let idea = FiderPost(post, tags, people).idea(options, category, votes, comments)
      return idea.map { idea in
        var whole = idea
        let id = post["id"]?.int ?? -1
        whole.pictures = pictures[id] ?? []
        if let count = attachedToComments[id] {
          whole.left = ["\(count) attached to comments are left: comments have no pictures here"]
        }
        return whole
      }
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
