/// Decimal text to the nearest double, from bytes.
///
/// Up to 2⁵³ times or over a power of ten up to 10²² the result of one correctly rounded operation
/// on two exact doubles is itself correctly rounded (Clinger 1990, "How to read floating point
/// numbers accurately", PLDI). Up to 19 digits ``PowersOfTen`` rounds correctly too. What is left,
/// subnormal numbers say, goes to the standard library's parser, which is exact and slower.
struct NumberParser: Sendable {
  /// Point or comma.
  let decimalMark: UInt8
  private let powersOfTen = PowersOfTen.shared

  init(decimalMark: UInt8) {
    self.decimalMark = decimalMark
  }

  /// Reads the longest number at `start`; `nil` if none begins there.
  ///
  /// Grammar: `[+-] digits [mark digits] [(e|E) [+-] digits]` with a digit on at least one side of
  /// the mark. No spaces, no hexadecimal, no infinities: see ``parseWord(_:)``.
  ///
  /// - Returns: the value, and the position of the first byte after it.
  @inline(__always)
  func parse(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> (value: Double, next: Int)? {
    var position = start
    var isNegative = false
    if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+")
    {
      isNegative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    let firstDigit = position
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    while position < end {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      digits += 1
      position += 1
    }
    if position < end, bytes[position] == decimalMark {
      position += 1
      let firstFraction = position
      while position < end {
        let digit = bytes[position] &- UInt8(ascii: "0")
        guard digit < 10 else { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        position += 1
      }
      exponent = firstFraction - position
      digits -= exponent
    }
    guard digits > 0 else { return nil }
    if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
      guard let (power, next) = parseExponent(bytes, from: position + 1, to: end) else {
        return nil
      }
      exponent += power
      position = next
    }
    if digits > 19 { digits -= leadingZeros(bytes, from: firstDigit, to: position) }
    // 19 digits always fit 64 bits; with more, the mantissa has wrapped.
    if digits <= 19, mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      let magnitude =
        exponent < 0
        ? Double(mantissa) / Self.power(-exponent) : Double(mantissa) * Self.power(exponent)
      return (isNegative ? -magnitude : magnitude, position)
    }
    if digits <= 19, let magnitude = powersOfTen.product(mantissa, exponent: exponent) {
      return (isNegative ? -magnitude : magnitude, position)
    }
    return slowValue(bytes, from: start, to: position).map { ($0, position) }
  }

  /// How many digits before the first that is not zero.
  private func leadingZeros(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int {
    var count = 0
    for position in start..<end {
      if bytes[position] == UInt8(ascii: "0") {
        count += 1
      } else if bytes[position] != decimalMark {
        break
      }
    }
    return count
  }

  /// Reads `[+-] digits`; the value is clamped, as no double needs more than four digits.
  private func parseExponent(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> (value: Int, next: Int)? {
    var position = start
    var isNegative = false
    if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+")
    {
      isNegative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    let first = position
    var value = 0
    while position < end {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      value = min(value * 10 + Int(digit), 1_000_000)
      position += 1
    }
    return position > first ? (isNegative ? -value : value, position) : nil
  }

  /// The standard library's value for text whose grammar has been checked.
  @inline(never)
  private func slowValue(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Double? {
    let text = UnsafeBufferPointer(start: bytes + start, count: end - start)
    guard decimalMark != UInt8(ascii: ".") else {
      return Double(String(decoding: text, as: UTF8.self))
    }
    let pointed = text.map { $0 == decimalMark ? UInt8(ascii: ".") : $0 }
    return Double(String(decoding: pointed, as: UTF8.self))
  }

  /// The infinities, as R, pandas and C write them, in any case.
  func parseWord(_ cell: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let first = cell.first, cell.count <= 9 else { return nil }
    let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    let word = String(decoding: cell.dropFirst(isSigned ? 1 : 0), as: UTF8.self).lowercased()
    guard word == "inf" || word == "infinity" else { return nil }
    return first == UInt8(ascii: "-") ? -Double.infinity : .infinity
  }

  /// 10ⁿ for 0 ≤ n ≤ 22, the powers of ten that a double holds exactly.
  @inline(__always)
  private static func power(_ exponent: Int) -> Double {
    powers[exponent]
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
