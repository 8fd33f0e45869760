import CVips
import Glibc

/// An image in libvips' hands.
final class Vips {
  private let image: OpaquePointer

  private init(_ image: OpaquePointer) { self.image = image }

  deinit { g_object_unref(UnsafeMutableRawPointer(image)) }

  static let mostPixels = 40_000_000
  static let longestSide = 65_535

  /// Starts the library with one loader, and none of the modules that bring more of them.
  static func start(_ format: ImageFormat) throws(Refusal) {
    setenv("VIPSHOME", "/nonexistent", 1)
    // Large images stay in memory, which has its limit, and never go to a file.
    setenv("VIPS_DISC_THRESHOLD", "4g", 1)
    // No code is made while a stranger's file is read; it would be no faster here.
    setenv("VIPS_NOVECTOR", "1", 1)
    guard vips_init("coinvent-image") == 0 else { throw .tooHard }
    vips_concurrency_set(1)
    vips_cache_set_max(0)
    vips_operation_block_set("VipsForeignLoad", 1)
    vips_operation_block_set(format.loader, 0)
  }

  /// Reads the head, and refuses what would be too large before a pixel is looked at.
  init(_ bytes: [UInt8]) throws(Refusal) {
    // The library reads from the bytes for as long as the image lives: here to the process's end.
    let kept = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = kept.initialize(from: bytes)
    guard let image = coinvent_open(kept.baseAddress, kept.count) else { throw Vips.refusal() }
    self.image = image
    let (product, isOver) = width.multipliedReportingOverflow(by: height)
    guard !isOver, product <= Vips.mostPixels, max(width, height) <= Vips.longestSide else {
      throw .tooLarge
    }
  }

  var width: Int { Int(vips_image_get_width(image)) }
  var height: Int { Int(vips_image_get_page_height(image)) }
  var frames: Int { Int(vips_image_get_n_pages(image)) }
  /// From 1, upright, to 8, as EXIF counts; 5 and above lie on a side.
  var orientation: Int { Int(vips_image_get_orientation(image)) }

  /// A smaller picture with all its pixels in memory.
  static func thumbnail(of bytes: [UInt8], side: Int32) throws(Refusal) -> Vips {
    var thumbnail: OpaquePointer?
    var pixels: OpaquePointer?
    bytes.withUnsafeBytes {
      guard coinvent_thumbnail($0.baseAddress, $0.count, &thumbnail, side) == 0 else { return }
      pixels = vips_image_copy_memory(thumbnail)
    }
    if let thumbnail { g_object_unref(UnsafeMutableRawPointer(thumbnail)) }
    guard let pixels else { throw refusal() }
    return Vips(pixels)
  }

  func shrunk(side: Int32) throws(Refusal) -> Vips {
    var small: OpaquePointer?
    guard coinvent_shrink(image, &small, side) == 0, let small else { throw Vips.refusal() }
    return Vips(small)
  }

  /// The file of a thumbnail.
  func saved() throws(Refusal) -> [UInt8] {
    let file = try Vips.file { coinvent_save_thumbnail(image, $0, $1) }
    return try Strip.run(file, .webp, keepsProfile: false)
  }

  /// The file of the image when it stands upright.
  func turned(as format: ImageFormat) throws(Refusal) -> [UInt8] {
    var upright: OpaquePointer?
    guard coinvent_turn(image, &upright) == 0, let upright else { throw Vips.refusal() }
    defer { g_object_unref(UnsafeMutableRawPointer(upright)) }
    return try Vips.file {
      switch format {
      case .jpeg: coinvent_save_jpeg(upright, $0, $1)
      case .webp: coinvent_save_webp(upright, $0, $1)
      // No GIF says how it is to be turned.
      case .png, .gif: coinvent_save_png(upright, $0, $1)
      }
    }
  }

  private static func file(
    _ save: (UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeMutablePointer<Int>) -> Int32
  ) throws(Refusal) -> [UInt8] {
    var bytes: UnsafeMutableRawPointer?
    var count = 0
    guard save(&bytes, &count) == 0, let bytes else { throw refusal() }
    defer { free(bytes) }
    return Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  private static func refusal() -> Refusal {
    strstr(vips_error_buffer(), "memory") == nil ? .damaged : .tooHard
  }
}
