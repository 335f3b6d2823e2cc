import LocalTime

/// How a date is written: `dd.MM.yyyy HH:mm`, `M/d/yyyy h:mm a`.
///
/// A field of two letters or four is so many digits; a single letter is one digit or two. `H` counts
/// hours from 0 to 23, `h` from 1 to 12 with `a` for AM or PM.
struct DateLayout: Hashable, Sendable {
  private enum Piece: Hashable {
    case field(Character, digits: ClosedRange<Int>)
    case half
    case mark(Character)
  }

  private let pieces: [Piece]
  /// As it was written.
  let pattern: String

  /// - Returns: `nil` where year, month or day do not stand there exactly once, or a letter is unknown.
  init?(_ pattern: String) {
    let widths: [Character: [Int]] = [
      "y": [4], "M": [1, 2], "d": [1, 2], "H": [1, 2], "h": [1, 2], "m": [1, 2], "s": [1, 2],
    ]
    var pieces: [Piece] = []
    var seen: Set<Character> = []
    var rest = pattern[...]
    while let letter = rest.first {
      let count = rest.prefix { $0 == letter }.count
      if let known = widths[letter] {
        guard known.contains(count), seen.insert(letter).inserted else { return nil }
        pieces.append(.field(letter, digits: count == 1 ? 1...2 : count...count))
        rest = rest.dropFirst(count)
      } else if letter == "a" {
        guard count == 1, seen.insert(letter).inserted else { return nil }
        pieces.append(.half)
        rest = rest.dropFirst()
      } else {
        guard !letter.isLetter || letter == "T", !letter.isNumber else { return nil }
        pieces.append(.mark(letter))
        rest = rest.dropFirst()
      }
    }
    guard seen.isSuperset(of: ["y", "M", "d"]), seen.contains("h") == seen.contains("a"),
      !(seen.contains("h") && seen.contains("H"))
    else { return nil }
    self.pieces = pieces
    self.pattern = pattern
  }

  /// The date and time of a text; `nil` for a time where the layout has no hour.
  func read(_ text: String) -> (date: LocalDate, time: ClockTime?)? {
    var values: [Character: Int] = [:]
    var isAfternoon: Bool?
    var rest = text[...]
    for piece in pieces {
      switch piece {
      case .field(let letter, let digits):
        let found = rest.prefix(digits.upperBound).prefix { $0.isASCII && $0.isWholeNumber }
        guard digits.contains(found.count), let value = Int(found) else { return nil }
        values[letter] = value
        rest = rest.dropFirst(found.count)
      case .half:
        switch rest.prefix(2).uppercased() {
        case "AM": isAfternoon = false
        case "PM": isAfternoon = true
        default: return nil
        }
        rest = rest.dropFirst(2)
      case .mark(let mark):
        guard rest.first == mark else { return nil }
        rest = rest.dropFirst()
      }
    }
    guard rest.isEmpty, let year = values["y"], let month = values["M"], let day = values["d"],
      let date = LocalDate(year: year, month: month, day: day)
    else { return nil }
    var hour = values["H"]
    if let half = values["h"], let isAfternoon {
      guard (1...12).contains(half) else { return nil }
      hour = half % 12 + (isAfternoon ? 12 : 0)
    }
    guard let hour else { return (date, nil) }
    guard
      let time = ClockTime(hour: hour, minute: values["m"] ?? 0, second: values["s"] ?? 0)
    else { return nil }
    return (date, time)
  }
}
