import Definitions
import Instruments
import Testing

@Suite("Scores")
struct ScoringTests {
  /// An instrument with five items from 1 to 5 (`e` reversed) and the given scores.
  private func instrument(_ scores: String) throws -> Instrument {
    let text = """
      id: base
      version: 1.0.0
      title: Base
      construct: test
      language: en
      recall: general
      wording: original
      imported: a test
      items:
        - { id: a, text: A, type: likert, range: [1, 5] }
        - { id: b, text: B, type: likert, range: [1, 5] }
        - { id: c, text: C, type: likert, range: [1, 5], show_if: a >= 3 }
        - { id: d, text: D, type: likert, range: [1, 5], show_if: c >= 3 }
        - { id: e, text: E, type: likert, range: [1, 5], reverse: true }
        - { id: t, text: T, type: text }
        - { id: n, text: N, type: number }
      scores:
        s: \(scores)
      """
    let (instrument, problems) = load(text)
    #expect(problems.errorCount == 0, "\(problems.list)")
    return try #require(instrument)
  }

  private func score(
    _ formula: String, _ answers: [String: Double]
  ) throws -> ScoreValue {
    let instrument = try instrument(formula)
    return try #require(instrument.scores(of: answers.mapValues(Answer.number)).first)
  }

  @Test(
    "A mean is over what was answered, and needs three quarters of its items, rounded up",
    arguments: [
      (["a": 4.0, "b": 2, "c": 3, "d": 5], 3.5), (["a": 4, "b": 2, "c": 3], 3),
      (["a": 4, "b": 2], nil), ([:], nil),
    ] as [([String: Double], Double?)])
  func means(answers: [String: Double], expected: Double?) throws {
    let result = try score("{ mean: [a, b, c, d] }", answers)
    #expect(result.value == expected)
    #expect(result.answered == answers.count)
    #expect(result.items == 4)
    #expect(!result.isProrated)
  }

  @Test("A sum needs all of its items unless the file says otherwise")
  func sums() throws {
    #expect(try score("{ sum: [a, b, e] }", ["a": 4, "b": 2, "e": 5]).value == 7)
    #expect(try score("{ sum: [a, b, e] }", ["a": 4, "b": 2]).value == nil)
    #expect(try score("{ sum: [a, b, e] }", ["a": 4, "b": 2]).isProrated == false)
  }

  @Test("A sum over fewer items is their mean times the number of items, and flagged")
  func proratedSums() throws {
    let full = try score("{ sum: [a, b, e], answered: 2 }", ["a": 4, "b": 2, "e": 5])
    #expect(full.value == 7 && !full.isProrated)
    let short = try score("{ sum: [a, b, e], answered: 2 }", ["a": 4, "b": 3])
    #expect(short.value == 10.5 && short.isProrated && short.answered == 2)
  }

  @Test("A score of a sum that was filled up is flagged too")
  func proratedScores() throws {
    let instrument = try instrument(
      "{ sum: [a, b, e], answered: 2 }\n  twice: { expression: s * 2 }")
    let results = instrument.scores(of: ["a": .number(4), "b": .number(3)])
    #expect(results.map(\.value) == [10.5, 21])
    #expect(results.map(\.isProrated) == [true, true])
    #expect(results.map(\.items) == [3, 3])
  }

  @Test("A reversed item counts as minimum + maximum − answer, in expressions too")
  func reversed() throws {
    #expect(try score("{ mean: [e] }", ["e": 2]).value == 4)
    #expect(try score("{ expression: e * 10 }", ["e": 2]).value == 40)
  }

  @Test("Items that are not shown are not scored, whatever was answered before")
  func hidden() throws {
    let shown = try score(
      "{ mean: [a, b, c, d], answered: 1 }", ["a": 3, "b": 1, "c": 3, "d": 5])
    #expect(shown.value == 3 && shown.answered == 4)
    // a = 2 hides c; without c, d is hidden as well.
    let hidden = try score(
      "{ mean: [a, b, c, d], answered: 1 }", ["a": 2, "b": 1, "c": 3, "d": 5])
    #expect(hidden.value == 1.5 && hidden.answered == 2)
  }

  @Test("An answer off its scale is never scored", arguments: [0, 6, 2.5, .infinity, .nan])
  func offScale(answer: Double) throws {
    let result = try score("{ sum: [a], answered: 1 }", ["a": answer])
    #expect(result.value == nil && result.answered == 0)
  }

  @Test("In an expression missing stays missing, unless a function says otherwise")
  func expressions() throws {
    #expect(try score("{ expression: a + b }", ["a": 4]).value == nil)
    #expect(try score("{ expression: 'count(a, b)' }", ["a": 4]).value == 1)
    #expect(try score("{ expression: if missing(b) then 0 else b }", ["a": 4]).value == 0)
    #expect(try score("{ expression: 1 / (a - 4) }", ["a": 4]).value == nil)
  }

  @Test("An expression that leaves its stated range is missing and flagged")
  func outOfRange() throws {
    let inside = try score("{ expression: n / 2, range: [0, 10] }", ["n": 20])
    #expect(inside.value == 10 && inside.absence == nil)
    let outside = try score("{ expression: n / 2, range: [0, 10] }", ["n": 21])
    #expect(outside.value == nil && outside.absence == .outOfRange && outside.strayed == 10.5)
  }

