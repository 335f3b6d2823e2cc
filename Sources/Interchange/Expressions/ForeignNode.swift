/// The languages in which other formats write conditions and calculations.
enum ForeignDialect: String, Sendable {
  /// REDCap's branching logic and calculations: `[a] = "1" and [b(2)] = "1"`.
  case redcap
  /// The XPath 1.0 of XLSForm: `selected(${a}, 'x') and ${b} > 3`.
  case xpath
  /// The JavaScript of ReproSchema: `a == 1 && b > 3`.
  case script
  /// The R of formr: `a == 1 & b %contains% 3`.
  case r
}

/// A foreign expression as a tree. It is translated, never evaluated.
indirect enum ForeignNode: Hashable, Sendable {
  case number(Double)
  case text(String)
  case truth(Bool)
  case reference(ForeignReference)
  case negation(ForeignNode)
  case not(ForeignNode)
  case operation(ForeignOperator, ForeignNode, ForeignNode)
  case choice(ForeignNode, ForeignNode, ForeignNode)
  case call(String, [ForeignNode])

  /// The literal that it is, as text, if it is one.
  var literal: String? {
    switch self {
    case .number(let number): ForeignTranslator.plain(number)
    case .negation(.number(let number)): ForeignTranslator.plain(-number)
    case .text(let text): text
    default: nil
    }
  }
}

/// A name in a foreign expression.
struct ForeignReference: Hashable, Sendable {
  /// The item's name; `.` for the item itself.
  var name: String
  /// The option that is asked about, `2` in `[a(2)]`.
  var code: String?
  /// Why the answer is not one of this form, where it is of another event or another repetition.
  var elsewhere: String?
}

enum ForeignOperator: String, Hashable, Sendable {
  case or, and
  case equal, unequal, less, lessOrEqual, greater, greaterOrEqual
  case isIn, contains
  case range
  case add, subtract, multiply, divide, remainder, power

  /// The operator with its sides changed: `3 < a` is `a > 3`.
  var mirrored: ForeignOperator {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }

  var isOrdering: Bool {
    [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(self)
  }
}

/// Why an expression does not come through, as a clause.
struct Untranslatable: Error, Hashable {
  var why: String

  init(_ why: String) { self.why = why }
}
