import Definitions
import Instruments
import Testing

@Suite("What scores may not do is found in expressions and categories too")
struct ScoreRuleTests {
  private func found(
    _ scores: String, _ examples: String, more: String = "", checks: String = "[]"
  ) -> [String] {
    let text = """
      id: base
      version: 1.0.0
      title: Base
      construct: test
      language: en
      recall: general
      wording: original
      items:
        - { id: a, text: A, type: likert, range: [1, 5] }
        - { id: b, text: B, type: likert, range: [1, 5] }
        - { id: c, text: C, type: likert, range: [1, 7] }
        - { id: m, text: M, type: multiple, options: { 1: x, 2: y } }
        - { id: s, text: S, type: single, options: { 1: x, 2: y, 3: z } }
        - { id: k, text: K, type: computed, expression: 'mean(a, b)' }
        \(more)
      checks: \(checks)
      scores:
        \(scores)
      tests:
        - { answers: { a: 4, b: 4, c: 4 }, scores: { \(examples) } }
      """
    return load(text).problems.list.map(\.found)
  }

  @Test("A mean or sum within an expression keeps the rules of one that stands alone")
  func expressions() {
    #expect(found("x: { expression: 'mean(a, b)' }", "x: 4") == [])
    #expect(found("x: { expression: 'mean(a, c)' }", "x: 4") == ["'c' from 1 to 7"])
    #expect(found("x: { expression: 'mean(a, c)', mixed_ranges: true }", "x: 4") == [])
    func both(_ fields: String) -> String {
      "x: { mean: [a] }\n  y: { expression: '2 * sum(a, b)'\(fields) }"
    }
    #expect(found(both(""), "x: 4, y: 16") == ["'a' in 'y' and in 'x'"])
    #expect(found(both(", overlaps: true"), "x: 4, y: 16") == [])
  }

  @Test("So does one within a category's rule, and one that makes a computed item")
  func others() {
    func band(_ fields: String = "") -> String {
      "x: { category: [{ value: 1, label: High, when: 'mean(a, c) > 3' }, "
        + "{ value: 0, label: Low }]\(fields) }"
    }
    let examples = "x: 1 } }\n  - { answers: { a: 1, b: 1, c: 1 }, scores: { x: 0"
    #expect(found(band(), examples) == ["'c' from 1 to 7"])
    #expect(found(band(", mixed_ranges: true"), examples) == [])
    func computed(_ fields: String) -> String {
      "- { id: l, text: L, type: computed, expression: 'sum(a, c)'\(fields) }"
    }
    #expect(found("x: { mean: [a] }", "x: 4", more: computed("")) == ["'c' from 1 to 7"])
    #expect(found("x: { mean: [a] }", "x: 4", more: computed(", mixed_ranges: true")) == [])
  }

  @Test("What is no number, or no amount, is told from what is")
  func kinds() {
    #expect(
      found("x: { mean: [a, m] }", "x: 4") == ["'m', whose answer is a list of options"])
    #expect(found("x: { sum: [s] }", "x: missing") == ["'s', of the type single, in 'x'"])
    #expect(
      found(
        "x: { mean: [g] }", "x: missing",
        more: "- { id: g, text: G, type: likert, options: { 1: x, 2: y, 4: z }, reverse: true }")
        == ["a reversed item whose option 2 turns into 3, which is none"])
  }

  @Test("An attention check measures nothing")
  func checks() {
    #expect(
      found("x: { mean: [a, b] }", "x: 4", checks: "[{ item: b, expect: 2 }]")
        == ["the attention check 'b' in the score 'x'"])
    #expect(
      found(
        "x: { mean: [a] }", "x: 4", checks: "[{ item: b, expect: 2 }, { item: b, expect: 3 }]")
        == ["a second check on 'b'"])
  }

  @Test("Each category has a value of its own and comes out in a worked example")
  func categories() {
    func band(_ high: Int, _ middle: Int) -> String {
      "x: { category: [{ value: 1, label: Any, when: a >= 2 }, "
        + "{ value: \(high), label: High, when: a >= 4 }, { value: \(middle), label: Low }] }"
    }
    #expect(
      found(band(2, 0), "x: 1") == [
        "the category 'High' without a worked example",
        "the category 'Low' without a worked example",
      ])
    #expect(found(band(1, 1), "x: 1") == ["the value 1 twice", "the value 1 twice"])
  }
}
