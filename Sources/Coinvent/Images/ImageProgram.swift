import EventLoop
import Glibc

/// Reads images by `coinvent-image`, a program of its own: whatever an image does to its decoder,
/// the server does not notice.
public final class ImageProgram: Sendable {
  /// The most bytes that an image may have.
  public static let mostBytes = 10 * 1024 * 1024

  /// What is kept of an image.
  public struct Picture: Sendable, Equatable {
    public let type: ImageType
    public let width: Int
    public let height: Int
    public let frames: Int
    /// The image without metadata, turned as the camera was held.
    public let cleaned: [UInt8]
    /// WebP that fits into a square of 1280 pixels, and of 320.
    public let large: [UInt8]
    public let small: [UInt8]
  }

  /// Why an image is not taken: the image's fault.
  public enum Refusal: String, Sendable, CaseIterable {
    case notAnImage = "not-an-image"
    case tooLarge = "too-large"
    case damaged
    /// Reading it took too long or too much memory, or crashed.
    case tooHard = "too-hard"
  }

  public enum Outcome: Sendable, Equatable {
    case read(Picture)
    case refused(Refusal)
  }

  /// The program cannot be used: not the image's fault.
  public struct Failed: Error, CustomStringConvertible {
    public let description: String
  }

  public let path: String
  private let threads: BlockingPool
  private let limit: Duration

  /// - Parameters:
  ///   - path: of the program; unless given, beside the program that runs.
  ///   - limit: how long one image may take.
  public init(
    path: String? = nil, threads: Int = 2, queueLimit: Int = 8, limit: Duration = .seconds(40)
  ) {
    self.path = path ?? ChildProcess.sibling("coinvent-image")
    self.limit = limit
    self.threads = BlockingPool(name: "images", threads: threads, queueLimit: queueLimit)
  }

  /// Whether there is such a program.
  public var isThere: Bool { access(path, X_OK) == 0 }

  /// Lets the threads end.
  public func stop() { threads.stop() }

  /// - Throws: `Failed` when the program talks nonsense, `ChildProcess.Failed` when it is missing,
  ///   `BlockingPool.Full`.
  public func read(_ bytes: [UInt8]) async throws -> Outcome {
    guard bytes.count <= Self.mostBytes else { return .refused(.tooLarge) }
    return try await threads.run { [path, limit] in
      switch try ChildProcess.run(path, input: bytes, most: 64 << 20, within: limit) {
      case .answered(let answer): return try Self.outcome(of: answer)
      case .crashed, .late, .tooMuch: return .refused(.tooHard)
      // By the kernel, for want of memory, or by an operator: another time it may live.
      case .killed: throw Failed(description: "\(path) was killed")
      case .incomplete: throw Failed(description: "\(path) lacks its libraries")
      }
    }
  }

  private static func outcome(of answer: [UInt8]) throws -> Outcome {
    guard let end = answer.firstIndex(of: UInt8(ascii: "\n")) else { throw nonsense }
    let words = String(decoding: answer[..<end], as: UTF8.self).split(separator: " ")
    if words.count == 2, words[0] == "refused", let reason = Refusal(rawValue: String(words[1])) {
      return .refused(reason)
    }
    let numbers = words.dropFirst(2).compactMap { Int($0) }
    guard words.count == 8, words[0] == "image", let type = ImageType(rawValue: String(words[1])),
      numbers.count == 6, numbers.allSatisfy({ (1..<1 << 32).contains($0) }),
      answer.count - end - 1 == numbers[3] + numbers[4] + numbers[5]
    else { throw nonsense }
    let large = end + 1 + numbers[3]
    let small = large + numbers[4]
    return .read(
      Picture(
        type: type, width: numbers[0], height: numbers[1], frames: numbers[2],
        cleaned: Array(answer[(end + 1)..<large]), large: Array(answer[large..<small]),
        small: Array(answer[small...])))
  }

  private static let nonsense = Failed(description: "the image program answers what nobody asked")
}

/// The formats that are taken.
public enum ImageType: String, Sendable, CaseIterable {
  case png, jpeg, gif, webp

  public var mediaType: String { "image/\(rawValue)" }
}
