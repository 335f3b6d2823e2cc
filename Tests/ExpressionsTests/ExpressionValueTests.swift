import Testing

@testable import Expressions

@Suite("The value of expressions")
struct ExpressionValueTests {
  static let known: [String: Value] = [
    "a": .number(4), "b": .number(2), "zero": .number(0), "big": .number(1e308),
    "endless": .number(.infinity), "none": .number(.nan),
    "m": .missing, "t": .truth(true), "f": .truth(false), "u": .missing,
    "name": .text("Ada"), "decomposed": .text("e\u{301}"),
  ]

  func value(_ source: String) throws -> Value {
    try Expression.parse(source).evaluate { Self.known[$0] ?? .missing }
  }

  @Test(
    "numbers",
    arguments: [
      ("a + b * 2", 8), ("(a + b) * 2", 12), ("a - b - 1", 1), ("a / b / 2", 1), ("-a + 1", -3),
      ("mean(a, b)", 3), ("sum(a, b, 1)", 7), ("min(a, b)", 2), ("max(a, b, 9)", 9),
      ("count(a > 3, b > 3, m > 3)", 1), ("count(a, m, b)", 2), ("count(m)", 0),
      ("first_of(m, b, a)", 2), ("if a > b then 1 else 2", 1), ("if f then 1 else 2", 2),
      ("count(answered(a), answered(m), missing(m))", 2),
    ] as [(String, Double)])
  func numbers(source: String, expected: Double) throws {
    #expect(try value(source) == .number(expected))
  }

  @Test(
    "truths",
    arguments: [
      ("a > b", true), ("a >= 4", true), ("a < b", false), ("a <= 4", true), ("a != 4", false),
      ("a == 4 and b == 2", true), ("not a == 4", false), ("a in [1, 4]", true),
      ("a in [1, 2]", false), ("a in [m, 4]", true), ("name == 'Ada'", true),
      ("name == 'ada'", false), ("name in ['Bo', 'Ada']", true), ("decomposed == 'é'", true),
      ("answered(a, b)", true), ("answered(a, m)", false), ("missing(a)", false),
      ("missing(a, m)", true), ("missing(endless)", true), ("t == t", true), ("t != f", true),
      ("zero == -zero", true),
    ])
  func truths(source: String, expected: Bool) throws {
    #expect(try value(source) == .truth(expected))
    #expect(try Expression.parse(source).isTrue { Self.known[$0] ?? .missing } == expected)
  }

  @Test(
    "what is not known is missing",
    arguments: [
      "m", "m + 1", "-m", "not u", "m > 1", "m == m", "m != 1", "a in [1, m]", "m in [1, 2]",
      "mean(a, m)", "sum(m)", "min(a, m)", "max(m, a)", "first_of(m, u)", "if u then 1 else 1",
      "if t then m else 1", "a / zero", "zero / zero", "big * 10", "big * 10 - big", "endless",
      "none", "none == none", "sum(big, big)", "unheard_of",
    ])
  func missing(source: String) throws {
    #expect(try value(source) == .missing)
    #expect(try !Expression.parse(source).isTrue { Self.known[$0] ?? .missing })
  }

  @Test(
    "what the checker refuses is missing rather than a trap",
    arguments: [
      "a + name", "not a", "name < 'B'", "a == name", "t < f", "if a then 1 else 2", "a and u",
      "mean(a, name)", "-t",
    ])
  func illTyped(source: String) throws {
    #expect(try value(source) == .missing)
  }

  /// Kleene's strong three-valued logic: Kleene (1952), Introduction to Metamathematics, §64.
  @Test(
    "Kleene's truth tables",
    arguments: [
      ("t", "t", true, true), ("t", "f", false, true), ("t", "u", nil, true),
      ("f", "t", false, true), ("f", "f", false, false), ("f", "u", false, nil),
      ("u", "t", nil, true), ("u", "f", false, nil), ("u", "u", nil, nil),
    ] as [(String, String, Bool?, Bool?)])
  func kleene(left: String, right: String, and: Bool?, or: Bool?) throws {
    #expect(try value("\(left) and \(right)") == (and.map { .truth($0) } ?? .missing))
    #expect(try value("\(left) or \(right)") == (or.map { .truth($0) } ?? .missing))
    // De Morgan's laws hold in Kleene's logic.
    #expect(
      try value("not (\(left) and \(right))") == value("not \(left) or not \(right)"))
  }

  @Test("random expressions evaluate without a trap and stay finite", arguments: 0..<20)
  func total(seed: UInt64) {
    var random = ExpressionGenerator(seed: seed)
    let values = Array(Self.known.values).sorted { "\($0)" < "\($1)" }
    for _ in 0..<100 {
      let source = random.tree(depth: 5).printed(in: .choice)
      guard let expression = try? Expression.parse(source) else {
        Issue.record("does not parse: \(source)")
        continue
      }
      var next = 0
      let value = expression.evaluate { _ in
        next = (next + 7) % values.count
        return values[next]
      }
      if case .number(let number) = value { #expect(number.isFinite, "\(source)") }
    }
  }
}
