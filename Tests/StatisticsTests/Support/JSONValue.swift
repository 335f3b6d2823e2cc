/// Any JSON, for reference files whose shape varies: R writes a vector of one number as a number.
enum JSONValue: Decodable {
  case null
  case number(Double)
  case text(String)
  case truth(Bool)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .truth(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  subscript(key: String) -> JSONValue {
    if case .object(let entries) = self { return entries[key] ?? .null }
    return .null
  }

  /// The number, or NaN.
  var number: Double {
    if case .number(let value) = self { return value }
    return .nan
  }

  var text: String? {
    if case .text(let value) = self { return value }
    return nil
  }

  var truth: Bool? {
    if case .truth(let value) = self { return value }
    return nil
  }

  /// The elements; a bare value is a list of itself.
  var list: [JSONValue] {
    switch self {
    case .list(let values): values
    case .null: []
    default: [self]
    }
  }

  var object: [String: JSONValue] {
    if case .object(let entries) = self { return entries }
    return [:]
  }

  /// All numbers in it, depth first.
  var numbers: [Double] {
    switch self {
    case .number(let value): [value]
    case .list(let values): values.flatMap(\.numbers)
    default: []
    }
  }

  var isNull: Bool {
    if case .null = self { return true }
    return false
  }
}
