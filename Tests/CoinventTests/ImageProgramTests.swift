import Coinvent
import EventLoop
import Foundation
import TestSupport
import Testing

/// `coinvent-image` itself, as the server starts it.
@Suite struct ImageProgramTests {
  private func read(_ bytes: [UInt8]) async throws -> ImageProgram.Outcome {
    let program = ImageProgram()
    defer { program.stop() }
    return try await program.read(bytes)
  }

  private func picture(_ bytes: [UInt8]) async throws -> ImageProgram.Picture {
    let outcome = try await read(bytes)
    guard case .read(let picture) = outcome else { throw Surprise("\(outcome)") }
    return picture
  }

  @Test func `a PNG loses what is no picture, and its thumbnails fit into their squares`()
    async throws
  {
    let sent = Pictures.png(1600, 400)
    let picture = try await picture(sent)
    #expect(picture.type == .png && picture.width == 1600 && picture.height == 400)
    #expect(sent.holds("Lovelace") && !picture.cleaned.holds("Lovelace"))
    #expect(sent.count - picture.cleaned.count == "Author\0Ada Lovelace".utf8.count + 12)
    for (thumbnail, width, height) in [(picture.large, 1280, 320), (picture.small, 320, 80)] {
      let again = try await self.picture(thumbnail)
      #expect(again.type == .webp && again.width == width && again.height == height)
    }
  }

  @Test func `a photograph is turned, and where it was taken is gone`() async throws {
    let plain = try await picture(Pictures.jpeg)
    #expect(plain.width == 24 && plain.height == 8 && plain.cleaned == Pictures.jpeg)
    let turned = try await picture(Pictures.photograph)
    #expect(turned.type == .jpeg && turned.width == 8 && turned.height == 24)
    #expect(Pictures.photograph.holds("Exif") && Pictures.photograph.holds("Taken at home"))
    #expect(!turned.cleaned.holds("Exif") && !turned.cleaned.holds("Taken at home"))
    let again = try await picture(turned.cleaned)
    #expect(again.width == 8 && again.height == 24 && again.cleaned == turned.cleaned)
    let small = try await picture(turned.small)
    #expect(small.width == 8 && small.height == 24)
  }

  @Test func `an animation keeps its frames, and its first is the thumbnail`() async throws {
    let comment: [UInt8] = [0x21, 0xFE, 7] + Array("a tune.".utf8) + [0]
    let sent = Pictures.gif.dropLast() + comment + [0x3B] + Array("<script>".utf8)
    let picture = try await picture(Array(sent))
    #expect(picture.type == .gif && picture.frames == 2 && picture.width == 8)
    #expect(picture.cleaned == Pictures.gif)
    let thumbnail = try await self.picture(picture.small)
    #expect(thumbnail.frames == 1 && thumbnail.width == 8 && thumbnail.height == 8)
  }

  @Test func `a WebP loses its EXIF`() async throws {
    let picture = try await picture(Pictures.webp)
    #expect(picture.type == .webp && picture.width == 24 && picture.height == 8)
    #expect(Pictures.webp.holds("EXIF") && !picture.cleaned.holds("EXIF"))
    #expect(try await self.picture(picture.cleaned).cleaned == picture.cleaned)
  }

  @Test func `what hangs behind an image's end is cut off`() async throws {
    for image in [Pictures.png(4, 4), Pictures.jpeg, Pictures.webp] {
      let clean = try await picture(image).cleaned
      #expect(try await picture(image + Array("<script>".utf8)).cleaned == clean)
    }
  }

  @Test func `only images are taken, whatever they are called`() async throws {
    let texts = [
      "", "GIF", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<!DOCTYPE html><p>PNG", "%PDF-1.7",
      "P6 1 1 255 abc", "BM", "II*\0\u{8}\0\0\0", "\0\0\0\u{18}ftypavif", "8BPS",
    ]
    for text in texts {
      #expect(try await read(Array(text.utf8)) == .refused(.notAnImage), "\(text)")
    }
  }

  @Test func `what is cut off or scribbled over is damaged`() async throws {
    for image in [Pictures.png(64, 64), Pictures.jpeg, Pictures.gif, Pictures.webp] {
      for part in [12, image.count / 2, image.count - 1] {
        let outcome = try await read(Array(image.prefix(part)))
        #expect(outcome == .refused(.damaged), "\(part) of \(image.count) bytes")
      }
    }
    // Where the compressed rows begin.
    var scribbled = Pictures.png(64, 64)
    for place in 72..<80 { scribbled[place] = 0xAA }
    #expect(try await read(scribbled) == .refused(.damaged))
  }

  @Test func `no random damage does more than be refused`() async throws {
    var random = SystemRandomNumberGenerator()
    for image in [Pictures.png(20, 20), Pictures.photograph, Pictures.gif, Pictures.webp] {
      for _ in 0..<8 {
        var bytes = image
        for _ in 0..<4 {
          bytes[.random(in: 8..<bytes.count, using: &random)] = .random(in: 0...255)
        }
        // Taken or refused: both are answers.
        _ = try await read(bytes)
      }
    }
  }

  @Test func `a bomb is refused by its head`() async throws {
    let began = ContinuousClock.now
    for size in [(50_000, 50_000), (100_000, 1), (1, 65_536), (8_000, 5_001)] {
      #expect(try await read(Pictures.png(4, 4, head: size)) == .refused(.tooLarge), "\(size)")
    }
    #expect(ContinuousClock.now - began < .seconds(60))
    let long = [UInt8](repeating: 0, count: ImageProgram.mostBytes + 1)
    #expect(try await read(long) == .refused(.tooLarge))
  }
}
