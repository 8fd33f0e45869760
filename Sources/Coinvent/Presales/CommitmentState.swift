/// Where a commitment stands. Which step may follow which is data: `commitment_transitions`.
public enum CommitmentState: String, Sendable, CaseIterable {
  case committed, charging, declined, captured
  case refundDue = "refund_due"
  case refunding, refunded, cancelled, released

  /// The steps from here to what was learnt; empty when nothing is new, nil when the news
  /// contradicts what is recorded and a person must look.
  func path(to news: ChargeAnswer) -> [CommitmentState]? {
    switch (self, news) {
    case (_, .unknown), (_, .notFound): []
    case (.charging, .captured): [.captured]
    case (.charging, .declined): [.declined]
    case (.refunding, .refunded): [.refunded]
    case (.refunding, .captured): []
    case (.captured, .captured), (.refundDue, .captured), (.declined, .declined): []
    case (.refunded, .refunded): []
    case (.charging, .refunded), (.refunding, .declined), (.refundDue, .declined),
      (.refundDue, .refunded), (.captured, .declined), (.captured, .refunded),
      (.declined, .captured), (.declined, .refunded), (.refunded, .captured),
      (.refunded, .declined), (.committed, _), (.cancelled, _), (.released, _):
      nil
    }
  }

  /// What reaching it moves in the books; `commitment_transitions.moves` says the same.
  var moves: MoveCommitmentMoney.Reason? {
    switch self {
    case .captured: .capture
    case .refunded: .repay
    case .committed, .charging, .declined, .refundDue, .refunding, .cancelled, .released: nil
    }
  }
}

/// What was learnt about a charge from outside: from the provider, or from finance.
public enum ChargeAnswer: Sendable, Equatable {
  case captured(providerID: String?)
  /// The payment method was refused; nothing moved and nothing will.
  case declined(why: String)
  /// It was captured and the money went back.
  case refunded(providerID: String?)
  /// The provider has never seen the key.
  case notFound
  /// No answer, or none that says anything: it may have happened.
  case unknown(why: String)

  var providerID: String? {
    switch self {
    case .captured(let id), .refunded(let id): id
    case .declined, .notFound, .unknown: nil
    }
  }

  var why: String? {
    switch self {
    case .declined(let why), .unknown(let why): why
    case .notFound: "the provider does not know its key"
    case .captured, .refunded: nil
    }
  }
}
