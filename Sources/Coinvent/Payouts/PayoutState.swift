/// Where a payout stands. Which step may follow which is data: the table `payout_transitions`.
public enum PayoutState: String, Sendable, CaseIterable {
  case requested, submitting, submitted, exported, paid, failed, returned

  /// Whether its money still counts as in flight.
  public var isOpen: Bool {
    switch self {
    case .requested, .submitting, .submitted, .exported: true
    case .paid, .failed, .returned: false
    }
  }

  /// The steps from here to what was learnt; empty when nothing is new, nil when the news
  /// contradicts what is recorded and a person must look.
  func path(to news: PayoutAnswer) -> [PayoutState]? {
    switch (self, news) {
    case (_, .unknown), (_, .notFound): []
    case (.submitting, .accepted): [.submitted]
    case (.submitting, .refused): [.failed]
    case (.submitting, .paid): [.submitted, .paid]
    case (.submitting, .failed): [.submitted, .failed]
    case (.submitting, .returned): [.submitted, .paid, .returned]
    case (.submitted, .paid), (.exported, .paid): [.paid]
    case (.submitted, .failed), (.exported, .failed): [.failed]
    case (.submitted, .returned), (.exported, .returned): [.paid, .returned]
    case (.paid, .returned): [.returned]
    case (.submitted, .accepted), (.paid, .accepted), (.paid, .paid): []
    case (.returned, .accepted), (.returned, .paid), (.returned, .returned): []
    case (.failed, .accepted), (.failed, .failed), (.failed, .refused): []
    case (.requested, _), (.exported, _), (.submitted, .refused), (.paid, .failed),
      (.paid, .refused),
      (.failed, .paid), (.failed, .returned), (.returned, .failed), (.returned, .refused):
      nil
    }
  }
}

public enum PayoutRail: String, Sendable, CaseIterable {
  /// A payment provider is told over HTTP.
  case provider
  /// A person pays from a file.
  case csv
}

/// Who asked for it.
public enum PayoutOrigin: String, Sendable, CaseIterable {
  case automatic, requested
}
