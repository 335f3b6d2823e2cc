/// A piece of a parsed formula that remembers where it was written.
///
/// The tree says only what was written. What an operator means depends on where it stands: between
/// terms `a * b` crosses, within a function call it multiplies.
struct FormulaNode: Hashable, Sendable {
  /// What was written.
  indirect enum Kind: Hashable, Sendable {
    case name(String)
    case number(Double)
    case call(function: String, arguments: [Argument])
    case unary(Operator, FormulaNode)
    case binary(Operator, FormulaNode, FormulaNode)
    /// `(effects | group)`, or `(effects || group)` without correlations.
    case random(effects: FormulaNode, group: FormulaNode, isCorrelated: Bool)
  }

  /// One argument of a call, with its label in `poly(x, 2, raw = TRUE)`.
  struct Argument: Hashable, Sendable {
    var label: String?
    var value: FormulaNode
  }

  enum Operator: String, Hashable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case interact = ":"
    case power = "^"
  }

  var kind: Kind
  /// The first character of the piece, counted from 1.
  var column: Int
  /// The height of the tree, bounded by the parser so that recursion over it is safe.
  var depth: Int

  /// The names of the columns that the piece reads.
  var names: Set<String> {
    switch kind {
    case .name("TRUE"), .name("FALSE"), .number: []
    case .name(let name): [name]
    case .call(_, let arguments):
      arguments.reduce(into: []) { $0.formUnion($1.value.names) }
    case .unary(_, let operand): operand.names
    case .binary(_, let left, let right): left.names.union(right.names)
    case .random(let effects, let group, _): effects.names.union(group.names)
    }
  }
}

extension FormulaNode: CustomStringConvertible {
  /// The text that R's `deparse` makes, which is what coefficient names are built from.
  var description: String {
    switch kind {
    case .name(let name): return name
    case .number(let value): return shortest(value)
    case .call(let function, let arguments):
      // A bare parenthesis is a call without a name, as in R.
      return "\(function)(" + arguments.map(\.description).joined(separator: ", ") + ")"
    case .unary(let symbol, let operand): return symbol.rawValue + operand.description
    case .binary(let symbol, let left, let right):
      switch symbol {
      case .add, .subtract, .multiply:
        return "\(left) \(symbol.rawValue) \(right)"
      case .divide, .interact, .power:
        return "\(left)\(symbol.rawValue)\(right)"
      }
    case .random(let effects, let group, let isCorrelated):
      return "(\(effects) \(isCorrelated ? "|" : "||") \(group))"
    }
  }
}

extension FormulaNode.Argument: CustomStringConvertible {
  var description: String {
    label.map { "\($0) = \(value)" } ?? value.description
  }
}

/// A number as R prints it in names: `2`, not `2.0`.
func shortest(_ value: Double) -> String {
  if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
  return value.description
}
