import Foundation
import LocalTime

/// How a date is written: `dd.MM.yyyy HH:mm`. Digits are read as many as letters stand there.
struct DateLayout {
  private let pattern: [Character]

  /// - Returns: `nil` where year, month or day do not stand there exactly once, or a letter is unknown.
  init?(_ pattern: String) {
    let fields = ["yyyy", "MM", "dd"]
    var rest = pattern
    for field in fields + ["HH", "mm", "ss"] {
      let count = rest.components(separatedBy: field).count - 1
      guard count <= 1, count == 1 || !fields.contains(field) else { return nil }
      rest = rest.replacingOccurrences(of: field, with: "")
    }
    guard !rest.contains(where: { $0.isLetter && $0 != "T" || $0.isNumber }) else { return nil }
    self.pattern = Array(pattern)
  }

  /// The date and time of a text; noon where the layout has no hour.
  func read(_ text: String) -> (LocalDate, ClockTime)? {
    let characters = Array(text)
    guard characters.count == pattern.count else { return nil }
    var values: [Character: Int] = [:]
    for (letter, character) in zip(pattern, characters) {
      guard "yMdHms".contains(letter) else {
        guard letter == character else { return nil }
        continue
      }
      guard character.isASCII, let digit = character.wholeNumberValue else { return nil }
      values[letter] = (values[letter] ?? 0) * 10 + digit
    }
    guard let year = values["y"], let month = values["M"], let day = values["d"],
      let date = LocalDate(year: year, month: month, day: day),
      let time = ClockTime(
        hour: values["H"] ?? 12, minute: values["m"] ?? 0, second: values["s"] ?? 0)
    else { return nil }
    return (date, time)
  }
}

extension AnswerMap {
  /// The moment that a cell says, by the clocks of the map's zone; noon of a date without a time.
  func moment(_ cell: String) -> Date? {
    if let dateFormat {
      guard let (date, time) = DateLayout(dateFormat)?.read(cell) else { return nil }
      return resolve(date, time, in: zone).instant
    }
    if let date = LocalDate(cell), let noon = ClockTime(hour: 12, minute: 0, second: 0) {
      return resolve(date, noon, in: zone).instant
    }
    return try? instant(iso8601: cell, in: zone)
  }
}
