import Testing

@testable import Statistics

@Suite("Model formulas")
struct ModelFormulaTests {
  @Test(
    "expand to the terms that R's terms() gives",
    arguments: [
      ("y ~ a + b", "a b"), ("y ~ a * b", "a b a:b"), ("y ~ a:b + a", "a a:b"),
      ("y ~ b + a:b", "b b:a"), ("y ~ a / b", "a a:b"), ("y ~ (a + b + c)^2", "a b c a:b a:c b:c"),
      ("y ~ a * b * c - a:b:c", "a b c a:b a:c b:c"), ("y ~ a + a + b - b", "a"),
      ("y ~ a * b - a", "b a:b"), ("y ~ (a + b) / c", "a b a:b:c"),
      ("y ~ a / b / c", "a a:b a:b:c"),
      ("y ~ log(a) + I(b^2)", "log(a) I(b^2)"),
      ("y ~ I(a+b) * `odd name`", "I(a + b) odd name I(a + b):odd name"),
      ("y ~ poly(x, 2, raw = TRUE)", "poly(x, 2, raw = TRUE)"), ("y ~ 1", ""),
    ])
  func terms(formula: String, expected: String) throws {
    #expect(try ModelFormula.parse(formula).fixedTermNames.joined(separator: " ") == expected)
  }

  @Test(
    "know their intercept",
    arguments: [
      ("y ~ a", true), ("y ~ 0 + a", false), ("y ~ a - 1", false), ("y ~ a + 0", false),
      ("y ~ -1 + a", false), ("y ~ 1 + a", true), ("y ~ a + (0 + b | g)", true),
    ])
  func intercept(formula: String, expected: Bool) throws {
    #expect(try ModelFormula.parse(formula).fixed.hasIntercept == expected)
  }

  @Test(
    "name the groups of random terms as lme4 does",
    arguments: [
      ("y ~ x + (x | g)", "g"), ("y ~ x + (1 | a/b)", "a b:a"), ("y ~ (1 | a:b)", "a:b"),
      ("y ~ (1 | a) + (1 | b)", "a b"), ("y ~ (x || g)", "g"),
    ])
  func groups(formula: String, expected: String) throws {
    #expect(try ModelFormula.parse(formula).groupNames.joined(separator: " ") == expected)
  }

  @Test("split uncorrelated terms")
  func uncorrelated() throws {
    let formula = try ModelFormula.parse("y ~ x + (x + z || g)")
    #expect(formula.random.count == 3)
    #expect(formula.random.map(\.effects.hasIntercept) == [true, false, false])
  }

  @Test("list the columns that they read")
  func variables() throws {
    let formula = try ModelFormula.parse("log(y) ~ I(x^2) * arm + offset(o) + (x || site/id)")
    #expect(formula.variableNames == ["y", "x", "arm", "o", "site", "id"])
  }

  @Test(
    "refuse mistakes at their place",
    arguments: [
      ("", 1), ("y", 2), ("y ~", 4), ("y ~ x +", 8), ("y ~ (x | g", 11), ("y ~ x ! z", 7),
      ("y ~ 3", 5), ("y ~ x * 2", 9), ("y ~ (x | g) * z", 5), ("y ~ x)", 6), ("y ~ (0 | g)", 6),
      ("y ~ (1 | g + 1)", 14), ("y ~ `x", 5), ("y ~ (x)^2.5", 9), ("y ~ log(x", 10),
      ("y ~ (x || )", 11), ("y ~ x ~ z", 7), ("y ~ 1e999", 5),
    ])
  func mistakes(formula: String, column: Int) throws {
    let error = #expect(throws: FormulaError.self) { try ModelFormula.parse(formula) }
    #expect(error?.column == column)
  }

  @Test("refuse hostile text without a trap")
  func hostile() {
    let texts = [
      "y ~ " + String(repeating: "(", count: 5_000),
      "y ~ " + String(repeating: "x + ", count: 2_400) + "x",
      "y ~ (" + (0..<40).map { "a\($0)" }.joined(separator: " + ") + ")^20",
      "y ~ " + (0..<30).map { "a\($0)" }.joined(separator: " * "),
      String(repeating: "~", count: 20_000), "y ~ \u{0}", "y ~ 🙂 +", "y ~ log(log(log(",
    ]
    for text in texts {
      #expect(throws: FormulaError.self) { try ModelFormula.parse(text) }
    }
  }

  @Test("survive any text", arguments: 0..<300)
  func fuzz(seed: Int) {
    var generator = SplitMix64(state: UInt64(seed))
    let pieces = [
      "y", "~", "+", "-", "*", "/", "^", ":", "(", ")", "|", "||", "0", "1", "x", ",", "=",
    ]
    let text = (0..<Int.random(in: 1...25, using: &generator))
      .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
    guard let formula = try? ModelFormula.parse("y ~ " + text) else { return }
    guard let data = try? SimulatedStudy(persons: 5).data() else { return }
    _ = try? LinearMixedModel.fit(formula, data: data)
  }
}
