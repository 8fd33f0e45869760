import Coinvent

/// What an operator may want otherwise.
public struct ApplicationSettings: Sendable {
  /// How long a session lasts.
  public var sessionLifetime: Duration = .seconds(30 * 86_400)
  /// Failed sign-ins of one account. A right password gives its try back.
  public var triesPerAccount = RateLimit.Rule(burst: 20, interval: .seconds(30))
  /// Failed sign-ins from one address.
  public var triesPerAddress = RateLimit.Rule(burst: 200, interval: .seconds(2))
  /// How long a refused sign-in waits for its 429.
  public var refusalPause: Duration = .milliseconds(200)
  /// New members from one address. Wide, because a whole office or a replay sits behind one; what
  /// keeps the machine safe is the short queue in front of the password threads.
  public var joinsPerAddress = RateLimit.Rule(burst: 10_000, interval: .milliseconds(100))
  /// Recipes that one member tries out; each counts all events of a product.
  public var whatIfsPerMember = RateLimit.Rule(burst: 20, interval: .seconds(3))
  /// What a submitted idea is at once: `open`, or `submitted` until a curator opens it.
  public var submissions = Idea.State.open
  /// The path of `coinvent-image`; nil: beside the program that runs.
  public var imageProgram: String?
  /// How long reading one image may take.
  public var imageTime: Duration = .seconds(40)
  public var passwordThreads = 1
  public var passwordQueue = 32
  /// How long the answer to a request with an Idempotency-Key is there for its repeats.
  public var answersKept: Duration = .seconds(7 * 86_400)
  /// Streams of events that may be open, in all and for one address.
  public var streams = 2000
  public var streamsPerAddress = 30
  /// Where people reach this server, such as `https://ideas.example.org`; nil: as the request says.
  public var publicURL: String?
  public var payouts = PayoutPolicy.standard
  /// Above which a settlement is only previewed, until another person approves it.
  public var approveAbove = ApprovalLimits.none
  /// How long `/readyz` waits for the database.
  public var readinessWait: Duration = .seconds(1)

  public init() {}
}
