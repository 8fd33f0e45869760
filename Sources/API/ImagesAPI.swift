import Coinvent
import HTTPServer
import JSON
import Postgres

/// Pictures of ideas.
enum ImagesRoute: FeatureRoute {
  case add(IdeaID)
  case list(IdeaID)
  case read(ImageID)
  case readSmall(ImageID)
  case readLarge(ImageID)
  case change(ImageID)
  case delete(ImageID)

  static func at(_ path: Path) -> [(method: Method, route: ImagesRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("ideas", let id?, "images", nil): with(id) { [(.get, .list($0)), (.post, .add($0))] }
    case ("images", let id?, nil, nil):
      with(id) { [(.get, .read($0)), (.patch, .change($0)), (.delete, .delete($0))] }
    case ("images", let id?, "320", nil): with(id) { [(.get, .readSmall($0))] }
    case ("images", let id?, "1280", nil): with(id) { [(.get, .readLarge($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .read, .readSmall, .readLarge: .everybody
    case .add, .change, .delete: .members(.member, .ideas)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .add(let idea): try await ImagesAPI.add(to: idea, call)
    case .list(let idea): try await ImagesAPI.list(idea, call)
    case .read(let id): try await ImagesAPI.send(id, .whole, call)
    case .readSmall(let id): try await ImagesAPI.send(id, .small, call)
    case .readLarge(let id): try await ImagesAPI.send(id, .large, call)
    case .change(let id): try await ImagesAPI.change(id, call)
    case .delete(let id): try await ImagesAPI.delete(id, call)
    }
  }

  /// Bodies of images are longer than others. They are taken from who shows a token only.
  static func bodyLimit(for head: Request) -> Int? {
    guard head.method == .post, head.headers["Authorization"] != nil,
      head.segments.count == 4, head.segments[1] == "ideas", head.segments[3] == "images"
    else { return nil }
    return ImageProgram.mostBytes
  }

  private static let refusals = [
    (403, "not-author"), (404, "not-found"), (409, "idea-frozen"),
  ]

  static let operations =
    [
      Operation(
        .post, "/v1/ideas/{idea_id}/images", "addImage", "Add a picture to one's idea",
        detail: "The bytes of a PNG, JPEG, GIF or WebP: at most 10 MiB, 40 megapixels and "
          + "8 images of an idea. What they are is found in them, whatever Content-Type says. "
          + "All metadata is taken out, after the picture was turned as it says. The same bytes "
          + "again are the same image.",
        query: [.init("description", .length(1...200), "What it shows, for who cannot see it")],
        body: .bytes(["image/*", "application/octet-stream"]),
        answers: [
          .json(200, "The idea has these bytes already", .named("IdeaImage")),
          .json(201, "The image", .named("IdeaImage")),
        ],
        problems: refusals + [
          (409, "too-many-images"), (413, "too-large"), (415, "no-image-type"),
          (422, "not-an-image"), (422, "image-too-large"), (422, "image-damaged"),
          (422, "image-too-hard"), (503, "unavailable"),
        ]),
      Operation(
        .get, "/v1/ideas/{idea_id}/images", "listImages", "The pictures of an idea, in order",
        answers: [
          .json(200, "At most 8", .object([.required("images", .list(.named("IdeaImage")))]))
        ]),
      Operation(
        .patch, "/v1/images/{image_id}", "changeImage",
        "Say anew what an image shows, or where it stands",
        body: .json(
          .object([
            .optional("description", .length(0...200), "Empty takes it away"),
            .optional("place", .whole(1...8), "The others make room"),
          ])),
        answers: [.json(200, "The image", .named("IdeaImage"))], problems: refusals),
      Operation(
        .delete, "/v1/images/{image_id}", "deleteImage", "Delete an image",
        answers: [.empty(204, "It is gone, now or already")], problems: refusals),
      Operation(
        .get, "/v1/images/{image_id}", "readImage", "An image without its metadata",
        detail: constancy,
        answers: [.files(200, "The bytes", types: ImageType.allCases.map(\.mediaType))]),
      Operation(
        .get, "/v1/images/{image_id}/320", "readSmallImage",
        "An image in a square of 320 pixels", detail: constancy,
        answers: [.bytes(200, "WebP", type: "image/webp")]),
      Operation(
        .get, "/v1/images/{image_id}/1280", "readLargeImage",
        "An image in a square of 1280 pixels", detail: constancy,
        answers: [.bytes(200, "WebP", type: "image/webp")]),
    ]

  private static let constancy =
    "It never changes: keep it. Images of an idea that is hidden are as hidden."

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "IdeaImage",
      .object([
        .required("id", .id(ImageID.self)), .required("idea_id", .id(IdeaID.self)),
        .required("type", .words(ImageType.allCases.map(\.mediaType))),
        .required("width", .whole(1...65_535)), .required("height", .whole(1...65_535)),
        .required("frames", .whole(1...Int64(Int32.max)), "More than 1: it moves"),
        .required("bytes", .count), .required("description", .nullable(.text)),
        .required("place", .whole(1...8)), .required("added_at", .time),
        .required("url", .text), .required("url_1280", .text), .required("url_320", .text),
      ])
    )
  ]
}

/// `POST`, `GET /v1/ideas/{id}/images`; `GET`, `PATCH`, `DELETE /v1/images/{id}`.
enum ImagesAPI {
  static func add(to idea: IdeaID, _ call: Call) async throws -> Response {
    try demandImageType(call.request)
    let description = call.request.query["description"].flatMap { $0.isEmpty ? nil : $0 }
    if let description, let fault = IdeaImage.fault(description: description) {
      throw Invalid("/description", fault)
    }
    let author = call.member.member
    let sum = Digest.sha256(call.request.body)
    let foreseen = try await call.pool.transaction {
      try await AddImage.foresee(sum, idea: idea, by: author, in: $0)
    }
    // Reading takes a process and some time, so only what has a chance is read, and before the
    // transaction.
    let picture = foreseen == nil ? try await read(call) : nil
    return try await call.write(fingerprint: sum + Array((description ?? "").utf8)) { tx in
      let outcome: AddImage.Outcome?
      if let picture {
        outcome = try await AddImage.run(
          picture, sha256: sum, description: description, idea: idea, by: author, in: tx)
      } else {
        outcome = try await AddImage.foresee(sum, idea: idea, by: author, in: tx)
      }
      guard let outcome else {
        throw Problem.unavailable("The idea's images have changed meanwhile; send it again.")
      }
      return try answer(outcome)
    }
  }

  /// What the bytes are is found in them; this only keeps forms and JSON from being tried.
  private static func demandImageType(_ request: Request) throws {
    let type = (request.headers["Content-Type"] ?? "application/octet-stream").lowercased()
    guard type.hasPrefix("image/") || type.hasPrefix("application/octet-stream") else {
      throw Problem(
        415, "no-image-type", "Unsupported media type",
        "Send the image's bytes, with Content-Type: image/png or the like.")
    }
  }

  /// The picture that the body is.
  static func read(_ call: Call) async throws -> ImageProgram.Picture {
    switch try await call.application.images.read(call.request.body) {
    case .read(let picture): return picture
    case .refused(.notAnImage):
      throw refused("not-an-image", "The body is no PNG, JPEG, GIF or WebP.")
    case .refused(.tooLarge):
      throw refused(
        "image-too-large", "An image has at most 40 megapixels, and 65 535 pixels on a side.")
    case .refused(.damaged): throw refused("image-damaged", "The image is damaged or cut off.")
    case .refused(.tooHard):
      throw refused("image-too-hard", "Reading the image took too much time or memory.")
    }
  }

  private static func refused(_ name: String, _ detail: String) -> Problem {
    Problem(422, name, "The image cannot be taken", detail)
  }

  private static func answer(_ outcome: AddImage.Outcome) throws -> Response {
    switch outcome {
    case .alreadyThere(let image): return .json(JSONWriter.object { write(image, &$0) })
    case .added(let image):
      return .created(JSONWriter.object { write(image, &$0) }, at: "/v1/images/\(image.id)")
    case .full:
      throw Problem.conflict(
        "too-many-images", "An idea has at most \(IdeaImage.most) images; delete one first.")
    case .refused(let refusal): throw problem(refusal, "such idea")
    }
  }

  private static func problem(_ refusal: ImageRefusal, _ thing: String) -> Problem {
    switch refusal {
    case .unknown: .notFound(thing)
    case .notAuthor: .forbidden("Only its author changes an idea's images.", as: "not-author")
    case .frozen(let state):
      .conflict("idea-frozen", "The idea is \(state.rawValue); its images stay as they are.")
    }
  }

  static func list(_ idea: IdeaID, _ call: Call) async throws -> Response {
    try await IdeasAPI.demandReadable(idea, call)
    let images = try await IdeaImage.all(of: idea, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("images", images) { writer, image in writer.object { write(image, &$0) } }
      }
    ).tagged(for: call.request)
  }

  static func change(_ id: ImageID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let description = fields.optionalText("description")
    let place = fields.optionalWhole("place", in: 1...Int64(IdeaImage.most))
    let fault = description.flatMap { $0.isEmpty ? nil : IdeaImage.fault(description: $0) }
    try fields.finish(and: fault.map { [("/description", $0)] } ?? [])
    return try await call.write { tx in
      let outcome = try await ChangeImage.run(
        id, description: description, place: place.map(Int32.init), by: call.member.member, in: tx)
      switch outcome {
      case .changed(let image): return .json(JSONWriter.object { write(image, &$0) })
      case .refused(let refusal): throw problem(refusal, "such image")
      }
    }
  }

  static func delete(_ id: ImageID, _ call: Call) async throws -> Response {
    try await call.write { tx in
      switch try await DeleteImage.run(id, by: call.member.member, in: tx) {
      case .deleted: return Response(status: 204)
      case .refused(let refusal): throw problem(refusal, "such image")
      }
    }
  }

  /// The bytes of an image. They never change, so its id is their tag; but whether they may be seen
  /// is asked each time that somebody asks here.
  static func send(_ id: ImageID, _ side: IdeaImage.Side, _ call: Call) async throws -> Response {
    guard let image = try await IdeaImage.find(id, in: call.pool), image.place != nil,
      let idea = try await IdeasAPI.readable(image.idea, call)
    else { throw Problem.notFound("such image") }
    let tag = "\"\(id)-\(side.rawValue)\""
    var response = Response(status: 304)
    if !call.request.has(tag) {
      guard let bytes = try await image.bytes(side, in: call.pool) else {
        throw Problem.notFound("such image")
      }
      response = Response(body: .bytes(bytes))
      let type = side == .whole ? image.type : .webp
      response.headers.add("Content-Type", type.mediaType)
      response.headers.add("X-Content-Type-Options", "nosniff")
      // Whatever a browser takes it for, it runs nothing.
      response.headers.add("Content-Security-Policy", "default-src 'none'; sandbox")
      response.headers.add(
        "Content-Disposition", "inline; filename=\"\(id).\(type.rawValue)\"")
    }
    response.headers.add("ETag", tag)
    response.headers.add(
      "Cache-Control",
      idea.isHidden ? "private, no-cache" : "public, max-age=31536000, immutable")
    return response
  }

  private static func write(_ image: IdeaImage, _ writer: inout JSONWriter) {
    writer.field("id", image.id)
    writer.field("idea_id", image.idea)
    writer.field("type", image.type.mediaType)
    writer.field("width", Int64(image.width))
    writer.field("height", Int64(image.height))
    writer.field("frames", Int64(image.frames))
    writer.field("bytes", Int64(image.byteCount))
    writer.field("description", image.description)
    writer.field("place", Int64(image.place ?? 0))
    writer.field("added_at", image.addedAt)
    writer.field("url", "/v1/images/\(image.id)")
    writer.field("url_1280", "/v1/images/\(image.id)/1280")
    writer.field("url_320", "/v1/images/\(image.id)/320")
  }
}
