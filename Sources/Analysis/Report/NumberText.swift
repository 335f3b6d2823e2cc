import Foundation

/// Numbers as a results section prints them.
enum NumberText {
  /// With this many decimals and a true minus sign; a dash for what is not there.
  static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    let text = String(format: "%.\(decimals)f", value)
    // −0.00 says nothing that 0.00 does not.
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero ? text.replacing("-", with: "") : text.replacing("-", with: "−")
  }

  /// Decimals that show two digits of a standard error: what a reader can use, and no more.
  static func decimals(standardError: Double) -> Int {
    guard standardError.isFinite, standardError > 0 else { return 2 }
    return min(6, max(1, 1 - Int(log10(standardError).rounded(.down))))
  }

  /// A p value to three decimals; below a thousandth only that.
  static func p(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    return value < 0.001 ? "<\u{A0}0.001" : fixed(value, 3)
  }

  /// `= 0.012` or `< 0.001`, to follow the letter; spaces do not break.
  static func pRelation(_ value: Double) -> String {
    let text = p(value)
    return text.hasPrefix("<") ? text : "=\u{A0}" + text
  }

  /// A share as per cent.
  static func percent(_ share: Double?) -> String {
    share.map { fixed($0 * 100, 0) + "\u{A0}%" } ?? "–"
  }

  /// `1 person`, `2 people`.
  static func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }

  /// `a`, `a and b`, `a, b and c`.
  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}
