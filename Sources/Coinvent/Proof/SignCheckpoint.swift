import Postgres

/// Signs the end of the chain, unless it is signed already.
public enum SignCheckpoint {
  public enum Outcome: Sendable, Equatable {
    case repeated
    case signed(Checkpoint)
    case emptyChain
  }

  public static func run(_ key: SealingKey, in pool: Pool) async throws -> Outcome {
    try await pool.transaction { tx in
      guard let head = try await AppendToChain.head(in: tx) else { return .emptyChain }
      let (now, isSigned) = try await tx.one(
        """
        SELECT clock_timestamp(), EXISTS (
          SELECT FROM proof_checkpoints
          WHERE size = \(head.number) AND public_key = \(key.publicKey.bytes))
        """, as: (Timestamp, Bool).self)
      if isSigned { return .repeated }
      try await PublishKey.run(key.publicKey, in: tx)
      let checkpoint = Checkpoint(
        origin: key.publicKey.name, size: head.number, hash: head.hash, moment: now)
      let added = try await tx.execute(
        """
        INSERT INTO proof_checkpoints (size, public_key, hash, signed_at, note)
        VALUES (\(head.number), \(key.publicKey.bytes), \(head.hash), \(now),
          \(checkpoint.note(signedBy: key)))
        ON CONFLICT (size, public_key) DO NOTHING
        """)
      return added == 0 ? .repeated : .signed(checkpoint)
    }
  }
}

/// Says publicly who signs.
public enum PublishKey {
  /// - Returns: true when it is new here.
  @discardableResult
  public static func run(_ key: PublicKey, in db: some Queryable) async throws -> Bool {
    try await db.execute(
      """
      INSERT INTO proof_keys (public_key, name, made_at)
      VALUES (\(key.bytes), \(key.name), clock_timestamp())
      ON CONFLICT (public_key) DO NOTHING
      """) == 1
  }
}
