/// Decimal to binary without long arithmetic: w × 10^q for a 64-bit w, correctly rounded.
///
/// The algorithm of Eisel and Lemire (Lemire 2021, "Number parsing at a gigabyte per second",
/// Software: Practice and Experience 51, 1700-1727), which needs 128 bits of each power of five;
/// Mushtak and Lemire (2023, same journal) show that those always suffice for doubles. The powers
/// are computed once, exactly, when the first reader is made.
struct PowersOfTen: Sendable {
  /// Below the first, every 64-bit w gives 0; above the last, infinity.
  private static let exponents = -342...308

  /// High and low words of the leading 128 bits of 5^q, q ascending: cut off for q ≥ 0 and for
  /// q < −27, rounded up between, where the quotient is used for exact halves.
  private let words: [UInt64]

  /// The table, computed on first use.
  static let shared = PowersOfTen()

  private init() {
    var negative: [(high: UInt64, low: UInt64)] = []
    // 2^1152 / 5^342 has more than 128 bits, and cutting off after each division is cutting off once.
    var quotient = LongNumber(powerOfTwo: 1152)
    for power in 1...342 {
      quotient.divideByFive()
      var (high, low) = quotient.leadingBits
      if power <= 27 {
        let (sum, carries) = low.addingReportingOverflow(1)
        low = sum
        high += carries ? 1 : 0
      }
      negative.append((high, low))
    }
    var positive: [(high: UInt64, low: UInt64)] = []
    var product = LongNumber(powerOfTwo: 0)
    for _ in 0...308 {
      positive.append(product.leadingBits)
      product.multiplyByFive()
    }
    words = (negative.reversed() + positive).flatMap { [$0.high, $0.low] }
  }

  /// w × 10^q rounded to the nearest double, halves to even; `nil` for what is not a normal double.
  @inline(__always)
  func product(_ significand: UInt64, exponent: Int) -> Double? {
    guard significand != 0, Self.exponents.contains(exponent) else { return nil }
    let shifted = significand.leadingZeroBitCount
    let normal = significand << UInt64(shifted)
    let index = 2 * (exponent - Self.exponents.lowerBound)
    var (high, low) = normal.multipliedFullWidth(by: words[index])
    // 55 bits decide the rounding; if those after them are all ones, the low word may carry.
    if high & 0x1FF == 0x1FF {
      let correction = normal.multipliedFullWidth(by: words[index + 1]).high
      let (sum, carries) = low.addingReportingOverflow(correction)
      low = sum
      if carries { high &+= 1 }
    }
    let upper = Int(high >> 63)
    let shift = UInt64(upper + 9)
    var mantissa = high >> shift
    // floor(q · log2(10)) by a fraction of 2^16 that is exact over the whole range.
    var power = ((217_706 * exponent) >> 16) + 63 + upper - shifted + 1023
    guard power > 0, power < 2046 else { return nil }
    // Exactly half way is possible for these exponents only; then an odd neighbour must not win.
    if low <= 1, (-4...23).contains(exponent), mantissa & 3 == 1, mantissa << shift == high {
      mantissa &= ~1
    }
    mantissa += mantissa & 1
    mantissa >>= 1
    if mantissa >= 1 << 53 {
      mantissa = 1 << 52
      power += 1
    }
    return Double(bitPattern: UInt64(power) << 52 | mantissa & ~(1 << 52))
  }
}

/// A whole number of up to 1,184 bits, for computing the table of powers.
private struct LongNumber {
  /// Least significant first.
  private var words = [UInt32](repeating: 0, count: 37)

  init(powerOfTwo exponent: Int) {
    words[exponent / 32] = 1 << UInt32(exponent % 32)
  }

  mutating func divideByFive() {
    var rest: UInt64 = 0
    for index in words.indices.reversed() {
      let value = rest << 32 | UInt64(words[index])
      words[index] = UInt32(value / 5)
      rest = value % 5
    }
  }

  mutating func multiplyByFive() {
    var carry: UInt64 = 0
    for index in words.indices {
      let value = UInt64(words[index]) * 5 + carry
      words[index] = UInt32(truncatingIfNeeded: value)
      carry = value >> 32
    }
  }

  /// The leading 128 bits, with zeros after them if there are fewer.
  var leadingBits: (high: UInt64, low: UInt64) {
    let top = words.lastIndex { $0 != 0 } ?? 0
    let length = top * 32 + 32 - words[top].leadingZeroBitCount
    func word(endingAt end: Int) -> UInt64 {
      (0..<64).reduce(0) { bits, offset in
        let position = end - 1 - offset
        let bit = position < 0 ? 0 : words[position / 32] >> UInt32(position % 32) & 1
        return bits << 1 | UInt64(bit)
      }
    }
    return (word(endingAt: length), word(endingAt: length - 64))
  }
}
