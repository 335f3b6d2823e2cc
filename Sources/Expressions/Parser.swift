/// Precedence climbing over the tokens; stops at the first problem.
///
/// Both the parser's own recursion and the height of the tree are bounded, so that no source,
/// however long, can exhaust the stack here or in whatever walks the tree later.
struct Parser {
  /// The tallest tree. Hand-written expressions stay under 20; a sum of more than this many terms
  /// is what `sum(…)` is for.
  static let heightLimit = 100
  /// The deepest nesting of operands, brackets and calls. One level takes up to 8 kB of stack in a
  /// debug build, and a secondary thread may have 512 kB; equal operators in a row nest once.
  /// Printing never nests deeper than what was read, so what parses once parses again.
  static let nestingLimit = 64

  private let tokens: [Token]
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var nesting = 0

  init(_ source: String) throws(ExpressionProblem) {
    var lexer = Lexer(source)
    tokens = try lexer.tokens()
    scalars = Array(source.unicodeScalars)
  }

  /// The whole source as one tree.
  mutating func parse() throws(ExpressionProblem) -> Node {
    let root = try expression(.choice)
    guard next.kind == .end else { throw unexpected("an operator or the end") }
    return root
  }

  // MARK: Tokens

  private var next: Token { tokens[position] }

  /// The token just read, moving on; never past the end token.
  private mutating func take() -> Token {
    let token = tokens[position]
    if position < tokens.count - 1 { position += 1 }
    return token
  }

  private mutating func take(_ kind: Token.Kind) -> Bool {
    guard next.kind == kind else { return false }
    _ = take()
    return true
  }

  private mutating func require(_ kind: Token.Kind, _ what: String) throws(ExpressionProblem) {
    guard take(kind) else { throw unexpected(what) }
  }

  private func unexpected(_ expected: String, suggestion: String? = nil) -> ExpressionProblem {
    ExpressionProblem(
      column: next.column, found: next.spelling, expected: expected, suggestion: suggestion)
  }

  // MARK: Bounds

  private func node(_ form: Form, at column: Int) throws(ExpressionProblem) -> Node {
    let node = Node(form, column: column)
    guard node.height <= Parser.heightLimit else {
      throw ExpressionProblem(
        column: column, found: "more than \(Parser.heightLimit) operations inside each other",
        expected: "a simpler expression; mean(…), sum(…) and in […] take lists of any length")
    }
    return node
  }

  private mutating func enter() throws(ExpressionProblem) {
    nesting += 1
    guard nesting <= Parser.nestingLimit else {
      throw ExpressionProblem(
        column: next.column, found: "nesting deeper than \(Parser.nestingLimit) levels",
        expected: "a simpler expression")
    }
  }

  // MARK: Operators

  /// An expression whose operators bind at least as tightly as `loosest`.
  private mutating func expression(_ loosest: Precedence) throws(ExpressionProblem) -> Node {
    try enter()
    defer { nesting -= 1 }
    var left = try prefix(loosest)
    var compared = false
    while let (operation, precedence) = infix(), precedence >= loosest {
      if compared, precedence == .comparison {
        throw unexpected(
          "one comparison at a time", suggestion: "a < x and x < b, or parentheses")
      }
      _ = take()
      left = try node(form(operation, left, precedence), at: left.column)
      compared = precedence == .comparison
    }
    if case .keyword(.not) = next.kind, position + 1 < tokens.count,
      case .keyword(.in) = tokens[position + 1].kind
    {
      throw unexpected("an operator or the end", suggestion: "not x in […]")
    }
    return left
  }

  private enum Operation {
    case arithmetic(Arithmetic), comparison(Comparison), logic(Logic), membership
  }

  private func infix() -> (Operation, Precedence)? {
    switch next.kind {
    case .symbol(let symbol):
      if let sign = Arithmetic(rawValue: symbol) { return (.arithmetic(sign), sign.precedence) }
      return Comparison(rawValue: symbol).map { (.comparison($0), .comparison) }
    case .keyword(.and): return (.logic(.and), .and)
    case .keyword(.or): return (.logic(.or), .or)
    case .keyword(.in): return (.membership, .comparison)
    default: return nil
    }
  }

