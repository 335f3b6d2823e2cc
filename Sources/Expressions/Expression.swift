/// A formula as it stands in a file: `count(e1 >= 4, e2 >= 4) >= 1 and not missing(n03)`.
///
/// The small language of `show_if`, scores, eligibility and `only_if`. It has no loops and no way
/// out; an expression is parsed once, checked against the names it may use, and then evaluated as
/// often as needed without being able to fail.
///
/// ## Grammar
///
/// ```
/// expression = "if" expression "then" expression "else" expression | or
/// or         = and { "or" and }
/// and        = not { "and" not }
/// not        = "not" not | comparison
/// comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum | "in" "[" list "]" ]
/// sum        = product { ("+" | "-") product }
/// product    = negation { ("*" | "/") negation }
/// negation   = "-" negation | primary
/// primary    = number | text | "true" | "false" | name | function "(" list ")"
///            | "(" expression ")" | "compliance" "(" occasion ")"
/// list       = expression { "," expression }
/// function   = "mean" | "sum" | "min" | "max" | "count" | "answered" | "missing" | "first_of"
/// name       = segment { "." segment } | segment { "-" part } "." segment { "." segment }
/// segment    = letter { letter | digit | "_" }        part = (letter | digit | "_") { … }
/// number     = digit { digit } [ "." digit { digit } ] [ "e" [ "+" | "-" ] digit { digit } ]
/// text       = '"' { character | escape } '"' | "'" { character | escape } "'"
/// escape     = "\\" | "\"" | "\'" | "\n" | "\t"
/// ```
///
/// Names and letters are ASCII. A hyphen belongs to a name only in an instrument's id that `.` and a
/// letter follow directly: `needs-6.satisfaction` is one name, `a-b` a subtraction, and
/// `a - b.c` is how to subtract a dotted name.
///
/// ## What it means
///
/// - `and`, `or`, `not` are Kleene's three-valued logic: `false and missing` is false, `true or
///   missing` is true, what could be either is missing.
/// - Arithmetic, comparisons and functions with a missing operand are missing, except `count`,
///   `answered`, `missing` and `first_of`. `if` with a missing condition is missing.
/// - `x in [a, b]` means `x == a or x == b`.
/// - A number that is not finite does not exist here: division by zero and overflow are missing.
/// - Texts are compared by `==` and `!=` only, letter case counting, canonically equivalent Unicode
///   spellings being equal; their order depends on a language, so `<` on texts is refused.
/// - `a < x < b` is refused, with advice, as it means different things in different languages.
package struct Expression: Hashable, Sendable, CustomStringConvertible {
  /// The expression as it was written.
  package let source: String
  /// Every name it uses.
  package let names: Set<String>
  /// The tree, for whoever writes the expression in another language.
  package let root: Node

  /// Reads an expression.
  ///
  /// - Throws: the first problem of its spelling or syntax; names and types are `check`'s business.
  package static func parse(_ source: String) throws(ExpressionProblem) -> Expression {
    var parser = try Parser(source)
    return Expression(source: source, root: try parser.parse())
  }

  private init(source: String, root: Node) {
    self.source = source
    self.root = root
    var names: Set<String> = []
    var waiting = [root]
    while let node = waiting.popLast() {
      if case .name(let name) = node.form { names.insert(name) }
      waiting += node.form.children
    }
    self.names = names
  }

  /// The expressions that `or` joins at the top: what a condition holds for any of.
  package var alternatives: [Expression] {
    guard case .logic(.or, let left, let right) = root.form else { return [self] }
    return [left, right].flatMap { node in
      Expression(source: node.printed(in: .choice), root: node).alternatives
    }
  }

  /// Whether two expressions mean the same tree, however they are spaced and bracketed.
  package static func == (left: Expression, right: Expression) -> Bool { left.root == right.root }

  /// Hashes what `==` compares.
  package func hash(into hasher: inout Hasher) { hasher.combine(root) }

  /// The names given directly to each call of a function, call by call, in no particular order.
  ///
  /// For rules that need more than types, such as "`first_of` takes items of one range".
  package func namesGiven(to function: ExpressionFunction) -> [[String]] {
    var calls: [[String]] = []
    var waiting = [root]
    while let node = waiting.popLast() {
      if case .call(function, let arguments) = node.form {
        calls.append(
          arguments.compactMap {
            if case .name(let name) = $0.form { name } else { nil }
          })
      }
      waiting += node.form.children
    }
    return calls
  }
}
