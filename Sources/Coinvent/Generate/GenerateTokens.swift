import Postgres

/// Tokens that a load test votes with. Whoever knows the seed knows them: they are no secrets.
struct GenerateTokens {
  let plan: WorldPlan
  let count: Int

  /// - Returns: the texts, of the last members first.
  func run(in tx: Transaction) async throws -> [String] {
    var texts: [String] = []
    let columns = ["id", "member_id", "kind", "secret_hash", "scopes", "created_at", "expires_at"]
    let now = Timestamp.now
    try await tx.copyRows(into: "tokens", columns: columns) { rows in
      for number in 0..<min(count, plan.members) {
        let secret = token(number)
        let member = plan.member(plan.members - 1 - number)
        try await rows.write(
          secret.id.uuid, member, Token.Kind.token.rawValue, secret.hash,
          Set<Scope>.everything.words, WorldPlan.begins, now + .seconds(365 * 86_400))
        texts.append(secret.text)
      }
    }
    return texts
  }

  private func token(_ number: Int) -> TokenSecret {
    let words = (0..<5).map { Dice.roll(plan.seed, UInt64(50 + $0), number) }
    let secret = words[1...].flatMap { word in (0..<8).map { UInt8(word >> ($0 * 8) & 255) } }
    let high = UInt64(WorldPlan.begins.microseconds / 1000 + Int64(number)) << 16 | 0x7000
    let id = UUID(high: high, low: words[0] >> 2 | 0x8000_0000_0000_0000)
    return TokenSecret(id: TokenID(uuid: id), secret: secret)
  }
}
