internal import LocalTime

/// The times of exports: seconds since 1970 as numbers or as text, or ISO 8601 with or without a zone.
enum LogTime {
  /// Before the first of these services, or so far ahead that a clock was wrong, a time is no time:
  /// 2000-01-01 to 2100-01-01. It counts as missing.
  static let plausible = 946_684_800.0..<4_102_444_800.0

  /// What a value says, in seconds since 1970; NaN where it says nothing or nothing plausible.
  ///
  /// Numbers from 10¹¹ on are milliseconds, from 10¹⁴ on microseconds, from 10¹⁷ on nanoseconds.
  static func seconds(_ value: JSONValue, in clock: LocalClock? = nil) -> Double {
    if let number = value.number { return seconds(number) }
    return value.utf8.map { seconds($0, in: clock) } ?? .nan
  }

  /// What a text says; a time without a zone is one of the clock's, or none without a clock.
  static func seconds(_ text: UnsafeBufferPointer<UInt8>, in clock: LocalClock? = nil) -> Double {
    var scanner = Scanner(bytes: text)
    if let time = scanner.calendarTime() {
      guard let offset = scanner.offset() else {
        guard scanner.isAtEnd, let clock else { return .nan }
        return checked(clock.seconds(ofLocal: time))
      }
      return scanner.isAtEnd ? checked(time - offset) : .nan
    }
    guard text.count <= 32 else { return .nan }
    return seconds(Double(String(decoding: text, as: UTF8.self)) ?? .nan)
  }

  private static func seconds(_ number: Double) -> Double {
    switch abs(number) {
    case 1e17...: checked(number / 1e9)
    case 1e14...: checked(number / 1e6)
    case 1e11...: checked(number / 1e3)
    default: checked(number)
    }
  }

  private static func checked(_ seconds: Double) -> Double {
    plausible.contains(seconds) ? seconds : .nan
  }

  /// Reads fixed-width digits, ASCII only.
  private struct Scanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var place = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func number(_ digits: Int) -> Int? {
      guard bytes.count - place >= digits else { return nil }
      var number = 0
      for byte in bytes[place..<(place + digits)] {
        guard (48...57).contains(byte) else { return nil }
        number = number * 10 + Int(byte - 48)
      }
      place += digits
      return number
    }

    mutating func skip(_ text: StaticString) -> Bool {
      let end = place + text.utf8CodeUnitCount
      guard end <= bytes.count,
        UnsafeBufferPointer(rebasing: bytes[place..<end]) == text
      else { return false }
      place = end
      return true
    }

    /// `2026-03-01T08:00:00.123456` or with a space, or to the minute, as if in UTC.
    mutating func calendarTime() -> Double? {
      guard let year = number(4), skip("-"), let month = number(2), skip("-"),
        let day = number(2), let date = LocalDate(year: year, month: month, day: day),
        skip("T") || skip(" "), let hour = number(2), skip(":"), let minute = number(2),
        hour < 24, minute < 60
      else { return nil }
      var seconds = 0.0
      if skip(":") {
        guard let whole = number(2), whole <= 60 else { return nil }
        seconds = Double(whole)
        if skip(".") {
          var weight = 0.1
          while let digit = number(1) {
            seconds += Double(digit) * weight
            weight /= 10
          }
        }
      }
      return Double(date.dayNumber * 86_400 + hour * 3600 + minute * 60) + seconds
    }

    /// `Z`, ` UTC`, `+02:00`, `+0200`, as seconds east of UTC.
    mutating func offset() -> Double? {
      if skip("Z") || skip(" UTC") || skip("UTC") { return 0 }
      let sign: Double
      if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
      guard let hours = number(2) else { return nil }
      _ = skip(":")
      return sign * Double(hours * 3600 + (number(2) ?? 0) * 60)
    }
  }
}
