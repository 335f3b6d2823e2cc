/// A piece of source with its 1-based column.
struct Token {
  enum Kind: Equatable {
    case number(Double)
    case text(String)
    case name(String)
    case keyword(Keyword)
    /// An operator or a bracket.
    case symbol(String)
    case end
  }

  let kind: Kind
  let column: Int
  /// The token as written, shortened for a message.
  let spelling: String
}

enum Keyword: String {
  case and, or, not, `in`, `if`, then, `else`, `true`, `false`
}

/// Cuts a source into tokens, and knows the spellings other languages have taught people.
struct Lexer {
  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ source: String) { scalars = Array(source.unicodeScalars) }

  /// Every token, an `end` token last.
  mutating func tokens() throws(ExpressionProblem) -> [Token] {
    var tokens: [Token] = []
    while let start = nextStart() {
      let kind = try kind(at: start)
      tokens.append(
        Token(kind: kind, column: start + 1, spelling: quoted(scalars[start..<position])))
    }
    tokens.append(Token(kind: .end, column: scalars.count + 1, spelling: "the end"))
    return tokens
  }

  private mutating func nextStart() -> Int? {
    while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
    return position < scalars.count ? position : nil
  }

  private mutating func kind(at start: Int) throws(ExpressionProblem) -> Token.Kind {
    let first = scalars[start]
    if first.isDigit { return try number(at: start) }
    if first.isLetter { return word(at: start) }
    if first == "\"" || first == "'" { return try text(at: start, quote: first) }
    let pair = start + 1 < scalars.count ? String(first) + String(scalars[start + 1]) : ""
    if ["==", "!=", "<=", ">="].contains(pair) {
      position += 2
      return .symbol(pair)
    }
    if let meant = Lexer.foreignSpellings[pair] ?? Lexer.foreignSpellings[String(first)] {
      let length = Lexer.foreignSpellings[pair] == nil ? 1 : 2
      throw ExpressionProblem(
        column: start + 1, found: quoted(scalars[start..<start + length]),
        expected: "an operator of this language", suggestion: meant)
    }
    guard "+-*/()[],<>".unicodeScalars.contains(first) else {
      throw ExpressionProblem(
        column: start + 1, found: quoted(scalars[start...start]),
        expected: "a name, a number, a quoted text or an operator")
    }
    position += 1
    return .symbol(String(first))
  }

  /// What people write who know another language, and what it is here.
  private static let foreignSpellings: [String: String] = [
    "=": "==", "<>": "!=", "~=": "!=", "!": "not", "&&": "and", "&": "and",
    "||": "or", "|": "or", "≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "÷": "/", "−": "-",
    "–": "-", "“": "\"", "”": "\"", "‘": "'", "’": "'",
  ]

  // MARK: Numbers

  private mutating func number(at start: Int) throws(ExpressionProblem) -> Token.Kind {
    skipDigits()
    if position + 1 < scalars.count, scalars[position] == ".", scalars[position + 1].isDigit {
      position += 1
      skipDigits()
    }
    if let exponent = exponentEnd() { position = exponent }
    let spelling = String(String.UnicodeScalarView(scalars[start..<position]))
    if position < scalars.count, scalars[position].isNamePart || scalars[position] == "." {
      throw ExpressionProblem(
        column: position + 1, found: quoted(scalars[position...position]) + " after a number",
        expected: "an operator, or a name that starts with a letter")
    }
    guard let value = Double(spelling), value.isFinite else {
      throw ExpressionProblem(
        column: start + 1, found: quoted(scalars[start..<position]),
        expected: "a number of at most 1.8e308")
    }
    return .number(value)
  }

  private mutating func skipDigits() {
    while position < scalars.count, scalars[position].isDigit { position += 1 }
  }

  /// Where `e+12` after a number ends, or nil when none follows.
  private func exponentEnd() -> Int? {
    guard position < scalars.count, scalars[position] == "e" || scalars[position] == "E" else {
      return nil
    }
    var end = position + 1
    if end < scalars.count, scalars[end] == "+" || scalars[end] == "-" { end += 1 }
    let digits = end
    while end < scalars.count, scalars[end].isDigit { end += 1 }
    return end > digits ? end : nil
  }

  // MARK: Names

  private mutating func word(at start: Int) -> Token.Kind {
    position = segmentEnd(from: start)
    if let hyphenated = hyphenatedEnd(from: position) { position = hyphenated }
    while let next = dottedStart(at: position) { position = segmentEnd(from: next) }
    let spelling = String(String.UnicodeScalarView(scalars[start..<position]))
    return Keyword(rawValue: spelling).map { .keyword($0) } ?? .name(spelling)
  }

  private func segmentEnd(from start: Int) -> Int {
    var end = start
    while end < scalars.count, scalars[end].isNamePart { end += 1 }
    return end
  }

  /// Where an instrument's id goes on through hyphens, which it does only when `.` and a letter
  /// follow directly: `needs-6.satisfaction` is a name, `a-b` and `a-1.5` are subtractions.
  private func hyphenatedEnd(from start: Int) -> Int? {
    var end = start
    while end < scalars.count, scalars[end] == "-" {
      let next = segmentEnd(from: end + 1)
      guard next > end + 1 else { return nil }
      end = next
    }
    return end > start && dottedStart(at: end) != nil ? end : nil
  }

  /// The first letter after a `.` at the place, or nil when none is there.
  private func dottedStart(at place: Int) -> Int? {
    guard place + 1 < scalars.count, scalars[place] == ".", scalars[place + 1].isLetter else {
      return nil
    }
    return place + 1
  }

  // MARK: Texts

  private mutating func text(
    at start: Int, quote: Unicode.Scalar
  ) throws(ExpressionProblem) -> Token.Kind {
    var content = String.UnicodeScalarView()
    position += 1
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      if scalar == quote { return .text(String(content)) }
      guard scalar == "\\" else {
        content.append(scalar)
        continue
      }
      guard position < scalars.count, let meant = Lexer.escapes[scalars[position]] else {
        throw ExpressionProblem(
          column: position, found: "a backslash", expected: #"\\, \", \', \n or \t"#,
          suggestion: #"\\"#)
      }
      content.append(meant)
      position += 1
    }
    throw ExpressionProblem(
      column: start + 1, found: "a text that does not end", expected: "a closing \(quote)")
  }

  private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
    "\\": "\\", "\"": "\"", "'": "'", "n": "\n", "t": "\t",
  ]

  /// A piece of source for a message. 40 scalars show what is meant and keep the message one line.
  private func quoted(_ piece: ArraySlice<Unicode.Scalar>) -> String {
    let shown = String(String.UnicodeScalarView(piece.prefix(40)))
    return "'\(shown)\(piece.count > 40 ? "…" : "")'"
  }
}

extension Unicode.Scalar {
  /// ASCII only: names are typed on every keyboard and become columns in other programs.
  var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
  var isDigit: Bool { ("0"..."9").contains(self) }
  var isNamePart: Bool { isLetter || isDigit || self == "_" }
}
