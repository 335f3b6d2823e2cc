/// Reads foreign expressions into trees by precedence climbing, for all dialects at once: their operators
/// differ in spelling more than in meaning.
struct ForeignParser {
  /// Operands inside each other, and operators in a row: what fits a small stack several times over.
  private static let deepest = 64
  private static let longestChain = 99

  private let tokens: [ForeignToken]
  private let dialect: ForeignDialect
  private var position = 0
  private var depth = 0

  /// The tree of a source.
  static func parse(
    _ source: String, dialect: ForeignDialect, known: Set<String>
  ) throws(Untranslatable) -> ForeignNode {
    var lexer = ForeignLexer(source, dialect: dialect, known: known)
    var parser = ForeignParser(tokens: try lexer.tokens(), dialect: dialect)
    let node = try parser.expression(.choice)
    guard parser.next == .end else { throw parser.unexpected() }
    return node
  }

  private init(tokens: [ForeignToken], dialect: ForeignDialect) {
    self.tokens = tokens
    self.dialect = dialect
  }

  private enum Strength: Int, Comparable {
    case choice, or, and, not, comparison, range, sum, product, power, sign

    static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }

    var tighter: Strength { Strength(rawValue: rawValue + 1) ?? .sign }
  }

  private var next: ForeignToken { tokens[position] }

  private mutating func take() -> ForeignToken {
    let token = tokens[position]
    if position < tokens.count - 1 { position += 1 }
    return token
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard next == .symbol(symbol) else { return false }
    _ = take()
    return true
  }

  private func unexpected() -> Untranslatable { unexpected(next) }

  private func unexpected(_ token: ForeignToken) -> Untranslatable {
    switch token {
    case .end: Untranslatable("it ends too early")
    case .symbol(let symbol): Untranslatable("'\(symbol)' stands where it cannot be read")
    case .name(let name): Untranslatable("'\(name.prefix(60))' stands where it cannot be read")
    default: Untranslatable("two values stand side by side")
    }
  }

  private mutating func expression(_ loosest: Strength) throws(Untranslatable) -> ForeignNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw Untranslatable("it is nested too deep") }
    var left = try prefix()
    var length = 0
    while let (sign, strength) = infix(), strength >= loosest {
      length += 1
      guard length <= Self.longestChain else { throw Untranslatable("it is too long") }
      _ = take()
      left = .operation(sign, left, try expression(strength.tighter))
    }
    if loosest == .choice, take("?") {
      let then = try expression(.choice)
      guard take(":") else { throw unexpected() }
      left = .choice(left, then, try expression(.choice))
    }
    return left
  }

  private func infix() -> (ForeignOperator, Strength)? {
    switch next {
    case .symbol(let symbol): Self.signs[symbol].flatMap { allowed($0) }
    case .name(let name): ForeignLexer.words[name.lowercased()].flatMap { allowed($0) }
    default: nil
    }
  }

  /// The operator with its strength in this dialect.
  private func allowed(_ sign: ForeignOperator) -> (ForeignOperator, Strength)? {
    switch sign {
    case .or: (sign, .or)
    case .and: (sign, .and)
    case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn, .contains:
      (sign, .comparison)
    case .range: dialect == .r ? (sign, .range) : nil
    case .add, .subtract: (sign, .sum)
    case .multiply, .divide, .remainder: (sign, .product)
    case .power: (sign, .power)
    }
  }

  private static let signs: [String: ForeignOperator] = [
    "||": .or, "|": .or, "&&": .and, "&": .and, "=": .equal, "==": .equal, "===": .equal,
    "!=": .unequal, "!==": .unequal, "<>": .unequal, "<": .less, "<=": .lessOrEqual,
    ">": .greater, ">=": .greaterOrEqual, "%in%": .isIn, "%contains%": .contains,
    "%contains_word%": .contains, ":": .range, "+": .add, "-": .subtract, "*": .multiply,
    "/": .divide, "%%": .remainder, "%": .remainder, "^": .power,
  ]

  private mutating func prefix() throws(Untranslatable) -> ForeignNode {
    let token = take()
    switch token {
    case .number(let number): return .number(number)
    case .text(let text): return .text(text)
    case .reference(let reference): return .reference(reference)
    case .symbol("-"): return .negation(try expression(.sign))
    case .symbol("+"): return try expression(.sign)
    case .symbol("!"):
      // In R, `!a == 1` negates the comparison; in JavaScript the name.
      return .not(try expression(dialect == .r ? .comparison : .sign))
    case .symbol("("):
      let inner = try expression(.choice)
      guard take(")") else { throw unexpected() }
      return inner
    case .name(let name): return try named(name)
    default: throw unexpected(token)
    }
  }

  private mutating func named(_ name: String) throws(Untranslatable) -> ForeignNode {
    if take("(") {
      var arguments: [ForeignNode] = []
      if !take(")") {
        repeat { arguments.append(try expression(.choice)) } while take(",")
        guard take(")") else { throw unexpected() }
      }
      return .call(name.lowercased(), arguments)
    }
    switch name.lowercased() {
    case "true": return .truth(true)
    case "false": return .truth(false)
    case "not": return .not(try expression(.comparison))
    default: break
    }
    guard dialect != .redcap else { throw Untranslatable("'\(name.prefix(60))' is no value") }
    // `survey$a` is the answer to `a` in the results of this survey or of another.
    if dialect == .r, let dollar = name.lastIndex(of: "$") {
      return .reference(
        ForeignReference(
          name: String(name[name.index(after: dollar)...]),
          elsewhere: "it uses the results of the survey \(name[..<dollar].prefix(60))"))
    }
    return .reference(ForeignReference(name: name))
  }
}
