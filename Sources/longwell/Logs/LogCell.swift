/// A value of a document whose members are many and often missing: what is not there is null.
enum LogCell: Encodable {
  case null
  case whole(Int)
  case number(Double)
  case text(String)
  case truth(Bool)
  case list([LogCell])
  case object([String: LogCell])

  init(_ value: Int?) { self = value.map { .whole($0) } ?? .null }
  init(_ value: Double?) { self = value.map { $0.isFinite ? .number($0) : .null } ?? .null }
  init(_ value: String?) { self = value.map { .text($0) } ?? .null }
  init(_ value: Bool?) { self = value.map { .truth($0) } ?? .null }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .whole(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .truth(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }
}
