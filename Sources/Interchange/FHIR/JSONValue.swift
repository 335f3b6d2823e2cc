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
    let data = Data(TextEncoding.utf8(bytes))
    guard let any = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed) else {
      throw ImportProblem(.unreadable, "\(name): found a text that is not valid JSON")
    }
    return JSONValue(any)
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
}
