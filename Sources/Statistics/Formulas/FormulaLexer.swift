/// Cuts the text of a formula into tokens.
struct FormulaLexer {
  struct Token: Hashable {
    enum Kind: Hashable {
      case name(String)
      case number(Double)
      /// An operator, a bracket or a comma, as written.
      case symbol(String)
      case end
    }

    var kind: Kind
    var column: Int

    /// The token as an error message names it.
    var spoken: String {
      switch kind {
      case .name(let name): "‘\(name)’"
      case .number(let value): "‘\(shortest(value))’"
      case .symbol(let text): "‘\(text)’"
      case .end: "the end of the formula"
      }
    }
  }

  private let characters: [Character]
  private var position = 0

  /// Longer than any formula that a person writes, and short enough that hostile text costs little.
  static let longestSource = 10_000

  init(_ source: String) throws(FormulaError) {
    guard source.count <= Self.longestSource else {
      throw FormulaError(
        column: Self.longestSource, found: "a longer formula",
        expected: "at most \(Self.longestSource) characters")
    }
    characters = Array(source)
  }

  /// All tokens, the last of them `end`.
  static func tokens(of source: String) throws(FormulaError) -> [Token] {
    var lexer = try FormulaLexer(source)
    var tokens: [Token] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private mutating func next() throws(FormulaError) -> Token {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
    let column = position + 1
    guard position < characters.count else { return Token(kind: .end, column: column) }
    let first = characters[position]
    if first == "`" { return try quotedName(from: column) }
    if first.isLetter || first == "_" || (first == "." && !followedByDigit) {
      return Token(kind: .name(take(while: Self.continuesName)), column: column)
    }
    if first.isASCIIDigit || first == "." { return try number(from: column) }
    if first == "|", position + 1 < characters.count, characters[position + 1] == "|" {
      position += 2
      return Token(kind: .symbol("||"), column: column)
    }
    guard "~+-*/^:()|,=".contains(first) else {
      throw FormulaError(
        column: column, found: "‘\(first)’",
        expected: "a variable, a number or one of ~ + - * / ^ : ( ) |")
    }
    position += 1
    return Token(kind: .symbol(String(first)), column: column)
  }

  private var followedByDigit: Bool {
    position + 1 < characters.count && characters[position + 1].isASCIIDigit
  }

  private static func continuesName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "." || character == "_"
  }

  private mutating func take(while condition: (Character) -> Bool) -> String {
    let start = position
    while position < characters.count, condition(characters[position]) { position += 1 }
    return String(characters[start..<position])
  }

  private mutating func quotedName(from column: Int) throws(FormulaError) -> Token {
    position += 1
    let name = take { $0 != "`" }
    guard position < characters.count, !name.isEmpty else {
      throw FormulaError(
        column: column, found: name.isEmpty ? "an empty name" : "a name that does not end",
        expected: "a name between backquotes")
    }
    position += 1
    return Token(kind: .name(name), column: column)
  }

  private mutating func number(from column: Int) throws(FormulaError) -> Token {
    var text = take { $0.isASCIIDigit || $0 == "." }
    if position < characters.count, characters[position] == "e" || characters[position] == "E" {
      text.append("e")
      position += 1
      if position < characters.count, characters[position] == "-" || characters[position] == "+" {
        text.append(characters[position])
        position += 1
      }
      text += take(while: \.isASCIIDigit)
    }
    guard let value = Double(text), value.isFinite else {
      throw FormulaError(column: column, found: "‘\(text)’", expected: "a number")
    }
    return Token(kind: .number(value), column: column)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
