import Coinvent
import HTTPServer
import JSON
import Postgres

/// Files and images of entries.
enum EntryFilesRoute: FeatureRoute {
  case add(ProductID, ProjectID)
  case read(ProductID, ProjectID, EntryFileID)
  case readSmall(ProductID, ProjectID, EntryFileID)
  case readLarge(ProductID, ProjectID, EntryFileID)

  static func at(_ path: Path) -> [(method: Method, route: EntryFilesRoute)] {
    guard path[0] == "products", path[2] == "projects", path[4] == "files",
      let product = ProductID(path[1] ?? ""), let project = ProjectID(path[3] ?? "")
    else { return [] }
    switch (path[5], path[6], path.count) {
    case (nil, _, _): return [(.post, .add(product, project))]
    case (let id?, nil, _): return with(id) { [(.get, .read(product, project, $0))] }
    case (let id?, "320", 7): return with(id) { [(.get, .readSmall(product, project, $0))] }
    case (let id?, "1280", 7): return with(id) { [(.get, .readLarge(product, project, $0))] }
    default: return []
    }
  }

  var policy: Policy {
    switch self {
    case .add: .members(.member, .ideas)
    case .read, .readSmall, .readLarge: .everybody
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .add(let product, let project): try await EntryFilesAPI.add((product, project), call)
    case .read(let product, let project, let id):
      try await EntryFilesAPI.send(id, .whole, (product, project), call)
    case .readSmall(let product, let project, let id):
      try await EntryFilesAPI.send(id, .small, (product, project), call)
    case .readLarge(let product, let project, let id):
      try await EntryFilesAPI.send(id, .large, (product, project), call)
    }
  }

  /// Bodies are longer than others. They are taken from who shows a token only.
  static func bodyLimit(for head: Request) -> Int? {
    guard head.method == .post, head.headers["Authorization"] != nil,
      head.segments.count == 6, head.segments[1] == "products", head.segments[5] == "files"
    else { return nil }
    return ImageProgram.mostBytes
  }

  private static let path = "/v1/products/{product_id}/projects/{project_id}/files"
  private static let types =
    FileType.allCases.map(\.rawValue) + ImageType.allCases.map(\.mediaType)
  private static let constancy =
    "It never changes. What no entry uses is there for its uploader and curators."

  static let operations = [
    Operation(
      .post, path, "addEntryFile", "Upload a file or an image for a field of an entry",
      detail: "At most 10 MiB. What the bytes are is found in them. Images are cleaned as those "
        + "of ideas are. Its id is the field's answer; what no entry uses is deleted after a day.",
      query: [.init("field", .length(1...40), "The name of the field", required: true)],
      body: .bytes(["image/*", "application/octet-stream"] + FileType.allCases.map(\.rawValue)),
      answers: [.json(201, "The file", .named("EntryFile"))],
      problems: [
        (409, "entries-closed"), (409, "too-many-files"), (413, "too-large"),
        (422, "no-file-field"), (422, "file-too-large"), (422, "file-type"),
        (422, "not-an-image"), (422, "image-too-large"), (422, "image-damaged"),
        (422, "image-too-hard"), (503, "unavailable"),
      ]),
    Operation(
      .get, path + "/{file_id}", "readEntryFile", "A file of an entry", detail: constancy,
      answers: [.files(200, "The bytes", types: types)]),
    Operation(
      .get, path + "/{file_id}/320", "readSmallEntryImage",
      "An image of an entry in a square of 320 pixels", detail: constancy,
      answers: [.bytes(200, "WebP", type: "image/webp")]),
    Operation(
      .get, path + "/{file_id}/1280", "readLargeEntryImage",
      "An image of an entry in a square of 1280 pixels", detail: constancy,
      answers: [.bytes(200, "WebP", type: "image/webp")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "EntryFile",
      .object([
        .required("id", .id(EntryFileID.self)), .required("field", .text),
        .required("type", .words(types)), .required("bytes", .count),
        .required("width", .nullable(.count), "Of an image"),
        .required("height", .nullable(.count)),
        .required("entry_id", .nullable(.id(EntryID.self)), "Null: no entry uses it"),
        .required("uploaded_at", .time), .required("url", .text),
        .optional("url_1280", .text, "Of an image"), .optional("url_320", .text),
      ])
    )
  ]
}

/// `POST …/files` and `GET …/files/{id}` below a project.
enum EntryFilesAPI {
  static func add(_ place: EntriesRoute.Place, _ call: Call) async throws -> Response {
    let field = call.request.query["field"] ?? ""
    let sum = Digest.sha256(call.request.body)
    let wanted = try await call.pool.transaction { try await foresee(field, place, call, $0) }
    // Reading an image takes a process and some time: before the transaction that keeps it.
    let content = try await content(wanted, call)
    return try await call.write(fingerprint: sum + Array(field.utf8)) { tx in
      guard try await foresee(field, place, call, tx) == wanted else {
        throw Problem.unavailable("The project has changed meanwhile; send it again.")
      }
      let file = try await AddEntryFile.run(
        content, sha256: sum, field: field, in: place.project, of: place.product,
        by: call.member.member, tx: tx)
      return .created(JSONWriter.object { write(file, &$0) }, at: url(file))
    }
  }

