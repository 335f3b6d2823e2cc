import Foundation
import InteractionLogs
import LocalTime

/// A column about use of AI before an occasion, as a plan names it: `exposure.minutes`,
/// `exposure_3d.affect`, `exposure_day.minutes`, `exposure_1d_lag1.minutes`.
///
/// Without a window in the name it is the study's `exposure`, else the recall of the occasion's first
/// instrument that has one. The window ends, and does not hold the moment, where the occasion's session
/// began, or where a missed occasion was to open; `_lag1` is the window of the same length before that.
struct ExposureName: Hashable, Sendable {
  /// The time that the name says; nil for the study's or instrument's.
  enum Window: Hashable, Sendable {
    case span(Span)
    /// The study day of the occasion, from 04:00 to the occasion: what diaries ask about.
    case day
  }

  var window: Window?
  /// How many windows earlier.
  var lag = 0
  var feature: ExposureFeature

  /// Reads a name; nil for one that is about something else or that no feature has.
  init?(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let feature = ExposureFeature.named[String(parts[1])] else {
      return nil
    }
    var words = parts[0].split(separator: "_", omittingEmptySubsequences: false)
    guard words.first == "exposure" else { return nil }
    words.removeFirst()
    self.feature = feature
    if let last = words.last, last.hasPrefix("lag") {
      guard let lag = Int(last.dropFirst(3)), (1...366).contains(lag) else { return nil }
      self.lag = lag
      words.removeLast()
    }
    switch words.count {
    case 0: return
    case 1 where words[0] == "day": window = .day
    case 1:
      guard let span = try? Span.parse(String(words[0])), span != .zero else { return nil }
      window = .span(span)
    default: return nil
    }
  }

  /// Whether a name is meant as one of these, right or wrong.
  static func isMeant(_ name: String) -> Bool {
    name.split(separator: ".").first.map { $0 == "exposure" || $0.hasPrefix("exposure_") } ?? false
  }
}

/// One number of an exposure.
struct ExposureFeature: Hashable, Sendable {
  var name, label, definition: String
  var unit: String?

  /// All of them, in the order of tables.
  static let all: [ExposureFeature] =
    [
      ExposureFeature(
        name: "has_log", label: "log donated",
        definition: "1 if the participant donated a log, else 0"),
      ExposureFeature(
        name: "covered_days", label: "covered days",
        definition:
          "days of the window that a donated log covers and of which the participant kept "
          + "nothing back; a day that is cut counts in part", unit: "days"),
      ExposureFeature(
        name: "withheld_days", label: "withheld days",
        definition: "study days of the window of which the participant keeps something back",
        unit: "days"),
      ExposureFeature(
        name: "minutes", label: "minutes of use",
        definition: "sum of the sessions' minutes within the window", unit: "minutes"),
      ExposureFeature(
        name: "minutes_per_day", label: "minutes of use a day",
        definition: "minutes by covered day", unit: "minutes"),
      ExposureFeature(
        name: "sessions", label: "sessions", definition: "sessions that began in the window"),
      ExposureFeature(
        name: "long_sessions", label: "long sessions",
        definition: "sessions that began in the window, of an hour or more within it"),
      ExposureFeature(
        name: "conversations", label: "conversations",
        definition: "conversations that began in the window"),
      ExposureFeature(
        name: "user_messages", label: "messages of the person",
        definition: "in the sessions that ended in the window: none that is going on at its end"),
      ExposureFeature(
        name: "assistant_messages", label: "answers",
        definition: "in the sessions that ended in the window: none that is going on at its end"),
      ExposureFeature(
        name: "active_days", label: "active days",
        definition: "study days with a session in the window", unit: "days"),
      ExposureFeature(
        name: "hour_entropy", label: "entropy of hours",
        definition: "Shannon entropy of the hours of the person's messages, of the sessions that "
          + "ended in the window", unit: "bits"),
      ExposureFeature(
        name: "night_share", label: "night share",
        definition:
          "share of the person's messages between 00:00 and 04:00, of the sessions that ended "
          + "in the window"),
      ExposureFeature(
        name: "minutes_slope", label: "slope of minutes",
        definition:
          "minutes more from each study day to the next, least squares over the days that lie in the "
          + "window and are covered whole, from 3 on",
        unit: "minutes"),
    ]
    + TextFeature.allCases.map { feature in
      ExposureFeature(
        name: feature.rawValue, label: feature.rawValue.replacing("_", with: " "),
        definition:
          "mean over the conversations whose last message is in the window; a proxy from lists of "
          + "words, see the article on text features")
    }

  static let named = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { $1 })

  /// Its value; nil where it is missing.
  func value(of exposure: Exposure, withheldDays: Int) -> Double? {
    func number(_ value: Int?) -> Double? { value.map(Double.init) }
    switch name {
    case "has_log": return exposure.hasLog ? 1 : 0
    case "covered_days": return exposure.coveredDays
    case "withheld_days": return exposure.hasLog ? Double(withheldDays) : nil
    case "minutes": return exposure.minutes
    case "minutes_per_day": return exposure.minutesPerDay
    case "sessions": return number(exposure.sessions)
    case "long_sessions": return number(exposure.longSessions)
    case "conversations": return number(exposure.conversations)
    case "user_messages": return number(exposure.totals?.userMessages)
    case "assistant_messages": return number(exposure.totals?.assistantMessages)
    case "active_days": return number(exposure.activeDays)
    case "hour_entropy": return exposure.hourEntropy
    case "night_share": return exposure.nightShare
    case "minutes_slope": return exposure.minutesSlope
    default: return TextFeature(rawValue: name).flatMap { exposure.measures?.value(of: $0) }
    }
  }
}
