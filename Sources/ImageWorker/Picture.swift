import CVips

/// What is kept of an image.
struct Picture {
  let format: ImageFormat
  /// As it is to be seen: after it was turned.
  let width: Int
  let height: Int
  let frames: Int
  /// The image without its metadata, turned as the camera was held.
  let cleaned: [UInt8]
  /// WebP that fits into a square of 1280 pixels, and of 320; an animation's first frame.
  let large: [UInt8]
  let small: [UInt8]

  init(_ bytes: [UInt8]) throws(Refusal) {
    guard let format = ImageFormat(bytes) else { throw .notAnImage }
    self.format = format
    let stripped = try Strip.run(bytes, format)
    try Vips.start(format)
    let image = try Vips(bytes)
    // What an animation's frames would be turned by is left as it is: no browser turns them.
    let orientation = image.frames == 1 ? image.orientation : 1
    frames = image.frames
    width = orientation > 4 ? image.height : image.width
    height = orientation > 4 ? image.width : image.height
    // These come first, as they find out whether all pixels are there.
    let thumbnail = try Vips.thumbnail(of: bytes, side: 1280)
    large = try thumbnail.saved()
    small = try thumbnail.shrunk(side: 320).saved()
    cleaned = orientation > 1 ? try Strip.run(image.turned(as: format), format) : stripped
  }
}
