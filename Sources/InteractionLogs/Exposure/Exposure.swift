internal import Foundation
internal import LocalTime

/// Use of AI systems over a window before an occasion.
///
/// Not donated (`hasLog` is false), not covered and withheld (`coveredDays` is smaller than the
/// window) and truly nothing done are different things, and only the last is 0: where no part of the
/// window is covered, every number is nil.
package struct Exposure: Hashable, Sendable {
  /// Whether the participant donated a log at all.
  package var hasLog: Bool
  /// Days of the window that are covered; a day that the window or the coverage cuts counts in part.
  package var coveredDays: Double
  /// Minutes of sessions within the window, and by covered day.
  package var minutes: Double?
  package var minutesPerDay: Double?
  /// Sessions that began in the window, and those of an hour or more within it.
  package var sessions: Int?
  package var longSessions: Int?
  /// Conversations that began in the window.
  package var conversations: Int?
  /// Messages of the sessions that ended in the window: each session counts once, and never before it is over.
  package var totals: MessageTotals?
  /// Study days with a session in the window.
  package var activeDays: Int?
  /// Shannon's entropy in bits of the hours of the person's messages, of the same sessions: 0 for always the same
  /// hour, 4.58 for all alike.
  package var hourEntropy: Double?
  /// The share of the person's messages between 00:00 and 04:00, of the same sessions.
  package var nightShare: Double?
  /// Minutes a day more from each study day to the next, by least squares over those that lie in the window and
  /// are covered whole; nil under three of them.
  package var minutesSlope: Double?
  /// What the words of the conversations measured whose last message is in the window.
  package var measures: TextMeasures?

  /// Exposure of a log with times. Nothing after the window counts: what is still going on at its end is not in
  /// the numbers of messages and words.
  ///
  /// - Parameters:
  ///   - coverage: nil for a participant who donated nothing.
  ///   - capabilities: what the sources of the window give, all of them.
  package init(
    conversations: [ConversationFeatures], sessions: [SessionFeatures], window: ExposureWindow,
    coverage: LogCoverage?, capabilities: Set<LogCapability> = Set(LogCapability.allCases)
  ) {
    self.init(hasLog: coverage != nil)
    guard let coverage else { return }
    let days = window.days.map { CoveredDay(of: $0.date, part: $0.part, coverage, in: window.zone) }
    coveredDays = days.reduce(0) { $0 + $1.share }
    guard coveredDays > 0 else { return }
    let covered = days.filter { $0.seconds > 0 }
    if capabilities.contains(.conversations) {
      self.conversations = conversations.count { covered.hold($0.start) }
    }
    let measured = conversations.filter { covered.hold($0.end) }.compactMap(\.measures)
    if !measured.isEmpty { measures = measured.reduce(TextMeasures(), +) }
    guard capabilities.contains(.minutes) else { return }
    addSessions(sessions, days: covered, upTo: window.range.upperBound)
  }

  /// A study day of the window.
  fileprivate struct CoveredDay {
    let date: LocalDate
    /// What of it is in the window.
    let part: Range<Date>
    /// Covered seconds of the part.
    let seconds: Double
    /// Covered days: a part of one.
    let share: Double
    /// Whether it lies in the window, and is covered, from its beginning to its end.
    let isWhole: Bool

    init(of date: LocalDate, part: Range<Date>, _ coverage: LogCoverage, in zone: TimeZone) {
      let bounds = StudyDay(date: date).bounds(in: zone)
      let length = bounds.upperBound.timeIntervalSince(bounds.lowerBound)
      self.date = date
      self.part = part
      seconds = coverage.seconds(of: date, in: part)
      share = seconds / max(length, 1)
      isWhole = part == bounds && seconds >= length
    }
  }

  private mutating func addSessions(
    _ sessions: [SessionFeatures], days: [CoveredDay], upTo end: Date
  ) {
    var minutesOfDay: [LocalDate: Double] = [:]
    // By the day that the minutes are on: a session can begin on the one before.
    for session in sessions {
      let span = session.start..<max(session.start, session.end)
      for day in days {
        let overlap = span.clamped(to: day.part)
        guard !overlap.isEmpty || day.part.contains(session.start) else { continue }
        minutesOfDay[day.date, default: 0] +=
          overlap.upperBound.timeIntervalSince(overlap.lowerBound) / 60
      }
    }
    let begun = sessions.filter { days.hold($0.start) }
    let ended = sessions.filter { days.hold($0.end) }
    let sum = minutesOfDay.values.sorted().reduce(0, +)
    minutes = sum
    minutesPerDay = sum / coveredDays
    self.sessions = begun.count
    longSessions = begun.count {
      min($0.end, end).timeIntervalSince($0.start) / 60 >= SessionFeatures.longMinutes
    }
    totals = ended.reduce(into: MessageTotals()) { $0 += $1.totals }
    activeDays = minutesOfDay.count
    let hours = ended.reduce(into: HourCounts()) { $0 += $1.hours }
    hourEntropy = Self.entropy(hours.counts)
    nightShare = hours.share(of: .night)
    minutesSlope = Self.slope(
      days.filter(\.isWhole).map { (Double($0.date.dayNumber), minutesOfDay[$0.date] ?? 0) })
  }

  /// Exposure of a log of days: as many complete days before the window's end as the window is long, those with a
  /// row; nothing for a window of hours.
  ///
  /// - Parameter days: each date once.
  package init(days: [DayFeatures], window: ExposureWindow, coverage: LogCoverage?) {
    self.init(hasLog: coverage != nil)
    guard let coverage else { return }
    let whole = Set(window.completeDays).subtracting(coverage.withheld)
    let rows = days.filter { whole.contains($0.date) && $0.minutes != nil }
      .sorted { $0.date < $1.date }
    coveredDays = Double(rows.count)
    guard !rows.isEmpty else { return }
    let sum = rows.reduce(0) { $0 + ($1.minutes ?? 0) }
    minutes = sum
    minutesPerDay = sum / coveredDays
    activeDays = rows.count { ($0.minutes ?? 0) > 0 }
    let counts = rows.compactMap(\.sessions)
    sessions = counts.count == rows.count ? counts.reduce(0, +) : nil
    minutesSlope = Self.slope(rows.map { (Double($0.date.dayNumber), $0.minutes ?? 0) })
  }

  private init(hasLog: Bool) {
    self.hasLog = hasLog
    coveredDays = 0
  }

  private static func entropy(_ counts: [Int]) -> Double? {
    let all = counts.reduce(0, +)
    guard all > 0 else { return nil }
    return counts.filter { $0 > 0 }.reduce(0) {
      let share = Double($1) / Double(all)
      return $0 - share * log2(share)
    }
  }

  private static func slope(_ points: [(x: Double, y: Double)]) -> Double? {
    guard points.count >= 3 else { return nil }
    let count = Double(points.count)
    let meanX = points.reduce(0) { $0 + $1.x } / count
    let meanY = points.reduce(0) { $0 + $1.y } / count
    let squares = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    let products = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
    return products / squares
  }
}

extension [Exposure.CoveredDay] {
  /// Whether a moment is in the part of one of them.
  fileprivate func hold(_ moment: Date?) -> Bool {
    guard let moment else { return false }
    return contains { $0.part.contains(moment) }
  }
}
