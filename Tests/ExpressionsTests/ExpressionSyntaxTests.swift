import Testing

@testable import Expressions

@Suite("The syntax of expressions")
struct ExpressionSyntaxTests {
  @Test(
    "prints in canonical form",
    arguments: [
      ("1+2*3", "1 + 2 * 3"),
      ("(1+2)*3", "(1 + 2) * 3"),
      ("1-(2-3)-4", "1 - (2 - 3) - 4"),
      ("a-b", "a - b"),
      ("a-1.5", "a - 1.5"),
      ("needs-6.satisfaction-1", "needs-6.satisfaction - 1"),
      ("a - b.c", "a - b.c"),
      ("after-chat.felt_pushed>2", "after-chat.felt_pushed > 2"),
      ("- -x", "--x"),
      ("-(x+1)", "-(x + 1)"),
      ("not(a) or b and c", "not a or b and c"),
      ("(a or b) and not (c == 1)", "(a or b) and not c == 1"),
      ("x in[1,2,-3]", "x in [1, 2, -3]"),
      (#"x == 'a"b'"#, #"x == "a\"b""#),
      ("if a then 1 else if b then 2 else 3", "if a then 1 else if b then 2 else 3"),
      ("(if a then 1 else 2) + 1", "(if a then 1 else 2) + 1"),
      ("mean( n01 ,n02)", "mean(n01, n02)"),
      ("1e3 + 0.10 + 1e-7 + 1e20", "1000 + 0.1 + 1e-07 + 1e+20"),
      ("true and false", "true and false"),
      ("mean", "mean"),
    ])
  func printsCanonically(source: String, canonical: String) throws {
    let expression = try Expression.parse(source)
    #expect(expression.description == canonical)
    #expect(try Expression.parse(canonical) == expression)
  }

  @Test("lists the names it uses, dotted ones whole")
  func names() throws {
    let expression = try Expression.parse(
      "if needs-6.satisfaction > a then mean(b, b_2) else c.d.e")
    #expect(expression.names == ["needs-6.satisfaction", "a", "b", "b_2", "c.d.e"])
    #expect(
      try Expression.parse("first_of(a, b) + first_of(c)").namesGiven(to: .firstOf).count == 2)
  }

  @Test("random expressions survive printing and reading", arguments: 0..<40)
  func roundTrip(seed: UInt64) throws {
    var random = ExpressionGenerator(seed: seed)
    for _ in 0..<50 {
      let tree = random.tree(depth: 6)
      let printed = tree.printed(in: .choice)
      let read = try Expression.parse(printed)
      #expect(read.root == tree, "\(printed)")
      #expect(read.description == printed)
    }
  }

