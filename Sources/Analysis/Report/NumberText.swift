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
    return min(12, max(1, 1 - Int(log10(standardError).rounded(.down))))
  }

  /// With this many significant digits: variances can be of any size, and 0.0000 says nothing.
  ///
  /// Below 0.0001 and from a million on as `9.1 × 10⁻⁶`.
  static func significant(_ value: Double?, _ digits: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    guard value != 0 else { return "0" }
    // The format rounds first, so that 0.09996 has the magnitude of what is printed.
    let parts = String(format: "%.\(digits - 1)e", value).split(separator: "e")
    guard let mantissa = parts.first, let power = parts.last.flatMap({ Int($0) }) else {
      return "–"
    }
    guard power < -4 || power >= 6 else { return fixed(value, max(0, digits - 1 - power)) }
    let raised = String(power).map { superscripts[$0] ?? "" }.joined()
    return "\(mantissa.replacing("-", with: "−"))\u{A0}×\u{A0}10\(raised)"
  }

  private static let superscripts: [Character: String] = [
    "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
    "8": "⁸", "9": "⁹",
  ]

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
