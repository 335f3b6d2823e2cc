extension CanonicalJSON {
  /// Reads what ``bytes`` wrote, and nothing else: no spaces, no other escapes.
  ///
  /// A whole number comes back as an integer, whichever it was; both are spelled the same.
  ///
  /// - Returns: `nil` for anything that this toolkit does not write.
  static func parse(_ bytes: [UInt8]) -> CanonicalJSON? {
    var parser = CanonicalJSONParser(bytes: bytes)
    guard let value = parser.value(depth: 0), parser.position == bytes.count else { return nil }
    return value
  }

  /// A field of an object, or `nil` when there is none.
  subscript(_ name: String) -> CanonicalJSON? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }

  /// The fields of an object; none for anything else.
  var fields: [String: CanonicalJSON] {
    guard case .object(let members) = self else { return [:] }
    return members.fields
  }

  /// The values of a list; none for anything else.
  var values: [CanonicalJSON] {
    guard case .list(let values) = self else { return [] }
    return values
  }

  /// The text, or nothing for anything else.
  var string: String {
    guard case .text(let text) = self else { return "" }
    return text
  }
}

/// Walks over the bytes of one value.
private struct CanonicalJSONParser {
  /// Events nest four levels; what somebody planted must not exhaust the stack.
  private static let deepest = 16

  let bytes: [UInt8]
  var position = 0

  private mutating func take(_ byte: Character) -> Bool {
    guard position < bytes.count, bytes[position] == byte.asciiValue else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) -> CanonicalJSON? {
    guard position < bytes.count, depth < Self.deepest else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "n"):
      guard bytes[position...].starts(with: Array("null".utf8)) else { return nil }
      position += 4
      return .null
    case UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "["): return list(depth: depth)
    case UInt8(ascii: "{"): return object(depth: depth)
    default: return number()
    }
  }

  private mutating func list(depth: Int) -> CanonicalJSON? {
    guard take("[") else { return nil }
    var values: [CanonicalJSON] = []
    if take("]") { return .list(values) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
    } while take(",")
    return take("]") ? .list(values) : nil
  }

  private mutating func object(depth: Int) -> CanonicalJSON? {
    guard take("{") else { return nil }
    var fields: [String: CanonicalJSON] = [:]
    if take("}") { return .object([:]) }
    repeat {
      guard let name = text(), take(":"), let value = value(depth: depth + 1) else { return nil }
      fields[name] = value
    } while take(",")
    return take("}") ? .object(CanonicalJSON.Members(fields)) : nil
  }

  private mutating func number() -> CanonicalJSON? {
    let start = position
    while position < bytes.count, "+-.0123456789e".utf8.contains(bytes[position]) { position += 1 }
    let spelling = String(decoding: bytes[start..<position], as: UTF8.self)
    return Int64(spelling).map { .integer($0) } ?? Double(spelling).map { .number($0) }
  }

  private mutating func text() -> String? {
    guard take("\"") else { return nil }
    var result: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = escaped() else { return nil }
        result.append(escaped)
      default: result.append(byte)
      }
    }
    return nil
  }

  private mutating func escaped() -> UInt8? {
    guard position < bytes.count else { return nil }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
    case UInt8(ascii: "n"): return UInt8(ascii: "\n")
    case UInt8(ascii: "r"): return UInt8(ascii: "\r")
    case UInt8(ascii: "t"): return UInt8(ascii: "\t")
    case UInt8(ascii: "u"):
      guard position + 4 <= bytes.count else { return nil }
      let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
      position += 4
      return UInt8(digits, radix: 16)
    default: return nil
    }
  }
}
