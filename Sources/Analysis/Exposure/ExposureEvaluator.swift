import Foundation
import InteractionLogs
import LocalTime
import Storage
import Studies
import Tables

/// Computes what the donated logs say about the time before each occasion.
struct ExposureEvaluator: Sendable {
  private let logs: [String: ExposureLogs]
  private let study: StudyOutline

  init(_ logs: [ParticipantLogs], study: StudyOutline) {
    self.logs = Dictionary(
      logs.map { ($0.pseudonym, ExposureLogs($0)) }, uniquingKeysWith: { $1 })
    self.study = study
  }

  /// A value, and where there is none, why.
  struct Result {
    var value: Double?
    var reason: Tables.MissingReason?
  }

  /// What is known of one window before an occasion: every feature is read from it.
  enum Known {
    /// Nothing says how long the window is.
    case noWindow
    case notDonated
    case exposure(Exposure, withheldDays: Int)

    func result(of feature: ExposureFeature) -> Result {
      switch self {
      case .noWindow: return Result(reason: .notApplicable)
      case .notDonated:
        switch feature.name {
        case "has_log", "covered_days": return Result(value: 0)
        default: return Result(reason: .notDonated)
        }
      case .exposure(let exposure, let withheld):
        if let value = feature.value(of: exposure, withheldDays: withheld) {
          return Result(value: value)
        }
        guard exposure.coveredDays == 0 else { return Result(reason: .notDefined) }
        return Result(reason: withheld > 0 ? .withheld : .notCovered)
      }
    }
  }

  /// The value of a column for an occasion.
  func result(_ name: ExposureName, for row: OccasionRow) -> Result {
    known(name.window, lag: name.lag, for: row).result(of: name.feature)
  }

  /// What is known of the window of a column, so many windows earlier.
  func known(_ window: ExposureName.Window?, lag: Int = 0, for row: OccasionRow) -> Known {
    guard let window = self.window(window, lag: lag, for: row) else { return .noWindow }
    guard let own = logs[row.occasion.pseudonym] else { return .notDonated }
    return .exposure(own.exposure(in: window), withheldDays: own.withheldDays(in: window))
  }

  /// The time that counts: half-open, and never after the occasion.
  private func window(
    _ window: ExposureName.Window?, lag: Int, for row: OccasionRow
  ) -> ExposureWindow? {
    let end = row.begun ?? row.occasion.opens
    guard let zone = TimeZone(identifier: row.occasion.zone) else { return nil }
    switch window {
    case .day:
      let today = StudyDay(containing: LocalMoment(end, in: zone)).date
      let bounds = StudyDay(date: today.adding(days: -lag)).bounds(in: zone)
      var window = ExposureWindow(of: Span(days: 1), before: end, in: zone)
      window.range = bounds.lowerBound..<(lag == 0 ? end : bounds.upperBound)
      return window
    case .span, nil:
      var own: Span?
      if case .span(let span) = window { own = span }
      let recall = study.occasions.first { $0.id == row.occasion.plan }?.recall
      guard
        let span = ExposureWindow.span(
          column: own, study: study.logs?.exposure, recall: recall)
      else { return nil }
      var window = ExposureWindow(of: span, before: end, in: zone)
      for _ in 0..<lag {
        window = ExposureWindow(of: span, before: window.range.lowerBound, in: zone)
      }
      return window
    }
  }
}
