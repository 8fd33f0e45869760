import CEpoll
import Glibc

/// `coinvent-image`: one image on stdin; what is to be kept of it on stdout.
///
/// The answer is one line and the bytes it announces:
///
///     image TYPE WIDTH HEIGHT FRAMES CLEANED LARGE SMALL
///     refused REASON
///
/// The last three are counts of bytes, which follow in that order: the image without its metadata,
/// and WebP of at most 1280 and 320 pixels. A refusal is an answer too; any other end is a crash.
confine()
do throws(Refusal) {
  let bytes = readInput()
  let picture = try Picture(bytes)
  let line =
    "image \(picture.format.rawValue) \(picture.width) \(picture.height) \(picture.frames) "
    + "\(picture.cleaned.count) \(picture.large.count) \(picture.small.count)\n"
  send(Array(line.utf8))
  send(picture.cleaned)
  send(picture.large)
  send(picture.small)
} catch {
  send(Array("refused \(error.rawValue)\n".utf8))
}
// Without vips_shutdown: it would take down what the kernel takes down faster.
_exit(0)

/// Why an image is not taken.
enum Refusal: String, Error {
  case notAnImage = "not-an-image"
  case tooLarge = "too-large"
  case damaged
  case tooHard = "too-hard"
}

/// Limits that hold whatever the decoder is made to do.
func confine() {
  coinvent_renounce()
  // Room for 40 megapixels of any format twice, and for the libraries themselves.
  limit(RLIMIT_AS.rawValue, 1536 << 20)
  limit(RLIMIT_CPU.rawValue, 30)
  limit(RLIMIT_CORE.rawValue, 0)
  // Nothing is written but to the socket: no temporary files, no logs. Who tries is told so.
  limit(RLIMIT_FSIZE.rawValue, 0)
  signal(SIGXFSZ, SIG_IGN)
  limit(RLIMIT_NOFILE.rawValue, 32)
}

func limit(_ resource: UInt32, _ most: UInt) {
  var limit = rlimit(rlim_cur: most, rlim_max: most)
  guard setrlimit(__rlimit_resource_t(resource), &limit) == 0 else { _exit(71) }
}

func readInput() -> [UInt8] {
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(0, &piece, piece.count)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return bytes }
    bytes += piece[..<count]
  }
}

func send(_ bytes: [UInt8]) {
  var done = 0
  while done < bytes.count {
    let count = bytes[done...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { _exit(74) }
    done += count
  }
}
