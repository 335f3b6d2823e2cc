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
  private let days: [DayFeatures]
  private let coverage: LogCoverage
  /// Whether all that was donated are days, without times.
  private let isDaily: Bool

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
    days = logs.rows.days.filter { !$0.isWithheld }.compactMap { row in
      guard let date = LocalDate(row.day) else { return nil }
      var day = DayFeatures(date: date)
      day.minutes = row.numbers[.minutes]
      day.sessions = row.numbers[.sessions].map { Int($0) }
      return day
    }
    coverage = LogCoverage(
      accounts: logs.donations.compactMap { donation in
        donation.coveredFrom.map { $0..<max($0, donation.coveredUntil) }
      },
      withheld: Set(
        logs.rows.days.filter(\.isWithheldInPart).compactMap { LocalDate($0.day) }))
    isDaily = logs.donations.allSatisfy(\.isDaily)
  }

  func exposure(in window: ExposureWindow) -> Exposure {
    isDaily
      ? Exposure(days: days, window: window, coverage: coverage)
      : Exposure(
        conversations: conversations, sessions: sessions, window: window, coverage: coverage)
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
