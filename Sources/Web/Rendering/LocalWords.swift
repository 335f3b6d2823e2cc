import Foundation
import LocalTime

/// Moments, numbers and languages as people of a language and a time zone read them.
struct LocalWords: Sendable {
  let language: String
  let zone: TimeZone

  /// Plain English has no country: its dates are written as most of the world writes them.
  private var locale: Locale { Locale(identifier: language == "en" ? "en-GB" : language) }

  /// A date with its weekday and the time: `Thursday 14 January at 18:00`.
  func moment(_ date: Date) -> String {
    date.formatted(
      Date.FormatStyle(locale: locale, timeZone: zone)
        .weekday(.wide).day().month(.wide).hour().minute())
  }

  /// A day with its weekday: `Thursday, 14 January 2027`.
  func day(_ day: LocalDate) -> String {
    noon(of: day).formatted(
      Date.FormatStyle(locale: locale, timeZone: zone)
        .weekday(.wide).day().month(.wide).year())
  }

  /// A day's month: `January 2027`.
  func month(of day: LocalDate) -> String {
    noon(of: day).formatted(
      Date.FormatStyle(locale: locale, timeZone: zone).month(.wide).year())
  }

  private func noon(of day: LocalDate) -> Date {
    resolve(day, ClockTime(secondOfDay: 43_200), in: zone).instant
  }

  /// The name of a language in this one: `Dutch` for `nl`.
  func name(ofLanguage code: String) -> String {
    locale.localizedString(forIdentifier: code) ?? code
  }

  /// A number with as many digits after the point as it needs, two at most.
  func number(_ value: Double) -> String {
    value.formatted(.number.precision(.fractionLength(0...2)).locale(locale))
  }

  /// A whole number.
  func number(_ value: Int) -> String { value.formatted(.number.locale(locale)) }

  /// The name of the zone as people choose it from a list: `Europe/Amsterdam`.
  var zoneName: String { zone.identifier }

  /// What a language calls itself.
  static func name(ofLanguage language: String) -> String {
    Locale(identifier: language).localizedString(forIdentifier: language) ?? language
  }
}
