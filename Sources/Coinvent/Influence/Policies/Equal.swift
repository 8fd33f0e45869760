/// `equal`: each contribution counts one.
enum Equal {
  static func reason(_ claim: Claim, of all: Int64) -> String {
    "equal: \(claim.events) of \(all) contributions"
  }
}
