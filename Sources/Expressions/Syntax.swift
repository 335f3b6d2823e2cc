/// A node of the syntax tree: what it is, and where it starts in the source.
///
/// Two nodes are equal when they mean the same; where they were written does not count.
struct Node: Hashable, Sendable {
  let form: Form
  /// The 1-based column of the first token.
  let column: Int
  /// How many levels the tree below has, this one included.
  let height: Int

  init(_ form: Form, column: Int) {
    self.form = form
    self.column = column
    height = 1 + (form.children.lazy.map(\.height).max() ?? 0)
  }

  static func == (left: Node, right: Node) -> Bool { left.form == right.form }

  func hash(into hasher: inout Hasher) { hasher.combine(form) }
}

/// What a node can be.
indirect enum Form: Hashable, Sendable {
  case number(Double)
  case text(String)
  case truth(Bool)
  case name(String)
  case negation(Node)
  case not(Node)
  case arithmetic(Arithmetic, Node, Node)
  case comparison(Comparison, Node, Node)
  case logic(Logic, Node, Node)
  case membership(Node, [Node])
  case choice(condition: Node, then: Node, otherwise: Node)
  case call(ExpressionFunction, [Node])

  var children: [Node] {
    switch self {
    case .number, .text, .truth, .name: []
    case .negation(let operand), .not(let operand): [operand]
    case .arithmetic(_, let left, let right), .comparison(_, let left, let right),
      .logic(_, let left, let right):
      [left, right]
    case .membership(let subject, let list): [subject] + list
    case .choice(let condition, let then, let otherwise): [condition, then, otherwise]
    case .call(_, let arguments): arguments
    }
  }

  /// How tightly the form holds together; a looser one needs parentheses inside a tighter one.
  var precedence: Precedence {
    switch self {
    case .choice: .choice
    case .logic(.or, _, _): .or
    case .logic(.and, _, _): .and
    case .not: .not
    case .comparison, .membership: .comparison
    case .arithmetic(let sign, _, _): sign.precedence
    case .negation: .negation
    case .number, .text, .truth, .name, .call: .primary
    }
  }
}

enum Arithmetic: String, Hashable, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"

  var precedence: Precedence { self == .add || self == .subtract ? .additive : .multiplicative }
}

enum Comparison: String, Hashable, Sendable {
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  var isOrdering: Bool { self != .equal && self != .unequal }
}

enum Logic: String, Hashable, Sendable { case and, or }

/// From loosest to tightest.
enum Precedence: Int, Comparable {
  case choice, or, and, not, comparison, additive, multiplicative, negation, primary

  /// The next tighter level.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}
