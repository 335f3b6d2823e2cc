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

  /// The value of a column for an occasion.
  func result(_ name: ExposureName, for row: OccasionRow) -> Result {
    guard let window = window(of: name, for: row) else { return Result(reason: .notApplicable) }
    guard let own = logs[row.occasion.pseudonym] else {
      switch name.feature.name {
      case "has_log", "covered_days": return Result(value: 0)
      default: return Result(reason: .notDonated)
      }
    }
    let exposure = own.exposure(in: window)
    let withheld = own.withheldDays(in: window)
    if let value = name.feature.value(of: exposure, withheldDays: withheld) {
      return Result(value: value)
    }
    guard exposure.coveredDays == 0 else { return Result(reason: .notDefined) }
    return Result(reason: withheld > 0 ? .withheld : .notCovered)
  }

  /// The time that counts: half-open, and never after the occasion.
  func window(of name: ExposureName, for row: OccasionRow) -> ExposureWindow? {
    let end = row.begun ?? row.occasion.opens
    guard let zone = TimeZone(identifier: row.occasion.zone) else { return nil }
    switch name.window {
    case .day:
      let today = StudyDay(containing: LocalMoment(end, in: zone)).date
      let bounds = StudyDay(date: today.adding(days: -name.lag)).bounds(in: zone)
      var window = ExposureWindow(of: Span(days: 1), before: end, in: zone)
      window.range = bounds.lowerBound..<(name.lag == 0 ? end : bounds.upperBound)
      return window
    case .span, nil:
      var own: Span?
      if case .span(let span) = name.window { own = span }
      let recall = study.occasions.first { $0.id == row.occasion.plan }?.recall
      guard
        let span = ExposureWindow.span(
          column: own, study: study.logs?.exposure, recall: recall)
      else { return nil }
      var window = ExposureWindow(of: span, before: end, in: zone)
      for _ in 0..<name.lag {
        window = ExposureWindow(of: span, before: window.range.lowerBound, in: zone)
      }
      return window
    }
  }
}
