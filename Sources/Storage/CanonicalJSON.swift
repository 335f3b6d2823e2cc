import Foundation

/// A JSON value with one spelling: keys sorted, no spaces, the shortest number that reads back.
///
/// What is hashed must be written the same way every time, so the general encoder, free to change
/// its spelling between versions, is not used.
enum CanonicalJSON: Hashable, Sendable {
  case null
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([CanonicalJSON])
  case object([String: CanonicalJSON])

  /// The text of the value.
  var text: String {
    var result = ""
    write(to: &result)
    return result
  }

  /// The UTF-8 bytes of the value.
  var bytes: [UInt8] { Array(text.utf8) }

  private func write(to result: inout String) {
    switch self {
    case .null: result += "null"
    case .integer(let value): result += String(value)
    case .number(let value): result += Self.spelling(of: value)
    case .text(let value): Self.quote(value, to: &result)
    case .list(let values):
      result += "["
      for (index, value) in values.enumerated() {
        if index > 0 { result += "," }
        value.write(to: &result)
      }
      result += "]"
    case .object(let fields):
      result += "{"
      // By bytes, not by locale or Unicode order: the same on every machine.
      let sorted = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (index, field) in sorted.enumerated() {
        if index > 0 { result += "," }
        Self.quote(field.key, to: &result)
        result += ":"
        field.value.write(to: &result)
      }
      result += "}"
    }
  }

  /// JSON has no infinities and no NaN; they are written as null, and no checked answer is one.
  private static func spelling(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return value.description
  }

  private static func quote(_ value: String, to result: inout String) {
    result += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    result += "\""
  }
}

extension CanonicalJSON {
  /// A value, or null where there is none.
  static func optional(_ value: String?) -> CanonicalJSON { value.map { .text($0) } ?? .null }

  /// A value, or null where there is none.
  static func optional(_ value: Double?) -> CanonicalJSON { value.map { .number($0) } ?? .null }

  /// A list of texts.
  static func texts(_ values: [String]) -> CanonicalJSON { .list(values.map { .text($0) }) }
}
