internal import Foundation

/// A value of a JSON text.
indirect enum JSONValue: Hashable, Sendable {
  case null
  case truth(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  /// Reads a JSON text, at most 32 MB and 512 values inside each other.
  static func read(_ bytes: [UInt8], name: String) throws(ImportProblem) -> JSONValue {
    guard bytes.count <= 32 << 20 else {
      throw ImportProblem(.unreadable, "\(name): found more than 32 MB, expected a form")
    }
    let text = TextEncoding.utf8(bytes)
    guard depth(of: text) <= deepest else {
      throw ImportProblem(
        .unreadable,
        "\(name): found values more than \(deepest) inside each other, expected a form: it is too deep"
      )
    }
    let data = Data(text)
    guard let any = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed) else {
      throw ImportProblem(.unreadable, "\(name): found a text that is not valid JSON")
    }
    return JSONValue(any)
  }

  /// What the parser follows.
  private static let deepest = 512

  /// How many lists and objects are open at most, outside of quotes.
  private static func depth(of text: [UInt8]) -> Int {
    var depth = 0
    var most = 0
    var isQuoted = false
    var isEscaped = false
    for byte in text {
      if isQuoted {
        if !isEscaped, byte == UInt8(ascii: "\"") { isQuoted = false }
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isQuoted = true
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        most = max(most, depth)
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
    }
    return most
  }

  private init(_ any: Any) {
    switch any {
    case let text as String: self = .text(text)
    case let list as [Any]: self = .list(list.map { JSONValue($0) })
    case let object as [String: Any]: self = .object(object.mapValues { JSONValue($0) })
    case let number as NSNumber:
      // `true` is a number of the type character.
      self =
        number.objCType.pointee == CChar(bitPattern: UInt8(ascii: "c"))
        ? .truth(number.boolValue) : .number(number.doubleValue)
    default: self = .null
    }
  }

  /// A field of an object, if this is one.
  subscript(_ key: String) -> JSONValue? {
    guard case .object(let fields) = self else { return nil }
    return fields[key]
  }

  /// The first field of an object that is there, of several names.
  subscript(any keys: String...) -> JSONValue? {
    keys.lazy.compactMap { self[$0] }.first
  }

  /// The text that it is.
  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// The number that it is.
  var number: Double? {
    guard case .number(let number) = self, number.isFinite else { return nil }
    return number
  }

  /// The truth that it is.
  var truth: Bool? {
    guard case .truth(let truth) = self else { return nil }
    return truth
  }

  /// Its elements if it is a list, itself alone if it is anything else but nothing.
  var list: [JSONValue] {
    switch self {
    case .list(let values): values
    case .null: []
    default: [self]
    }
  }

  /// A text, a number or a truth as a text.
  var scalar: String? {
    switch self {
    case .text(let text): text
    case .number(let number): ForeignTranslator.plain(number)
    case .truth(let truth): truth ? "1" : "0"
    default: nil
    }
  }

  /// Whether it says anything: not nothing, not false, not empty.
  var hasContent: Bool {
    switch self {
    case .null, .truth(false): false
    case .truth(true), .number: true
    case .text(let text): !text.isBlank
    case .list(let values): values.contains(where: \.hasContent)
    case .object(let fields): fields.values.contains(where: \.hasContent)
    }
  }
}

extension JSONValue: Encodable {
  /// Writes the value as JSON; whole numbers without a point.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .truth(let truth): try container.encode(truth)
    case .number(let number):
      if let whole = Int(exactly: number) {
        try container.encode(whole)
      } else {
        try container.encode(number)
      }
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .object(let fields): try container.encode(fields)
    }
  }
}
