/// A JSON value with one spelling: keys sorted, no spaces, the shortest number that reads back.
///
/// What is hashed must be written the same way every time, so the general encoder, free to change
/// its spelling between versions, is not used. It writes bytes, not text: each answer is written
/// twice, and half of the time of saving it was going into strings.
enum CanonicalJSON: Hashable, Sendable {
  case null
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([CanonicalJSON])
  case object(Members)

  /// The text of the value.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The UTF-8 bytes of the value.
  var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(256)
    write(to: &result)
    return result
  }

  /// Adds the bytes of the value to others.
  func write(to result: inout [UInt8]) {
    switch self {
    case .null: result += "null".utf8
    case .integer(let value): Self.write(value, to: &result)
    case .number(let value): Self.write(value, to: &result)
    case .text(let value): Self.quote(value, to: &result)
    case .list(let values):
      result.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { result.append(UInt8(ascii: ",")) }
        value.write(to: &result)
      }
      result.append(UInt8(ascii: "]"))
    case .object(let members):
      result.append(UInt8(ascii: "{"))
      for (index, member) in members.sorted.enumerated() {
        if index > 0 { result.append(UInt8(ascii: ",")) }
        Self.quote(member.name, to: &result)
        result.append(UInt8(ascii: ":"))
        member.value.write(to: &result)
      }
      result.append(UInt8(ascii: "}"))
    }
  }

  /// JSON has no infinities and no NaN; they are written as null, and no checked answer is one.
  private static func write(_ value: Double, to result: inout [UInt8]) {
    if value == value.rounded(), abs(value) < 1e15 {
      write(Int64(value), to: &result)
    } else {
      result += (value.isFinite ? value.description : "null").utf8
    }
  }

  private static func write(_ value: Int64, to result: inout [UInt8]) {
    if value < 0 { result.append(UInt8(ascii: "-")) }
    let first = result.count
    var rest = value.magnitude
    repeat {
      result.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    result[first...].reverse()
  }

  private static func quote(_ value: String, to result: inout [UInt8]) {
    result.append(UInt8(ascii: "\""))
    defer { result.append(UInt8(ascii: "\"")) }
    // Most texts are names and need nothing.
    guard value.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else {
      result += value.utf8
      return
    }
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""): result += "\\\"".utf8
      case UInt8(ascii: "\\"): result += "\\\\".utf8
      case UInt8(ascii: "\n"): result += "\\n".utf8
      case UInt8(ascii: "\r"): result += "\\r".utf8
      case UInt8(ascii: "\t"): result += "\\t".utf8
      case 0..<0x20: result += "\\u00\(Hexadecimal.text(of: [byte]))".utf8
      default: result.append(byte)
      }
    }
  }
}

extension CanonicalJSON {
  /// A value, or null where there is none.
  static func optional(_ value: String?) -> CanonicalJSON { value.map { .text($0) } ?? .null }

  /// A value, or null where there is none.
  static func optional(_ value: Double?) -> CanonicalJSON { value.map { .number($0) } ?? .null }

  /// A value, or null where there is none.
  static func optional(_ value: Int64?) -> CanonicalJSON { value.map { .integer($0) } ?? .null }

  /// 0 or 1, as the tables have it.
  static func truth(_ value: Bool) -> CanonicalJSON { .integer(value ? 1 : 0) }

  /// A list of texts.
  static func texts(_ values: [String]) -> CanonicalJSON { .list(values.map { .text($0) }) }
}
