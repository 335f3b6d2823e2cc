/// e^x of four numbers that are not positive, to within two units in the last place.
///
/// Four at once take less than half the time of four calls of the system's function. x = k log 2 + r
/// with whole k, log 2 in two parts (Cody & Waite 1980, *Software Manual for the Elementary
/// Functions*, chapter 6), and a Taylor series of degree 13 in |r| ≤ log(2)/2.
///
/// - Parameter numbers: Not positive; below -708 the result is that of -708, about 3e-308.
@inline(__always)
func exponential(ofNonPositive numbers: SIMD4<Double>) -> SIMD4<Double> {
  let clamped = numbers.replacing(with: -708, where: numbers .< -708)
  // Adding 1.5 · 2⁵² rounds to a whole number and leaves it in the low bits.
  let shifter = SIMD4<Double>(repeating: 0x1.8p52)
  let shifted = clamped * 0x1.71547652b82fep0 + shifter
  let whole = shifted - shifter
  let r = (clamped - whole * 0x1.62e42feep-1) - whole * 0x1.a39ef35793c76p-33
  var series = SIMD4<Double>(repeating: 1.0 / 6_227_020_800)
  series = series * r + 1.0 / 479_001_600
  series = series * r + 1.0 / 39_916_800
  series = series * r + 1.0 / 3_628_800
  series = series * r + 1.0 / 362_880
  series = series * r + 1.0 / 40_320
  series = series * r + 1.0 / 5040
  series = series * r + 1.0 / 720
  series = series * r + 1.0 / 120
  series = series * r + 1.0 / 24
  series = series * r + 1.0 / 6
  series = series * r + 1.0 / 2
  series = series * r * r + r
  let bits = unsafe unsafeBitCast(shifted, to: SIMD4<UInt64>.self)
  let exponents = (bits &+ 1023) &<< 52
  let scale = unsafe unsafeBitCast(exponents, to: SIMD4<Double>.self)
  return scale + scale * series
}

extension Span<Double> {
  /// Four numbers that follow each other.
  @inline(__always)
  func four(from position: Int) -> SIMD4<Double> {
    let part = extracting(position..<(position + 4))
    return unsafe SIMD4(
      part[unchecked: 0], part[unchecked: 1], part[unchecked: 2], part[unchecked: 3])
  }
}
