/// `selective`: a choice counts one over the number of choices that its member spread.
enum Selective {
  static func reason(_ claim: Claim, of all: Int64) -> String {
    "selective: \(Fractions.text(claim)) among \(all) votes"
  }
}
