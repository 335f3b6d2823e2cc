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
  /// Sessions that began in the window, and those of an hour or more.
  package var sessions: Int?
  package var longSessions: Int?
  /// Conversations that began in the window.
  package var conversations: Int?
  /// Messages of the sessions that began in the window.
  package var totals: MessageTotals?
  /// Study days with a session in the window.
  package var activeDays: Int?
  /// Shannon's entropy in bits of the hours of the person's messages: 0 for always the same hour, 4.58
  /// for all alike.
  package var hourEntropy: Double?
  /// The share of the person's messages between 00:00 and 04:00.
  package var nightShare: Double?
  /// Minutes a day more from each covered day of the window to the next, by least squares; nil under
  /// three days.
  package var minutesSlope: Double?
  /// What the words of the conversations measured that began in the window.
  package var measures: TextMeasures?

  /// Exposure of a log with sessions.
  ///
  /// - Parameter coverage: nil for a participant who donated nothing.
  package init(
    conversations: [ConversationFeatures], sessions: [SessionFeatures], window: ExposureWindow,
    coverage: LogCoverage?
  ) {
    self.init(hasLog: coverage != nil)
    guard let coverage else { return }
    let days = window.days.map { day in
      (
        date: day.date, part: day.part, covered: coverage.seconds(of: day.date, in: day.part),
        whole: StudyDay(date: day.date).bounds(in: window.zone)
      )
    }
    coveredDays = days.reduce(0) {
      let length = $1.whole.upperBound.timeIntervalSince($1.whole.lowerBound)
      return $0 + $1.covered / max(length, 1)
    }
    guard coveredDays > 0 else { return }
    let covered = Set(days.filter { $0.covered > 0 }.map(\.date))
    var minutesOfDay: [LocalDate: Double] = [:]
    for session in sessions {
      let span = session.start..<max(session.start, session.end)
      let overlap = span.clamped(to: window.range)
      let starts = window.range.contains(session.start)
      guard starts || !overlap.isEmpty, covered.contains(session.day) else { continue }
      minutesOfDay[session.day, default: 0] +=
        overlap.upperBound.timeIntervalSince(overlap.lowerBound) / 60
    }
    let begun = sessions.filter {
      window.range.contains($0.start) && covered.contains($0.day)
    }
    let threads = conversations.filter {
      guard let start = $0.start, let day = $0.day else { return false }
      return window.range.contains(start) && covered.contains(day)
    }
    minutes = minutesOfDay.values.reduce(0, +)
    minutesPerDay = minutes.map { $0 / coveredDays }
    self.sessions = begun.count
    longSessions = begun.count { $0.minutes >= SessionFeatures.longMinutes }
    self.conversations = threads.count
    totals = begun.reduce(into: MessageTotals()) { $0 += $1.totals }
    activeDays = minutesOfDay.count
    let hours = begun.reduce(into: HourCounts()) { $0 += $1.hours }
    hourEntropy = Self.entropy(hours.counts)
    nightShare = hours.share(of: .night)
    minutesSlope = Self.slope(
      days.filter { $0.covered > 0 }.map {
        (Double($0.date.dayNumber), minutesOfDay[$0.date] ?? 0)
      })
    let measured = threads.compactMap(\.measures)
    if !measured.isEmpty { measures = measured.reduce(TextMeasures(), +) }
  }

  /// Exposure of a log of days: the complete days before the window's end, those with a row.
  package init(days: [DayFeatures], window: ExposureWindow, coverage: LogCoverage?) {
    self.init(hasLog: coverage != nil)
    guard let coverage else { return }
    let whole = Set(
      window.days.filter { $0.part == StudyDay(date: $0.date).bounds(in: window.zone) }
        .map(\.date)
    ).subtracting(coverage.withheld)
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