  @Test(
    "a problem is found at its column, with advice",
    arguments: [
      Refusal("", 1, found: "the end"),
      Refusal("   ", 4, found: "the end"),
      Refusal("1 +", 4, found: "the end"),
      Refusal("a = 1", 3, found: "'='", suggestion: "=="),
      Refusal("a && b", 3, found: "'&&'", suggestion: "and"),
      Refusal("a || b", 3, found: "'||'", suggestion: "or"),
      Refusal("!a", 1, found: "'!'", suggestion: "not"),
      Refusal("a <> 1", 3, found: "'<>'", suggestion: "!="),
      Refusal("a ≥ 1", 3, found: "'≥'", suggestion: ">="),
      Refusal("1 < x < 5", 7, found: "'<'", suggestion: "a < x and x < b, or parentheses"),
      Refusal("a == b == c", 8, found: "'=='", suggestion: "a < x and x < b, or parentheses"),
      Refusal("x not in [1]", 3, found: "'not'", suggestion: "not x in […]"),
      Refusal("a == not b", 6, found: "'not'"),
      Refusal("1 + if a then 1 else 2", 5, found: "'if'"),
      Refusal("if a then 1", 12, found: "the end"),
      Refusal("if a 1 else 2", 6, found: "'1'"),
      Refusal("meen(a)", 1, found: "'meen'", suggestion: "mean"),
      Refusal("firstof(a)", 1, found: "'firstof'", suggestion: "first_of"),
      Refusal("lag(a)", 1, found: "'lag'"),
      Refusal("mean()", 6, found: "')'"),
      Refusal("mean(a,)", 8, found: "')'"),
      Refusal("mean(a b)", 8, found: "'b'"),
      Refusal("x in 1", 6, found: "'1'"),
      Refusal("x in []", 7, found: "']'"),
      Refusal("(a", 3, found: "the end"),
      Refusal("a)", 2, found: "')'"),
      Refusal("a b", 3, found: "'b'"),
      Refusal("2x", 2, found: "'x' after a number"),
      Refusal("1.", 2, found: "'.' after a number"),
      Refusal(".5", 1, found: "'.'"),
      Refusal("1e999", 1, found: "'1e999'"),
      Refusal("x == 'abc", 6, found: "a text that does not end"),
      Refusal(#"x == "a\q""#, 8, found: "a backslash", suggestion: #"\\"#),
      Refusal("x == “a”", 6, found: "'“'", suggestion: "\""),
      Refusal("größe > 1", 3, found: "'ö'"),
      Refusal("a; b", 2, found: "';'"),
      Refusal("a $ b", 3, found: "'$'"),
      Refusal("a\u{0}", 2, found: "'\u{0}'"),
    ])
  func refuses(_ refusal: Refusal) {
    let problem = #expect(throws: ExpressionProblem.self) { try Expression.parse(refusal.source) }
    #expect(problem?.column == refusal.column)
    #expect(problem?.found == refusal.found)
    #expect(problem?.suggestion == refusal.suggestion)
  }

  @Test(
    "hostile length gives a located problem, not a crash",
    arguments: ["(", "not ", "-", "a + ", "if a then ", "mean(", "a in [", "a or ", "(a) * -"])
  func hostile(piece: String) {
    let source = String(repeating: piece, count: 100_000) + "a"
    let problem = #expect(throws: ExpressionProblem.self) { try Expression.parse(source) }
    #expect((problem?.column ?? 0) >= 1)
    #expect((problem?.found.count ?? 0) < 100)
  }

  @Test(
    "what parses at the limit prints, parses again and evaluates",
    arguments: ["(", "not (", "-", "1 + (", "if t then ", "mean(", "1 in [", "1 + ", "t or "])
  func atTheLimit(piece: String) throws {
    let closing = ["(": ")", "[": "]", "if t then ": " else 1"]
    let close = closing.first { piece.hasSuffix($0.key) }?.value ?? ""
    let deepest = (1...Parser.heightLimit).last { depth in
      let source =
        String(repeating: piece, count: depth) + "1" + String(repeating: close, count: depth)
      guard let expression = try? Expression.parse(source) else { return false }
      _ = expression.evaluate { _ in .truth(true) }
      _ = expression.check(names: [:])
      return Set([expression]).contains(expression)
        && (try? Expression.parse(expression.description)) == expression
    }
    #expect((deepest ?? 0) >= Parser.nestingLimit / 2 - 1)
  }

  @Test("lists may be long even though nesting may not be deep")
  func longLists() throws {
    let list = (0..<5_000).map { "x\($0)" }.joined(separator: ", ")
    #expect(try Expression.parse("sum(\(list))").evaluate { _ in .number(2) } == .number(10_000))
  }

  @Test("random characters never trap", arguments: 0..<20)
  func noise(seed: UInt64) {
    var random = ExpressionGenerator(seed: seed)
    let pieces = [
      "(", ")", "[", "]", ",", "a", "1", "'", "\"", "\\", " ", "-", ".", "if", "not ", "=",
    ]
    for _ in 0..<500 {
      let source = (0..<12).map { _ in pieces[random.below(pieces.count)] }.joined()
      if let expression = try? Expression.parse(source) {
        #expect((try? Expression.parse(expression.description)) == expression, "\(source)")
      }
    }
  }
}

/// A source that must not parse, and what must be said about it.
struct Refusal: Sendable, CustomTestStringConvertible {
  let source: String
  let column: Int
  let found: String
  let suggestion: String?

  init(_ source: String, _ column: Int, found: String, suggestion: String? = nil) {
    self.source = source
    self.column = column
    self.found = found
    self.suggestion = suggestion
  }

  var testDescription: String { source }
}
