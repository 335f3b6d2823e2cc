import Definitions
import Expressions
import Instruments
import Testing

@Suite("Items that nobody can reach")
struct ReachableItemTests {
  typealias Generator = DamagedFileTests.Generator

  /// An item of each kind that a condition can use, some of them with conditions of their own.
  private static let items = """
      - { id: a, text: A, type: likert, range: [1, 5] }
      - { id: e, text: E, type: likert, range: [1, 5], show_if: a == 1 }
      - { id: s, text: S, type: slider, range: [0, 100], step: 5 }
      - { id: f, text: F, type: slider, range: [0, 1], step: 0.1 }
      - { id: n, text: N, type: number, range: [0, 100] }
      - { id: w, text: W, type: number, at_least: 0, whole: true }
      - { id: m, text: M, type: multiple, options: { 0: none, 1: x, 2: y, 3: z }, exclusive: 0 }
      - { id: r, text: R, type: rank, options: { 1: x, 2: y, 3: z } }
      - { id: t, text: T, type: text, longest: 3, show_if: m.chosen >= 1 }
      - { id: d, text: D, type: date }
      - { id: h, text: H, type: time }
      - { id: k, text: K, type: computed, expression: a + e }
    """

  private static func file(last condition: String?) -> String {
    """
    id: base
    version: 1.0.0
    title: Base
    construct: test
    language: en
    recall: general
    wording: original
    earlier: { other: { weight: number, goal: text } }
    items:
    \(items)
    \(condition.map { "  - { id: z, text: Z, type: instruction, show_if: '\($0)' }" } ?? "")
    """
  }

  private func isReported(_ condition: String) -> Bool {
    let problems = load(Self.file(last: condition)).problems.list
    #expect(problems.allSatisfy { $0.found == Instrument.unreachable }, "\(condition): \(problems)")
    return !problems.isEmpty
  }

