import Foundation
import InteractionLogs
import LocalTime
package import Storage

/// What one participant donated of their interaction logs.
package struct ParticipantLogs: Hashable, Sendable {
  package var pseudonym: String
  package var donations: [DonationRecord]
  package var rows: InteractionRows

  package init(pseudonym: String, donations: [DonationRecord], rows: InteractionRows) {
    self.pseudonym = pseudonym
    self.donations = donations
    self.rows = rows
  }
}

/// The logs of one participant, as exposure is computed from them.
struct ExposureLogs: Sendable {
  private let sessions: [SessionFeatures]
  private let conversations: [ConversationFeatures]
  /// Of the logs without times.
  private let days: [DayFeatures]
  /// Of the logs with times, and of those that have days only.
  private let coverage, dayCoverage: LogCoverage
  /// What each log with times covers, and can give.
  private let sources: [(covered: Range<Date>, source: LogSource)]
  private let hasTimes, hasDays: Bool

  init(_ logs: ParticipantLogs) {
    let zones = Dictionary(
      logs.donations.map { ($0.uuid, TimeZone(identifier: $0.zone) ?? .gmt) },
      uniquingKeysWith: { $1 })
    func date(_ moment: Date, of donation: UUID) -> LocalDate {
      StudyDay(containing: LocalMoment(moment, in: zones[donation] ?? .gmt)).date
    }
    sessions = logs.rows.sessions.map { row in
      SessionFeatures(
        keptFrom: row.started, to: row.ended, day: date(row.started, of: row.donation),
        conversations: row.numbers[.conversations].map { Int($0) },
        totals: MessageTotals(row.numbers),
        hours: HourCounts(InteractionNumber.ofHours.map { Int(row.numbers[$0] ?? 0) })
          ?? HourCounts())
    }
    conversations = logs.rows.conversations.filter { !$0.isWithheld }.map { row in
      ConversationFeatures(
        keptFrom: row.started, to: row.ended, day: row.day.flatMap { LocalDate($0) },
        measures: TextMeasures(row.numbers, language: row.language))
    }
    let withheld = Set(
      logs.rows.days.filter(\.isWithheldInPart).compactMap { LocalDate($0.day) })
    func covered(_ donations: [DonationRecord]) -> [Range<Date>] {
      donations.compactMap { donation in
        donation.coveredFrom.map { $0..<max($0, donation.coveredUntil) }
      }
    }
    let timed = logs.donations.filter { !$0.isDaily }
    let daily = logs.donations.filter(\.isDaily)
    coverage = LogCoverage(accounts: covered(timed), withheld: withheld)
    dayCoverage = LogCoverage(accounts: covered(daily), withheld: withheld)
    sources = timed.compactMap { donation in
      guard let source = LogSource(rawValue: donation.source), let from = donation.coveredFrom
      else { return nil }
      return (from..<max(from, donation.coveredUntil), source)
    }
    hasTimes = !timed.isEmpty
    hasDays = !daily.isEmpty
    days = Self.days(of: logs.rows.days, donated: daily)
  }

  /// The days of logs without times, each date once: the sum over accounts, where every account that covers the
  /// date tells of it.
  private static func days(
    of rows: [InteractionDayRow], donated donations: [DonationRecord]
  ) -> [DayFeatures] {
    struct Account: Hashable {
      let source: String
      let number: Int
    }
    var accounts: [UUID: Account] = [:]
    var spans: [Account: [Range<Date>]] = [:]
    for donation in donations {
      let account = Account(source: donation.source, number: donation.account)
      accounts[donation.uuid] = account
      guard let from = donation.coveredFrom else { continue }
      spans[account, default: []].append(from..<max(from, donation.coveredUntil))
    }
    let zone = donations.last.flatMap { TimeZone(identifier: $0.zone) } ?? .gmt
    let told = Dictionary(
      grouping: rows.filter { !$0.isWithheld && accounts[$0.donation] != nil }, by: \.day)
    return told.compactMap { day, rows in
      guard let date = LocalDate(day) else { return nil }
      let noon = StudyDay(date: date).bounds(in: zone).lowerBound.addingTimeInterval(8 * 3600)
      let expected = spans.filter { $0.value.contains { $0.contains(noon) } }.keys
      guard Set(expected).isSubset(of: rows.compactMap { accounts[$0.donation] }) else {
        return nil
      }
      var features = DayFeatures(date: date)
      let minutes = rows.compactMap { $0.numbers[.minutes] }
      if minutes.count == rows.count { features.minutes = minutes.reduce(0, +) }
      let sessions = rows.compactMap { $0.numbers[.sessions] }
      if sessions.count == rows.count { features.sessions = Int(sessions.reduce(0, +)) }
      return features
    }
  }

  /// Exposure from the logs with times where they cover anything of the window, else from those that have days
  /// only: the two would count the same use twice.
  func exposure(in window: ExposureWindow) -> Exposure {
    let known = sources.filter { !$0.covered.clamped(to: window.range).isEmpty }
    let capabilities = known.reduce(Set(LogCapability.allCases)) {
      $0.intersection($1.source.capabilities)
    }
    let timed = Exposure(
      conversations: conversations, sessions: sessions, window: window, coverage: coverage,
      capabilities: capabilities)
    guard hasDays, !hasTimes || timed.coveredDays == 0 else { return timed }
    return Exposure(days: days, window: window, coverage: dayCoverage)
  }

  /// How many study days of a window the participant keeps back.
  func withheldDays(in window: ExposureWindow) -> Int {
    coverage.withheld.count { StudyDay(date: $0).bounds(in: window.zone).overlaps(window.range) }
  }
}

extension InteractionDayRow {
  /// Whether something of the day is kept back, so that its numbers tell less than there was.
  fileprivate var isWithheldInPart: Bool {
    isWithheld || numbers[.withheldConversations, default: 0] > 0
  }
}

extension MessageTotals {
  /// Totals from the columns of a row.
  fileprivate init(_ numbers: [InteractionNumber: Double]) {
    func count(_ number: InteractionNumber) -> Int { Int(numbers[number] ?? 0) }
    self.init()
    userMessages = count(.userMessages)
    assistantMessages = count(.assistantMessages)
    user = TextLengths(
      scalars: count(.userCharacters), words: count(.userWords),
      codeScalars: count(.userCodeCharacters))
    assistant = TextLengths(
      scalars: count(.assistantCharacters), words: count(.assistantWords),
      codeScalars: count(.assistantCodeCharacters))
  }
}

extension TextMeasures {
  /// Measures from the columns of a row; nil where it has none.
  fileprivate init?(_ numbers: [InteractionNumber: Double], language: String?) {
    var shares: [TextFeature: Share] = [:]
    for feature in TextFeature.allCases {
      guard let sum = InteractionNumber(rawValue: "\(feature.rawValue)_sum"),
        let count = InteractionNumber(rawValue: "\(feature.rawValue)_count"),
        let total = numbers[sum], let units = numbers[count]
      else { continue }
      shares[feature] = Share(sum: total, count: Int(units))
    }
    guard !shares.isEmpty else { return nil }
    self.init(languages: language.map { [$0: 1] } ?? [:], shares: shares)
  }
}
