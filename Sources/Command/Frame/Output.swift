import Glibc
import JSON
import Synchronization

/// Where a command speaks: answers on stdout, everything else on stderr.
///
/// Once the reader of stdout is gone (`coinvent earnings … | head`) further text is dropped.
final class Output: Sendable {
  let asJSON: Bool
  private let readerGone = Atomic<Bool>(false)

  init(asJSON: Bool) { self.asJSON = asJSON }

  /// Whether anybody still reads stdout; a long listing may stop when not.
  var isRead: Bool { !readerGone.load(ordering: .relaxed) }

  /// A line of the answer for people; silent with `--json`.
  func say(_ line: String) {
    if !asJSON { put(line + "\n") }
  }

  /// A line of progress or a remark: on stderr, and silent with `--json`.
  func note(_ line: String) {
    if !asJSON { put(line + "\n", to: 2) }
  }

  /// A line on stderr in any case: what a server or worker tells its operator.
  func remark(_ line: String) { put(line + "\n", to: 2) }

  /// The answer for programs: one JSON document and a line end; silent without `--json`.
  func json(_ document: @autoclosure () -> JSON) {
    if asJSON { put(document().bytes() + [10]) }
  }

  /// Text to stdout as it is, for CSV and the like.
  func put(_ text: String) { put(text, to: 1) }

  /// Bytes to stdout as they are.
  func put(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { put($0, to: 1) }
  }

  func complain(_ failure: Failure) {
    put((asJSON ? failure.json.text() : failure.text()) + "\n", to: 2)
  }

  private func put(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { put(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  private func put(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    guard descriptor != 1 || isRead else { return }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EPIPE {
        if descriptor == 1 { readerGone.store(true, ordering: .relaxed) }
        return
      } else if errno != EINTR && errno != EAGAIN {
        return
      }
    }
  }
}
