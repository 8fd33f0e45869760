/// What is due of a pool to a share: the heart of the arithmetic, in exact 64-bit steps.
public enum Due {
  /// trunc(pool × ppb / 10⁹), toward zero, so that a pool below zero mirrors one above.
  /// - Parameters:
  ///   - pool: nanos.
  ///   - ppb: 0 to 10⁹.
  public static func of(pool: Int64, ppb: Int64) -> Int64 {
    let (whole, rest) = pool.quotientAndRemainder(dividingBy: 1_000_000_000)
    return whole * ppb + rest * ppb / 1_000_000_000
  }
}
