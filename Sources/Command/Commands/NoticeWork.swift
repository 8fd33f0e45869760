import Coinvent
import EventLoop
import JSON
import Mail
import Postgres

/// What a worker does with notices: it hands them out, makes digests and sends mails.
struct NoticeWork {
  let pool: Pool
  let context: Context
  /// Nil: mails are not sent, nor made.
  let mail: MailWorker?

  static let options = [
    Setting.publicURL, .smtpURL, .smtpTLS, .smtpUser, .smtpPasswordFile, .mailFrom,
  ].map(\.option)

  static func make(_ pool: Pool, _ context: Context, threads: BlockingPool) async throws
    -> NoticeWork
  {
    guard let settings = context.settings.mail, let publicURL = context.settings.publicURL else {
      if context.settings.logLevel <= .info {
        context.output.note("No mails are sent: smtp_url is not set.")
      }
      return NoticeWork(pool: pool, context: context, mail: nil)
    }
    let key = try await SigningKey.of(UnsubscribeToken.purpose, in: pool)
    let server = SMTPServer(
      url: settings.url, user: settings.user, password: try password(settings),
      security: settings.security)
    let compose = ComposeMail(
      from: settings.from, fromName: settings.fromName, publicURL: publicURL, key: key)
    return NoticeWork(
      pool: pool, context: context,
      mail: MailWorker(pool: pool, server: server, compose: compose, threads: threads))
  }

  /// The first line of the file.
  private static func password(_ settings: MailSettings) throws -> String? {
    guard let file = settings.passwordFile else { return nil }
    do throws(FileFailure) {
      return String(try readText(file).prefix { !$0.isNewline })
    } catch {
      throw Failure(.error, "smtp_password_file: \(error)")
    }
  }

  struct Report: Equatable {
    var notices = 0
    var notifications = 0
    var digests = 0
    var mails = MailWorker.Report()

    var didNothing: Bool { self == Report() }

    static func += (sum: inout Report, part: Report) {
      sum.notices += part.notices
      sum.notifications += part.notifications
      sum.digests += part.digests
      sum.mails += part.mails
    }

    var sentence: String {
      "Notices: \(notices) handed out, \(notifications) notifications, \(digests) digests; mails: "
        + "\(mails.sent) sent, \(mails.failed) failed, \(mails.later) put off, "
        + "\(mails.dropped) dropped."
    }

    var json: JSON {
      [
        "handed_out": .int(Int64(notices)), "notifications": .int(Int64(notifications)),
        "digests": .int(Int64(digests)), "mails_sent": .int(Int64(mails.sent)),
        "mails_failed": .int(Int64(mails.failed)), "mails_put_off": .int(Int64(mails.later)),
        "mails_dropped": .int(Int64(mails.dropped)),
      ]
    }
  }

  /// Hands out what is due and makes the digests that are.
  private func tell() async throws -> Report {
    var report = Report()
    let handed = try await HandOutNotices.run(isMailing: mail != nil, in: pool)
    report.notices = handed.notices
    report.notifications = handed.notifications
    guard mail != nil else { return report }
    let (mails, empty) = try await MakeDigests.run(in: pool)
    report.digests = mails + empty
    return report
  }

  /// A pass is not cut off half-way: what the mail server has taken is noted as sent.
  private func send() async throws -> Report {
    var report = Report()
    if let mail { report.mails = try await Task { try await mail.pass() }.value }
    return report
  }

  /// Does all that is due.
  func drain() async throws -> Report {
    var report = Report()
    while true {
      var part = try await tell()
      part += try await send()
      if part.didNothing { return report }
      report += part
    }
  }

  /// Looks after notices and mails until it is cancelled. A slow mail server keeps no notice back.
  func keep() async {
    async let told: Void = keep("notices", tell)
    if mail != nil { await keep("mails", send) }
    await told
  }

  /// Goes on through restarts of the database.
  private func keep(_ what: String, _ pass: () async throws -> Report) async {
    while !Task.isCancelled {
      do {
        let report = try await pass()
        if report.didNothing {
          try await Task.sleep(for: context.settings.workerInterval)
        } else if report.mails.failed > 0, context.settings.logLevel <= .warning {
          context.output.remark("mails: \(report.mails.failed) failed: coinvent mail list")
        }
      } catch is CancellationError {
        return
      } catch {
        if context.settings.logLevel <= .warning {
          context.output.remark("\(what): \(error); trying again")
        }
        do { try await Task.sleep(for: .seconds(2)) } catch { return }
      }
    }
  }
}
