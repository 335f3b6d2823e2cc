/// Reads a formula by recursive descent.
///
/// ```text
/// formula  = additive "~" additive
/// additive = product { ("+" | "-") product }
/// product  = crossing { ("*" | "/") crossing }
/// crossing = signed { ":" signed }
/// signed   = [ "+" | "-" ] power
/// power    = primary [ "^" power ]
/// primary  = number | name | name "(" [ argument { "," argument } ] ")" | "(" inner ")"
/// inner    = additive [ ( "|" | "||" ) additive ]
/// argument = [ name "=" ] additive
/// ```
struct FormulaParser {
  private let tokens: [FormulaLexer.Token]
  private var position = 0
  private var nesting = 0

  /// Deep enough for any formula written by hand (a sum of 400 covariates is 400 deep), shallow
  /// enough that recursion over the tree cannot exhaust a thread's stack.
  static let greatestDepth = 400

  init(_ source: String) throws(FormulaError) {
    tokens = try FormulaLexer.tokens(of: source)
  }

  /// Both sides of the formula, to the end of the text.
  mutating func formula() throws(FormulaError) -> (response: FormulaNode, right: FormulaNode) {
    let response = try additive()
    try expect("~")
    let right = try additive()
    guard current.kind == .end else { throw unexpected("an operator or the end of the formula") }
    return (response, right)
  }

  private var current: FormulaLexer.Token { tokens[min(position, tokens.count - 1)] }

  private func unexpected(_ expected: String) -> FormulaError {
    FormulaError(column: current.column, found: current.spoken, expected: expected)
  }

  private mutating func accept(_ symbol: String) -> Bool {
    guard current.kind == .symbol(symbol) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ symbol: String) throws(FormulaError) {
    guard accept(symbol) else { throw unexpected("‘\(symbol)’") }
  }

  private func node(
    _ kind: FormulaNode.Kind, at column: Int, over children: [FormulaNode] = []
  ) throws(FormulaError) -> FormulaNode {
    let depth = 1 + (children.map(\.depth).max() ?? 0)
    guard depth <= Self.greatestDepth else {
      throw FormulaError(
        column: column, found: "a formula nested deeper than \(Self.greatestDepth)",
        expected: "a simpler one")
    }
    return FormulaNode(kind: kind, column: column, depth: depth)
  }

  private mutating func chain(
    _ operators: [String], of operand: (inout Self) throws(FormulaError) -> FormulaNode
  ) throws(FormulaError) -> FormulaNode {
    var left = try operand(&self)
    while case .symbol(let symbol) = current.kind, operators.contains(symbol),
      let operation = FormulaNode.Operator(rawValue: symbol)
    {
      position += 1
      let right = try operand(&self)
      left = try node(.binary(operation, left, right), at: left.column, over: [left, right])
    }
    return left
  }

  private mutating func additive() throws(FormulaError) -> FormulaNode {
    try chain(["+", "-"]) { (parser) throws(FormulaError) in
      try parser.chain(["*", "/"]) { (parser) throws(FormulaError) in
        try parser.chain([":"]) { (parser) throws(FormulaError) in try parser.signed() }
      }
    }
  }

  private mutating func signed() throws(FormulaError) -> FormulaNode {
    let column = current.column
    if accept("+") { return try power() }
    guard accept("-") else { return try power() }
    let operand = try power()
    return try node(.unary(.subtract, operand), at: column, over: [operand])
  }

  private mutating func power() throws(FormulaError) -> FormulaNode {
    let base = try primary()
    guard accept("^") else { return base }
    let exponent = try primary()
    return try node(.binary(.power, base, exponent), at: base.column, over: [base, exponent])
  }

  private mutating func primary() throws(FormulaError) -> FormulaNode {
    let token = current
    switch token.kind {
    case .number(let value):
      position += 1
      return try node(.number(value), at: token.column)
    case .name(let name):
      position += 1
      guard accept("(") else { return try node(.name(name), at: token.column) }
      return try call(name, at: token.column)
    case .symbol("("):
      position += 1
      return try parenthesised(at: token.column)
    default: throw unexpected("a variable, a number or ‘(’")
    }
  }

  private mutating func parenthesised(at column: Int) throws(FormulaError) -> FormulaNode {
    try descend()
    defer { nesting -= 1 }
    let inner = try additive()
    let isCorrelated = accept("|")
    guard isCorrelated || accept("||") else {
      guard accept(")") else { throw unexpected("an operator, ‘|’ or ‘)’") }
      return try node(
        .call(function: "", arguments: [.init(value: inner)]), at: column, over: [inner])
    }
    let group = try additive()
    guard accept(")") else { throw unexpected("‘)’ after the grouping factor") }
    return try node(
      .random(effects: inner, group: group, isCorrelated: isCorrelated), at: column,
      over: [inner, group])
  }

  private mutating func call(_ function: String, at column: Int) throws(FormulaError) -> FormulaNode
  {
    try descend()
    defer { nesting -= 1 }
    var arguments: [FormulaNode.Argument] = []
    if !accept(")") {
      repeat {
        arguments.append(try argument())
      } while accept(",")
      guard accept(")") else { throw unexpected("‘,’ or ‘)’") }
    }
    return try node(
      .call(function: function, arguments: arguments), at: column, over: arguments.map(\.value))
  }

  private mutating func argument() throws(FormulaError) -> FormulaNode.Argument {
    if case .name(let label) = current.kind, position + 1 < tokens.count,
      tokens[position + 1].kind == .symbol("=")
    {
      position += 2
      return .init(label: label, value: try additive())
    }
    return .init(value: try additive())
  }

  private mutating func descend() throws(FormulaError) {
    nesting += 1
    guard nesting <= Self.greatestDepth / 4 else {
      throw FormulaError(
        column: current.column, found: "brackets nested deeper than \(Self.greatestDepth / 4)",
        expected: "a simpler formula")
    }
  }
}
