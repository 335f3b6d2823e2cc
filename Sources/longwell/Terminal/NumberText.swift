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