  @Test(
    "are found",
    arguments: [
      "a > 5", "a > 3 and a < 2", "s > 100", "s == 7", "s > 5 and s < 10", "s * 2 > 200",
      "f == 0.35",
      "n > 100", "n < 0", "n > 3 and n < 3", "w == 2.5", "w > 2 and w < 3", "w < 0",
      "m.has_0 and m.has_1", "m.has_0 and m.chosen > 0", "m.chosen > 3", "missing(m) and m.has_1",
      "m == \"[0,1]\"", "r.place_1 == 4", "r.place_1 == 1 and r.place_2 == 1", "e == 3 and a == 2",
      "answered(e) and missing(a)", "k > 6", "t == \"long\"", "answered(t) and m.has_0",
      "d == \"2027-02-29\"", "h == \"24:00\"", "answered(other.goal) and missing(other.goal)",
      "other.weight > 1 and other.weight < 1",
    ])
  func found(condition: String) { #expect(isReported(condition)) }

  @Test(
    "are told from those that somebody can reach",
    arguments: [
      "a > 4", "s >= 100", "s == 5", "s > 5 and s < 15", "s * 2 == 190", "f == 0.3", "f * 10 == 3",
      "n > 99.99", "n > 3 and n < 3.0001", "w > 2 and w <= 3", "w > 1000000", "n + w > 1000",
      "m.has_0", "m.has_1 and m.chosen == 3", "m.chosen == 0", "m == \"[1,3]\"",
      "r.place_1 == 3 and r.place_2 == 1", "e == 3 and a == 1", "missing(e) and a == 2", "k == 6",
      "t == \"abc\"", "t != \"abc\"", "missing(t) and m.has_0", "d == \"2028-02-29\"",
      "d != \"2000-01-01\"", "h == \"23:59\"", "d == h or answered(d)", "other.weight > 1000000",
      "other.goal == \"x\"", "missing(other.goal)", "a in [3, 4]",
    ])
  func reachable(condition: String) { #expect(!isReported(condition)) }

  @Test("What hangs on more answers than can be tried is taken to be possible")
  func tooMany() {
    #expect(!isReported("n + s > 1000"))
    let many = (1...12).map { "- { id: i\($0), text: T\($0), type: likert, range: [1, 7] }" }
    let sum = (1...12).map { "i\($0)" }.joined(separator: " + ")
    func isRefused(_ last: String...) -> Bool {
      let items = (many + last).map { "  \($0)" }.joined(separator: "\n")
      let file = Self.file(last: nil).replacing(Self.items, with: items)
      return !load(file).problems.list.isEmpty
    }
    #expect(!isRefused("- { id: z, text: Z, type: instruction, show_if: \(sum) > 84 }"))
    // A number that is never missing by itself is so where a condition hides it that is not followed.
    #expect(
      !isRefused(
        "- { id: y, text: Y, type: computed, expression: count(i1), show_if: \(sum) > 50 }",
        "- { id: z, text: Z, type: instruction, show_if: missing(y) }"))
  }

  @Test("No condition that any answers make true is ever called unreachable")
  func neverFalse() throws {
    let instrument = try #require(load(Self.file(last: nil)).instrument)
    var generator = Generator(state: 7)
    var reported = 0
    for _ in 0..<150 {
      let condition = Self.condition(depth: 2, using: &generator)
      let isReported = isReported(condition)
      reported += isReported ? 1 : 0
      guard isReported else { continue }
      let expression = try Expression.parse(condition)
      for _ in 0..<200 {
        let answers = Self.answers(to: instrument, using: &generator)
        #expect(!instrument.isTrue(expression, of: answers), "\(condition): \(answers)")
      }
    }
    #expect(reported > 10)
  }

  private static let atoms = [
    "a == 1", "a > 3", "a < 2", "e == 3", "e < 5", "s > 50", "s <= 5", "s == 55", "f > 0.3",
    "f <= 0.4", "n == 2", "n > 2", "n <= 3", "w > 2", "w < 3", "m.has_0", "m.has_1",
    "m.chosen >= 2",
    "r.place_1 == 1", "r.place_2 < 2", "answered(t)", "t == \"ab\"", "d == \"2027-03-04\"", "k > 4",
    "h != \"07:05\"", "missing(m)", "count(a, e) == 2", "a + e > 4", "other.weight > 1",
    "answered(other.goal)",
  ]

  private static func condition(depth: Int, using generator: inout Generator) -> String {
    guard depth > 0 else {
      let atom = atoms[Int.random(in: 0..<atoms.count, using: &generator)]
      return Bool.random(using: &generator) ? atom : "not (\(atom))"
    }
    let parts = (0..<2).map { _ in condition(depth: depth - 1, using: &generator) }
    let word = Int.random(in: 0..<4, using: &generator) == 0 ? "or" : "and"
    return "(\(parts[0])) \(word) (\(parts[1]))"
  }

  /// Answers at random, the ones that conditions name among them.
  private static func answers(
    to instrument: Instrument, using generator: inout Generator
  ) -> [String: Answer] {
    let texts: [String: [String]] = [
      "m": ["[0]", "[1]", "[2]", "[1,2]", "[2,3]", "[1,2,3]"],
      "r": ["[1,2,3]", "[2,1,3]", "[3,2,1]", "[2,3,1]", "[1,3,2]", "[3,1,2]"],
      "t": ["ab", "x"], "d": ["2027-03-04", "2000-02-29"], "h": ["07:05", "23:59"],
      "other.goal": ["goal"],
    ]
    let numbers: [String: [Double]] = [
      "a": [1, 2, 3, 4, 5], "e": [1, 2, 3, 4, 5], "s": [0, 5, 50, 55, 100],
      "f": [0, 0.3, 0.4, 0.5], "n": [0, 2, 2.5, 3, 99], "w": [0, 2, 3, 4],
      "other.weight": [0, 1, 9],
    ]
    var answers: [String: Answer] = [:]
    for (item, choices) in texts.sorted(by: { $0.key < $1.key }) {
      let choice = choices.randomElement(using: &generator)
      if Int.random(in: 0..<4, using: &generator) > 0 { answers[item] = choice.map { .text($0) } }
    }
    for (item, choices) in numbers.sorted(by: { $0.key < $1.key }) {
      let choice = choices.randomElement(using: &generator)
      if Int.random(in: 0..<4, using: &generator) > 0 { answers[item] = choice.map { .number($0) } }
    }
    return answers
  }
}
