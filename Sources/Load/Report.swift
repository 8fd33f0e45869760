import Glibc

/// What came of a run.
struct Report {
  /// How long answers were counted.
  var seconds = 0.0
  private var statuses = [Int](repeating: 0, count: 1000)
  private var latencies = Latencies()
  /// Connections that ended before their time.
  var lost = 0
  /// Requests that got no answer.
  var unanswered = 0
  /// Line numbers of token and idea.
  var acknowledged: [(token: UInt32, idea: UInt32)] = []

  mutating func add(status: Int, microseconds: UInt64) {
    statuses[status] += 1
    latencies.add(microseconds)
  }

  var json: String {
    let known = statuses.enumerated().filter { $0.element > 0 }
      .map { "\"\($0.offset)\":\($0.element)" }.joined(separator: ",")
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let processor =
      Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    let rate = seconds > 0 ? Double(latencies.count) / seconds : 0
    let parts = [0.5, 0.9, 0.99, 0.999].map { latencies.percentile($0) }
    return """
      {"requests":\(latencies.count),"seconds":\(seconds),"rate":\(rate.rounded()),\
      "statuses":{\(known)},"p50":\(parts[0]),"p90":\(parts[1]),"p99":\(parts[2]),\
      "p999":\(parts[3]),"max":\(latencies.longest),"lost":\(lost),\
      "unanswered":\(unanswered),"own_cpu_seconds":\(processor)}
      """
  }

  /// Writes the acknowledged pairs.
  func writeLog(to path: String) throws(Failure) {
    guard let file = fopen(path, "w") else {
      throw Failure("--log \(path): \(String(cString: strerror(errno)))")
    }
    for (token, idea) in acknowledged { fputs("\(token) \(idea)\n", file) }
    guard fclose(file) == 0 else { throw Failure("--log \(path): it could not be written whole") }
  }
}
