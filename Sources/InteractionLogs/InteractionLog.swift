package import Foundation
package import LocalTime

/// What an export comes to: numbers and times of conversations, sessions and days. There is no text in
/// it, and none is kept anywhere else.
///
/// What the source cannot give is nil, and never 0.
package struct InteractionLog: Sendable {
  package var source: LogSource
  /// The zone whose clocks its days go by.
  package var zone: TimeZone
  /// The pause after which a session has ended, in minutes.
  package var gapMinutes: Int
  /// The first and last message, or first and last day of a log of days.
  package var from: Date?
  package var to: Date?
  /// In order of their beginning, those without a time last.
  package var conversations: [ConversationFeatures]?
  package var sessions: [SessionFeatures]?
  /// Days with something on them, in order.
  package var days: [DayFeatures]?
  /// Sums over all messages.
  package var totals: MessageTotals?
  package var regenerations: Int?
  package var edits: Int?
  package var interruptions: Int?
  package var missingTimes: Int?
  /// Entries that are not counted, by reason.
  package var skipped: [SkipReason: Int]
  /// What the words of all conversations measured.
  package var measures: TextMeasures?
  /// What it was put together from.
  let pieces: LogPieces

  /// The keys of the conversations that have something on one of these study days.
  package func keys(touching days: Set<LocalDate>) -> Set<[UInt8]> {
    guard !days.isEmpty else { return [] }
    return Set(
      pieces.conversations.filter { !$0.touched.isDisjoint(with: days) }.map(\.features.key))
  }

  /// A log of days without those that are not over at a moment; others as they are.
  package func complete(at now: Date) -> InteractionLog {
    guard source == .days else { return self }
    var log = self
    log.days = days?.filter { StudyDay(date: $0.date).bounds(in: zone).upperBound <= now }
    log.from = log.days?.first.map { StudyDay(date: $0.date).bounds(in: zone).lowerBound }
    log.to = log.days?.last.map { StudyDay(date: $0.date).bounds(in: zone).upperBound }
    return log
  }

  /// The same log without some of its conversations, as if they had never been held, but for two things: the time
  /// that it covers stays, and each day that they touched says how many they were.
  ///
  /// - Parameter keys: ``ConversationFeatures/key`` of each.
  package func leavingOut(_ keys: Set<[UInt8]>) -> InteractionLog {
    guard !keys.isEmpty else { return self }
    var log = pieces.log(leavingOut: keys)
    (log.from, log.to) = (from, to)
    let out = pieces.conversations.filter { keys.contains($0.features.key) }
    var counts: [LocalDate: Int] = [:]
    for conversation in out {
      for date in conversation.touched { counts[date, default: 0] += 1 }
    }
    var days = Dictionary(
      (log.days ?? []).map { ($0.date, $0) }, uniquingKeysWith: { $1 })
    for (date, count) in counts {
      days[date, default: DayFeatures(date: date)].leftOut = count
    }
    if log.days != nil { log.days = days.values.sorted { $0.date < $1.date } }
    return log
  }
}

/// How an export is read.
package struct LogOptions: Sendable {
  /// The zone of the person's clocks.
  package var zone: TimeZone
  /// Minutes of pause after which a session has ended: 60, after which people have done something else,
  /// or 30, which web analytics use.
  package var gapMinutes: Int
  /// Reads the words; nil where only the structure is wanted.
  package var text: TextReader?
  package var limits: LogLimits

  /// Options.
  package init(
    zone: TimeZone, gapMinutes: Int = 60, text: TextReader? = nil, limits: LogLimits = LogLimits()
  ) {
    self.zone = zone
    self.gapMinutes = gapMinutes
    self.text = text
    self.limits = limits
  }
}