  private mutating func form(
    _ operation: Operation, _ left: Node, _ precedence: Precedence
  ) throws(ExpressionProblem) -> Form {
    switch operation {
    case .arithmetic(let sign): return .arithmetic(sign, left, try expression(precedence.tighter))
    case .comparison(let sign): return .comparison(sign, left, try expression(precedence.tighter))
    case .logic(let word): return .logic(word, left, try expression(precedence.tighter))
    case .membership:
      try require(.symbol("["), "a list in square brackets, such as [1, 2]")
      return .membership(left, try list(closing: "]", of: "a value"))
    }
  }

  private mutating func prefix(_ loosest: Precedence) throws(ExpressionProblem) -> Node {
    let column = next.column
    switch next.kind {
    case .symbol("-"):
      _ = take()
      return try node(.negation(try expression(.negation)), at: column)
    case .keyword(.not):
      guard loosest <= .not else {
        throw unexpected("parentheses around the part that starts with 'not'")
      }
      _ = take()
      return try node(.not(try expression(.not)), at: column)
    case .keyword(.if):
      guard loosest == .choice else {
        throw unexpected("parentheses around if … then … else …")
      }
      return try choice()
    default:
      return try primary()
    }
  }

  private mutating func choice() throws(ExpressionProblem) -> Node {
    let column = take().column
    let condition = try expression(.choice)
    try require(.keyword(.then), "'then'")
    let then = try expression(.choice)
    try require(.keyword(.else), "'else', as every 'if' has one")
    let otherwise = try expression(.choice)
    return try node(
      .choice(condition: condition, then: then, otherwise: otherwise), at: column)
  }

  // MARK: Operands

  private mutating func primary() throws(ExpressionProblem) -> Node {
    let column = next.column
    switch next.kind {
    case .number(let number):
      _ = take()
      return try node(.number(number), at: column)
    case .text(let text):
      _ = take()
      return try node(.text(text), at: column)
    case .keyword(.true), .keyword(.false):
      return try node(.truth(take().kind == .keyword(.true)), at: column)
    case .symbol("("):
      _ = take()
      let inner = try expression(.choice)
      try require(.symbol(")"), "an operator or ')'")
      return inner
    case .name(let name):
      guard tokens[position + 1].kind == .symbol("(") else {
        _ = take()
        return try node(.name(name), at: column)
      }
      if name == Expression.compliance { return try compliance() }
      let function = try function(name)
      _ = take()
      _ = take()
      return try node(.call(function, try list(closing: ")", of: "an argument")), at: column)
    default:
      throw unexpected("a name, a number, a quoted text or '('")
    }
  }

  private func function(_ name: String) throws(ExpressionProblem) -> ExpressionFunction {
    if let function = ExpressionFunction(rawValue: name) { return function }
    if ColumnFunction(rawValue: name) != nil {
      throw unexpected("a function of single values; \(name) works only in analysis plans")
    }
    let names = ExpressionFunction.allCases.map(\.rawValue) + [Expression.compliance]
    throw unexpected(
      "a function: \(names.joined(separator: ", "))",
      suggestion: nearestName(to: name, among: names))
  }

  /// `compliance(after-chat)`: one name with the occasion in it, whatever its hyphens would mean.
  private mutating func compliance() throws(ExpressionProblem) -> Node {
    let start = take()
    _ = take()
    let occasion = next.column - 1
    while next.kind != .symbol(")"), next.kind != .end { _ = take() }
    let spelling = String(String.UnicodeScalarView(scalars[occasion..<next.column - 1]))
      .filter { !$0.isWhitespace }
    guard next.kind == .symbol(")"), Expression.isOccasion(spelling) else {
      throw ExpressionProblem(
        column: start.column, found: "'compliance(' without the name of an occasion",
        expected: "one occasion, such as compliance(prompt)")
    }
    _ = take()
    return try node(.name(Expression.name(ofComplianceWith: spelling)), at: start.column)
  }

  /// One or more expressions between commas, and the closing bracket.
  private mutating func list(
    closing bracket: String, of what: String
  ) throws(ExpressionProblem) -> [Node] {
    guard next.kind != .symbol(bracket) else { throw unexpected("\(what) before \(bracket)") }
    var elements: [Node] = []
    repeat { elements.append(try expression(.choice)) } while take(.symbol(","))
    try require(.symbol(bracket), "',' or '\(bracket)'")
    return elements
  }
}
