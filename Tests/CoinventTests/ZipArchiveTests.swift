import Foundation
import TestSupport
import Testing

@testable import Coinvent

/// What ZIP files of strangers may hold.
@Suite struct ZipArchiveTests {
  private func refusal(
    _ path: String, reading entry: String? = nil, limits: ZipArchive.Limits = .init()
  ) -> ZipArchive.Refusal? {
    do {
      let archive = try ZipArchive(path: path, limits: limits)
      if let entry { _ = try archive.read(entry) }
      return nil
    } catch { return error }
  }

  @Test func `entries are read by their names, packed, stored or streamed`() throws {
    let files = try ZipFiles()
    let path = try files.make(
      "good.zip",
      """
      z.writestr("posts.json", "[1]" * 1000)
      z.writestr("blobs/a.png", b"\\x00\\xff", zipfile.ZIP_STORED)
      z.writestr("empty", "")
      class Pipe:
          def __init__(self, to): self.to = to
          def write(self, b): return self.to.write(b)
          def flush(self): self.to.flush()
      p = path + ".streamed"
      with open(p, "wb") as to, zipfile.ZipFile(Pipe(to), "w", zipfile.ZIP_DEFLATED) as s:
          s.writestr("posts.json", "[2]" * 1000)
      """)
    let archive = try ZipArchive(path: path)
    let ones = try archive.read("posts.json").map { String(decoding: $0, as: UTF8.self) }
    #expect(ones == String(repeating: "[1]", count: 1000))
    #expect(try archive.read("blobs/a.png") == [0, 255])
    #expect(try archive.read("empty") == [])
    #expect(try archive.read("Posts.json") == nil)
    let streamed = try ZipArchive(path: path + ".streamed")
    #expect(try streamed.read("posts.json")?.count == 3000)
  }

  @Test func `what unpacks to far more than it is, is not unpacked`() throws {
    let files = try ZipFiles()
    let bomb = try files.make("bomb.zip", #"z.writestr("posts.json", b"\0" * (64 << 20))"#)
    #expect(refusal(bomb) == .tooDense(limit: 100))
    var limits = ZipArchive.Limits()
    limits.entryBytes = (64 << 20) - 1
    #expect(refusal(bomb, limits: limits) == .tooLarge(limit: limits.entryBytes))
    // Many entries that are the same packed bytes.
    let shared = try files.make(
      "shared.zip",
      """
      import copy, os
      z.writestr("0", os.urandom(1 << 20))
      first = z.filelist[0]
      for number in range(1, 500):
          entry = copy.copy(first)
          entry.filename = str(number)
          z.filelist.append(entry)
      """)
    #expect(refusal(shared) == .tooDense(limit: 100))
    limits = .init()
    limits.bytes = 100 << 20
    #expect(refusal(shared, limits: limits) == .tooLarge(limit: limits.bytes))
    limits.entries = 499
    #expect(refusal(shared, limits: limits) == .tooManyEntries(limit: 499))
  }

  @Test func `an entry that is longer than the directory says is not read`() throws {
    let files = try ZipFiles()
    let path = try files.make(
      "liar.zip",
      """
      z.writestr("posts.json", b"\\0" * (64 << 20))
      z.filelist[0].file_size = 100
      """)
    guard case .unreadable("posts.json", _) = refusal(path, reading: "posts.json") else {
      throw Surprise("it is read")
    }
    let changed = try files.make(
      "changed.zip",
      """
      z.writestr("posts.json", "[1234]", zipfile.ZIP_STORED)
      z.fp.seek(z.filelist[0].header_offset + 30 + len("posts.json"))
      z.fp.write(b"[4321]")
      z.fp.seek(0, 2)
      """)
    guard case .unreadable("posts.json", _) = refusal(changed, reading: "posts.json") else {
      throw Surprise("its checksum is not looked at")
    }
  }

  @Test(arguments: [
    "../posts.json", "/etc/passwd", "blobs/../../x", "a\\\\b", "C:x", "./posts.json", "a\\tb", "..",
  ])
  func `names that lead out of the archive are refused`(_ name: String) throws {
    let files = try ZipFiles()
    let path = try files.make("names.zip", "z.writestr(\"\(name)\", \"x\")")
    guard case .badName = refusal(path) else { throw Surprise("\(name) is taken") }
  }

  @Test func `two entries of one name are refused`() throws {
    let files = try ZipFiles()
    let path = try files.make(
      "twice.zip", "z.writestr(\"posts.json\", \"[]\"); z.writestr(\"posts.json\", \"[1]\")")
    #expect(refusal(path) == .badName("posts.json"))
  }

  @Test func `what is no ZIP file, or half of one, is told`() throws {
    let files = try ZipFiles()
    let good = try files.make("good.zip", #"z.writestr("posts.json", "[]" * 5000)"#)
    let whole = try Data(contentsOf: URL(fileURLWithPath: good))
    let others: [(String, Data)] = [
      ("text", Data("number,title\r\n".utf8)), ("nothing", Data()),
      ("half", whole.prefix(whole.count / 2)), ("tail", whole.suffix(30)),
    ]
    for (name, bytes) in others {
      let path = "\(files.folder)/\(name)"
      try bytes.write(to: URL(fileURLWithPath: path))
      guard case .noArchive = refusal(path) else { throw Surprise("\(name) is an archive") }
    }
    guard case .noArchive = refusal("\(files.folder)/missing") else {
      throw Surprise("what is not there is an archive")
    }
  }
}
