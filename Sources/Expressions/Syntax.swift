/// A node of the syntax tree: what it is, and where it starts in the source.
///
/// Two nodes are equal when they mean the same; where they were written does not count.
package struct Node: Hashable, Sendable {
  /// What it is, with the nodes below it.
  package let form: Form
  /// The 1-based column of the first token.
  let column: Int
  /// How many levels the tree below has, this one included.
  let height: Int

  init(_ form: Form, column: Int) {
    self.form = form
    self.column = column
    height = 1 + (form.children.lazy.map(\.height).max() ?? 0)
  }

  /// Compares what they mean.
  package static func == (left: Node, right: Node) -> Bool { left.form == right.form }

  /// Hashes what `==` compares.
  package func hash(into hasher: inout Hasher) { hasher.combine(form) }
}

/// What a node can be.
package indirect enum Form: Hashable, Sendable {
  /// A number as written.
  case number(Double)
  /// A quoted text.
  case text(String)
  /// `true` or `false`.
  case truth(Bool)
  /// The name of an item, a score or a part of one.
  case name(String)
  /// `-x`
  case negation(Node)
  /// `not x`
  case not(Node)
  /// `x + y`
  case arithmetic(Arithmetic, Node, Node)
  /// `x == y`
  case comparison(Comparison, Node, Node)
  /// `x and y`
  case logic(Logic, Node, Node)
  /// `x in [a, b]`
  case membership(Node, [Node])
  /// `if x then y else z`
  case choice(condition: Node, then: Node, otherwise: Node)
  /// `mean(a, b)`
  case call(ExpressionFunction, [Node])

  /// The nodes directly below, in the order of the source.
  package var children: [Node] {
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

/// The signs of arithmetic.
package enum Arithmetic: String, Hashable, Sendable {
  /// Addition.
  case add = "+"
  /// Subtraction.
  case subtract = "-"
  /// Multiplication.
  case multiply = "*"
  /// Division; by zero it is missing.
  case divide = "/"

  var precedence: Precedence { self == .add || self == .subtract ? .additive : .multiplicative }
}

/// The signs of comparison.
package enum Comparison: String, Hashable, Sendable {
  /// Of numbers, texts or truths.
  case equal = "=="
  /// The opposite.
  case unequal = "!="
  /// Of numbers, as are the others below.
  case less = "<"
  /// Less or equal.
  case lessOrEqual = "<="
  /// Greater.
  case greater = ">"
  /// Greater or equal.
  case greaterOrEqual = ">="

  var isOrdering: Bool { self != .equal && self != .unequal }
}

/// The words between truths.
package enum Logic: String, Hashable, Sendable {
  /// Both.
  case and
  /// At least one.
  case or
}

/// From loosest to tightest.
enum Precedence: Int, Comparable {
  case choice, or, and, not, comparison, additive, multiplicative, negation, primary

  /// The next tighter level.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}
