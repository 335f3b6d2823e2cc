import Expressions

/// A part of an expression in our language, with what its value is.
struct Piece {
  var source: String
  var type: ValueType
  /// The literal that it is, as text, if it is one.
  var literal: String?
  /// The item whose answer it is, if it is nothing else.
  var symbol: ForeignSymbol?
  /// Whether every blank answer in it makes it unknown.
  var isStrict = true
  /// The ids of the items that it uses.
  var ids: Set<String> = []
  /// The id that it asks to be answered, where it asks nothing else.
  var answered: String?

  init(_ source: String, _ type: ValueType, ids: Set<String> = []) {
    self.source = source
    self.type = type
    self.ids = ids
  }
}

/// What a foreign name stands for in our instrument.
struct ForeignSymbol: Hashable, Sendable {
  /// Its id here.
  var id: String
  var kind: Kind

  enum Kind: Hashable, Sendable {
    /// One option, by code.
    case choice([String: Int])
    /// Several options, by code.
    case choices([String: Int])
    case number
    case text
    /// Dates, times, rankings: only whether they are answered can be used.
    case other
  }

  /// The number of an option: by its code as written, or as the same number (`1.0` for `1`).
  func value(of code: String) -> Int? {
    guard case .choice(let codes) = kind else {
      if case .choices(let codes) = kind { return Self.value(of: code, in: codes) }
      return nil
    }
    return Self.value(of: code, in: codes)
  }

  private static func value(of code: String, in codes: [String: Int]) -> Int? {
    let code = code.trimmed
    if let value = codes[code] { return value }
    guard let number = Double(code) else {
      return codes.first { $0.key.lowercased() == code.lowercased() }?.value
    }
    return codes.first { Double($0.key) == number }?.value
  }
}