  private static func foresee(
    _ field: String, _ place: EntriesRoute.Place, _ call: Call, _ tx: Transaction
  ) async throws -> AddEntryFile.Wanted {
    let foresight = try await AddEntryFile.foresee(
      field: field, in: place.project, of: place.product, by: call.member.member, tx: tx)
    switch foresight {
    case .take(let wanted): return wanted
    case .refuse(.unknown): throw Problem.notFound("such project")
    case .refuse(.notTaken(let project)): throw EnterAPI.notTaken(project)
    case .refuse(.noFileField):
      throw refused("no-file-field", "The form has no field of that name that takes a file.")
    case .refuse(.tooMany):
      throw Problem.conflict(
        "too-many-files",
        "\(EntryFile.mostHeld) of your files are in no entry yet; use them, or wait a day.")
    }
  }

  private static func content(_ wanted: AddEntryFile.Wanted, _ call: Call) async throws
    -> AddEntryFile.Content
  {
    switch wanted {
    case .image: return .image(try await ImagesAPI.read(call))
    case .file(let types, let most):
      guard call.request.body.count <= most else {
        throw refused("file-too-large", "The field takes at most \(most) bytes.")
      }
      guard let type = FileType(of: call.request.body), types.contains(type) else {
        let all = types.map(\.rawValue).joined(separator: ", ")
        throw refused("file-type", "The bytes are none of: \(all).")
      }
      return .file(type, call.request.body)
    }
  }

  private static func refused(_ name: String, _ detail: String) -> Problem {
    Problem(422, name, "The file cannot be taken", detail)
  }

  static func send(
    _ id: EntryFileID, _ side: IdeaImage.Side, _ place: EntriesRoute.Place, _ call: Call
  ) async throws -> Response {
    let missing = Problem.notFound("such file")
    _ = try await ProjectsAPI.readable(place.project, place.product, call)
    guard let file = try await EntryFile.find(id, of: place.product, in: call.pool),
      file.project == place.project
    else { throw missing }
    let isPublic = try await mayBeSeen(file, call)
    guard let isPublic else { throw missing }
    let tag = "\"\(id)-\(side.rawValue)\""
    var response = Response(status: 304)
    if !call.request.has(tag) {
      guard let bytes = try await file.bytes(side, in: call.pool) else { throw missing }
      response = Response(body: .bytes(bytes))
      response.headers.add("Content-Type", side == .whole ? file.mediaType : "image/webp")
      response.headers.add("X-Content-Type-Options", "nosniff")
      // Whatever a browser takes it for, it runs nothing.
      response.headers.add("Content-Security-Policy", "default-src 'none'; sandbox")
      let way = file.isImage ? "inline" : "attachment"
      let ending = side == .whole ? file.ending : "webp"
      response.headers.add("Content-Disposition", "\(way); filename=\"\(id).\(ending)\"")
    }
    response.headers.add("ETag", tag)
    response.headers.add("Cache-Control", isPublic ? "no-cache" : "private, no-cache")
    return response
  }

  /// Nil when the caller may not see it; whether everybody may.
  private static func mayBeSeen(_ file: EntryFile, _ call: Call) async throws -> Bool? {
    if let id = file.entry,
      let entry = try await ProjectEntry.find(id, of: file.product, in: call.pool)
    {
      if entry.state == .entered { return true }
      let details = try await EntryDetails(of: [entry], for: call, in: call.pool)
      return details.isInside(entry) ? false : nil
    }
    let isOwn = call.principal?.member == file.uploader
    return isOwn || ProjectsAPI.isCurator(call) ? false : nil
  }

  private static func url(_ file: EntryFile) -> String {
    "/v1/products/\(file.product)/projects/\(file.project)/files/\(file.id)"
  }

  static func write(_ file: EntryFile, _ writer: inout JSONWriter) {
    writer.field("id", file.id)
    writer.field("field", file.field)
    writer.field("type", file.mediaType)
    writer.field("bytes", file.byteCount)
    writer.key("width")
    if let width = file.width { writer.value(width) } else { writer.null() }
    writer.key("height")
    if let height = file.height { writer.value(height) } else { writer.null() }
    writer.field("entry_id", file.entry?.description)
    writer.field("uploaded_at", file.uploadedAt)
    let url = url(file)
    writer.field("url", url)
    if file.isImage {
      writer.field("url_1280", "\(url)/1280")
      writer.field("url_320", "\(url)/320")
    }
  }
}
