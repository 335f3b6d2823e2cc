import Foundation

/// Numbers as a statistician reads them in a terminal.
enum NumberText {
  /// All numbers of a column with as many decimals as give the largest `digits` significant digits,
  /// as R's `format` does; at most `digits` decimals.
  ///
  /// - Parameter digits: 1 or more.
  static func column(_ numbers: [Double], digits: Int = 5) -> [String] {
    let largest = numbers.filter(\.isFinite).map(abs).max() ?? 0
    let smallest = numbers.filter { $0.isFinite && $0 != 0 }.map(abs).min() ?? 0
    if largest >= 1e9 || (largest > 0 && largest < 1e-4) {
      return numbers.map { text($0, format: "%.\(digits - 1)e") }
    }
    let whole = largest < 1 ? 1 : Int(log10(largest)) + 1
    let needed = smallest > 0 && smallest < 1 ? digits - Int(floor(log10(smallest))) - 3 : 0
    let decimals = min(max(digits - whole, needed, 0), digits + 1)
    return numbers.map { text($0, format: "%.\(decimals)f") }
  }

  /// Estimates, and their standard errors, each with the decimals that show four digits of its own
  /// standard error, points below each other.
  static func estimates(
    _ estimates: [Double], errors: [Double]
  ) -> (estimates: [String], errors: [String]) {
    let shown = zip(estimates, errors).map { (own($0, error: $1), own($1, error: $1)) }
    return (aligned(shown.map(\.0)), aligned(shown.map(\.1)))
  }

  /// One number with the decimals that show four digits of a standard error.
  static func own(_ number: Double, error: Double) -> String {
    guard number.isFinite else { return "" }
    guard error.isFinite, error > 0 else { return significant(number) }
    let decimals = max(0, 3 - Int(floor(log10(error))))
    return decimals > 9 || abs(number) >= 1e9
      ? significant(number) : text(number, format: "%.\(decimals)f")
  }

  /// Numbers of any size, each with its own five digits, points below each other.
  static func ownColumn(_ numbers: [Double]) -> [String] {
    aligned(numbers.map { significant($0) })
  }

  private static func significant(_ number: Double) -> String {
    guard number.isFinite else { return "" }
    guard number != 0 else { return "0" }
    let power = Int(floor(log10(abs(number))))
    return power < -5 || power >= 9
      ? text(number, format: "%.3e") : text(number, format: "%.\(max(0, 4 - power))f")
  }

  /// Spaces behind, so that texts set to the right have their points below each other.
  private static func aligned(_ texts: [String]) -> [String] {
    let tails = texts.map { text in
      text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) } ?? 0
    }
    let longest = tails.max() ?? 0
    return zip(texts, tails).map { $0 + String(repeating: " ", count: longest - $1) }
  }

  /// One number with a fixed number of decimals.
  static func fixed(_ number: Double, decimals: Int) -> String {
    text(number, format: "%.\(decimals)f")
  }

  /// A p value: three significant digits, `<0.0001` below that.
  static func pValue(_ number: Double) -> String {
    guard number.isFinite else { return "" }
    if number < 0.0001 { return "<0.0001" }
    return String(format: number < 0.001 ? "%.5f" : "%.4f", number)
  }

  private static func text(_ number: Double, format: String) -> String {
    number.isFinite ? String(format: format, number) : ""
  }
}