  @Test(
    "A score without a value says why, and so does one that rests on it",
    arguments: [
      ("{ mean: [a, b, c, d] }", ["a": 4, "b": 2], .tooFewAnswers),
      ("{ expression: a + b }", ["a": 4], .tooFewAnswers),
      ("{ expression: 1 / (a - 4) }", ["a": 4], .notDefined),
      ("{ weighted: { a: n } }", ["a": 4, "n": 0], .notDefined),
      ("{ expression: n / 2, range: [0, 10] }", ["n": 21], .outOfRange),
      ("{ mean: [x] }\n  x: { expression: n / 2, range: [0, 10] }", ["n": 21], .outOfRange),
      ("{ expression: x + 1 }\n  x: { expression: 1 / (a - 4) }", ["a": 4], .notDefined),
      ("{ mean: [a] }", ["a": 4], nil),
    ] as [(String, [String: Double], ScoreAbsence?)])
  func absences(formula: String, answers: [String: Double], expected: ScoreAbsence?) throws {
    let result = try score(formula, answers)
    #expect(result.absence == expected && (result.value == nil) == (expected != nil))
  }

  @Test(
    "A bound on what several answers made is a cut-off, however it is written",
    arguments: [
      ("{ expression: if x >= 3 then 1 else 0 }", true),
      ("{ expression: if a + b >= 6 then 1 else 0 }", true),
      ("{ expression: '10 * (if 6 <= sum(a, b) then 1 else 0)', overlaps: true }", true),
      ("{ expression: 'if x in [4, 5] then 2 else if x >= 3 then 1 else 0' }", true),
      ("{ expression: count(x >= 3) }", true),
      ("{ mean: [y] }\n  y: { expression: if x >= 3 then 1 else 0 }", true),
      // A right answer, a clamp, and what is missing are none.
      ("{ expression: if a >= 4 then 1 else 0 }", false),
      ("{ expression: if x >= 4 then 4 else x }", false),
      ("{ expression: if missing(x) then 0 else 1 }", false),
      ("{ expression: 'count(a >= 4, b >= 4)' }", false),
    ])
  func hiddenCutoffs(formula: String, isCutoff: Bool) throws {
    let instrument = try instrument(formula + "\n  x: { mean: [a, b] }")
    let answers: [String: Answer] = ["a": .number(4), "b": .number(4)]
    #expect(instrument.score("s")?.isCutoff == isCutoff)
    let withheld = instrument.scores(of: answers).first
    #expect((withheld?.absence == .notForWording) == isCutoff)
    #expect(instrument.scores(of: answers, cutoffs: .exploratory).first?.value != nil)
    #expect(
      (instrument.scoringHash(cutoffs: .exploratory)
        != instrument.scoringHash(cutoffs: .publishedWording)) == isCutoff)
  }

  @Test("Scores are computed after those they use, whatever their order in the file")
  func order() throws {
    let instrument = try instrument(
      "{ expression: later + 1 }\n  later: { mean: [first, b] , overlaps: true }\n"
        + "  first: { mean: [a] }")
    let results = instrument.scores(of: ["a": .number(4), "b": .number(2)])
    #expect(results.map(\.name) == ["s", "later", "first"])
    #expect(results.map(\.value) == [4, 3, 4])
    #expect(results.map(\.items) == [2, 2, 1])
  }

  @Test(
    "A score has the range that its items give",
    arguments: [
      ("{ mean: [a, b] }", 1...5), ("{ sum: [a, b] }", 2...10),
      ("{ sum: [a, b], answered: 1 }", 2...10), ("{ expression: a * 2, range: [2, 10] }", 2...10),
      ("{ expression: a * 2 }", nil), ("{ mean: [n] }", nil),
    ] as [(String, ClosedRange<Double>?)])
  func ranges(formula: String, range: ClosedRange<Double>?) throws {
    #expect(try instrument(formula).score("s")?.range == range)
  }

  @Test("Every score lies in its range, for every set of answers to three items")
  func everywhere() throws {
    let instrument = try instrument(
      "{ mean: [a, b, e], answered: 1 }\n  total: { sum: [a, b, e], answered: 2, overlaps: true }")
    let choices: [Double?] = [nil, 1, 2, 3, 4, 5]
    for a in choices {
      for b in choices {
        for e in choices {
          var answers: [String: Answer] = [:]
          answers["a"] = a.map(Answer.number)
          answers["b"] = b.map(Answer.number)
          answers["e"] = e.map(Answer.number)
          let results = instrument.scores(of: answers)
          let keyed = [a, b, e.map { 6 - $0 }].compactMap(\.self)
          let mean = keyed.isEmpty ? nil : keyed.reduce(0, +) / Double(keyed.count)
          #expect(results[0].value == mean)
          #expect(results[0].answered == keyed.count)
          let sum = keyed.count == 3 ? keyed.reduce(0, +) : mean.map { $0 * 3 }
          #expect(results[1].value == (keyed.count >= 2 ? sum : nil))
          #expect(results[1].isProrated == (keyed.count == 2))
          for (score, result) in zip(instrument.scores, results) {
            guard let value = result.value, let range = score.range else { continue }
            #expect(range.contains(value))
          }
        }
      }
    }
  }
}
