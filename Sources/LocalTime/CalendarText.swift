// ISO 8601 text of dates and times of day: what files, pages and tables carry.

extension LocalDate: CustomStringConvertible, Codable {
  /// `2026-03-29`.
  package var description: String {
    var writer = DigitWriter()
    writer.write(self)
    return writer.text
  }

  /// Reads `2026-03-29`, and only this form.
  package init?(_ text: String) {
    var scanner = DigitScanner(text)
    guard let year = scanner.number(digits: 4), scanner.skip("-"),
      let month = scanner.number(digits: 2), scanner.skip("-"),
      let day = scanner.number(digits: 2), scanner.isAtEnd
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Reads the ISO 8601 text.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let date = LocalDate(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a date")
    }
    self = date
  }

  /// Writes the ISO 8601 text.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension ClockTime: CustomStringConvertible, Codable {
  /// `09:00`, or `09:00:30` when the seconds matter.
  package var description: String {
    var writer = DigitWriter()
    writer.write(self, withSeconds: second != 0)
    return writer.text
  }

  /// `09:00:00`, always with seconds.
  package var fullDescription: String {
    var writer = DigitWriter()
    writer.write(self, withSeconds: true)
    return writer.text
  }

  /// Reads `09:00` or `09:00:30`, and only these forms.
  package init?(_ text: String) {
    var scanner = DigitScanner(text)
    guard let time = scanner.clockTime(), scanner.isAtEnd else { return nil }
    self = time
  }

  /// Reads the ISO 8601 text.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let time = ClockTime(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time of day")
    }
    self = time
  }

  /// Writes the ISO 8601 text.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Writes fixed-width digits and separators, a byte each: a plan of a hundred occasions has a hundred local
/// times, and putting texts together took half as long as planning.
struct DigitWriter {
  private var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(24) }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// A number from 0 on with leading zeros, of exactly so many digits.
  mutating func write(_ number: Int, digits: Int) {
    let end = bytes.count
    var rest = number
    for _ in 0..<digits {
      bytes.insert(UInt8(ascii: "0") + UInt8(rest % 10), at: end)
      rest /= 10
    }
  }

  mutating func write(_ separator: Unicode.Scalar) { bytes.append(UInt8(ascii: separator)) }

  /// `2026-03-29`.
  mutating func write(_ date: LocalDate) {
    write(date.year, digits: 4)
    write("-")
    write(date.month, digits: 2)
    write("-")
    write(date.day, digits: 2)
  }

  /// `2026-03-29T08:00:00`.
  mutating func write(_ date: LocalDate, _ time: ClockTime) {
    write(date)
    write("T")
    write(time, withSeconds: true)
  }

  /// `09:00` or `09:00:30`.
  mutating func write(_ time: ClockTime, withSeconds: Bool) {
    write(time.hour, digits: 2)
    write(":")
    write(time.minute, digits: 2)
    guard withSeconds else { return }
    write(":")
    write(time.second, digits: 2)
  }
}

/// Reads fixed-width digits and separators, ASCII only, from the front of a text.
struct DigitScanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  /// A number of exactly so many digits.
  mutating func number(digits: Int) -> Int? {
    guard rest.count >= digits else { return nil }
    var number = 0
    for byte in rest.prefix(digits) {
      guard (48...57).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 48)
    }
    rest = rest.dropFirst(digits)
    return number
  }

  /// A number of any length up to the digits that fit without overflow.
  mutating func number(atMost digits: Int) -> Int? {
    let count = rest.prefix { (48...57).contains($0) }.count
    guard (1...digits).contains(count) else { return nil }
    return number(digits: count)
  }

  /// Moves over a character when it comes next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let byte = rest.first, UInt32(byte) == character.value else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// `HH:MM` or `HH:MM:SS`.
  mutating func clockTime() -> ClockTime? {
    guard let hour = number(digits: 2), skip(":"), let minute = number(digits: 2) else {
      return nil
    }
    guard skip(":") else { return ClockTime(hour: hour, minute: minute) }
    guard let second = number(digits: 2) else { return nil }
    return ClockTime(hour: hour, minute: minute, second: second)
  }
}
