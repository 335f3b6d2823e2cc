import Testing

@testable import Delimited

/// SplitMix64 (Steele et al. 2014): the same draws everywhere.
private struct Draws: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite struct NumbersTests {
  private func parse(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      guard
        let (value, next) = NumberParser(decimalMark: UInt8(ascii: ".")).parse(
          base, from: 0, to: buffer.count)
      else { return nil }
      return next == buffer.count ? value : nil
    }
  }

  /// Halfway cases and range ends of Paxson (1991) and of the Java and PHP hangs of 2011.
  @Test(arguments: [
    "0", "-0", "1", "+1", ".5", "5.", "1e5", "1E-5", "0.1", "0.30000000000000004",
    "9007199254740993", "9007199254740992", "1e22", "1e23", "123456789012345678901234567890",
    "2.2250738585072012e-308", "2.2250738585072011e-308", "4.9e-324", "2e-324",
    "1.7976931348623157e308", "1e309", "-1e-400", "6.02214076e23", "0.000000000000000000000001",
    "8.988465674311582e307", "9007199254740993e0", "9007199254740995", "4503599627370497.5",
    "0.000000000000000000012345678901234567", "1e-23", "1448997445238699", "7.2057594037927933e16",
    "9223372036854775807", "18446744073709551615", "9999999999999999999e-5", "1.5e-307",
    "2.2250738585072014e-308", "6929495644600919.5", "3.1415926535897932384626433832795",
    "5708990770823839207320493820740630171355185152e0",
  ]) func agreesWithTheStandardLibrary(text: String) throws {
    let expected = try #require(Double(text))
    #expect(parse(text)?.bitPattern == expected.bitPattern)
  }

  /// Seventeen digits at every power of ten, which the powers' table must round as `strtod` does.
  @Test func roundsCorrectlyAtEveryPowerOfTen() throws {
    var draws = Draws(state: 3)
    for exponent in -345...310 {
      for digits in [
        1_000_000_000_000_000_000, draws.next() >> 1, draws.next() >> 7, 9_007_199_254_740_993,
      ] {
        let text = "\(digits)e\(exponent)"
        #expect(parse(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
      }
    }
  }

  @Test(arguments: ["", "-", "+", ".", "e5", "1e", "1e+", "0x10", "1_000", "1 2", "--1", "1,5"])
  func whatIsNotANumberIsNotRead(text: String) {
    #expect(parse(text) == nil)
  }

  @Test func everyDoubleReadsBackFromItsShortestText() {
    var draws = Draws(state: 7)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: draws.next())
      guard value.isFinite else { continue }
      #expect(parse(DelimitedWriter.shortest(value))?.bitPattern == value.bitPattern)
      let small = (value.truncatingRemainder(dividingBy: 1000) * 1000).rounded() / 1000
      #expect(parse("\(small)")?.bitPattern == small.bitPattern)
    }
  }

  @Test(arguments: [("Inf", Double.infinity), ("-inf", -Double.infinity), ("Infinity", .infinity)])
  func infinitiesAreNumbers(word: String, value: Double) throws {
    let columns = try DelimitedText.readColumns(Array("a,b\n\(word),1\n2,1\n".utf8))
    #expect(columns[0].values == .number([value, 2]))
  }

  @Test func spacesAroundANumberDoNotMatter() throws {
    let columns = try DelimitedText.readColumns(Array("a,b\n 1.5 ,\" 2\"\n".utf8))
    #expect(columns.map(\.values) == [.number([1.5]), .number([2])])
  }
}
