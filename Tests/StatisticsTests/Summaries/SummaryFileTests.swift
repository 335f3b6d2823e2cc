import Foundation
import Testing

@testable import Statistics

@Suite("A summary in a file")
struct SummaryFileTests {
  let study = SimulatedStudy(persons: 12)
  let formula = "y ~ poly(x, 2) + scale(z) * arm + (x | site/person)"

  @Test("comes back as it went")
  func roundTrip() throws {
    let summary = try SufficientStatistics(
      ModelFormula.parse(formula), data: study.data(), codings: ["arm": .helmert])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let bytes = try encoder.encode(summary)
    let back = try JSONDecoder().decode(SufficientStatistics.self, from: bytes)
    #expect(back == summary)
    #expect(try encoder.encode(back) == bytes)
    var twice = back
    try twice.merge(summary)
    #expect(twice.observations == 2 * summary.observations)
  }

  static let damages: [(what: String, from: String, to: String)] = [
    ("not a summary", "\"longwell-summary\"", "\"other\""),
    ("version 7", "\"version\":1", "\"version\":7"),
    ("formula cannot be read", "y ~ x", "y ~ ~ x"),
    ("columns are not those", "y ~ x", "y ~ x * arm"),
    ("add up", "\"rows\":12,", "\"rows\":13,"),
    ("lengths", "\"means\":[", "\"means\":[1.5,"),
    ("finite", "\"excluded\":0", "\"excluded\":-4"),
    ("add up to its total", "\"means\":[0.5,", "\"means\":[0.625,"),
  ]

  @Test("says in words what is damaged", arguments: damages)
  func damage(what: String, from: String, to: String) throws {
    let data = try ModelData([
      ("y", .numeric([1, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 12])),
      ("x", .numeric([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])),
      ("id", .numeric([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])),
    ])
    let summary = try SufficientStatistics(ModelFormula.parse("y ~ x + (1 | id)"), data: data)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(summary), as: UTF8.self)
    #expect(text.contains(from))
    let damaged = text.replacingOccurrences(of: from, with: to)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(SufficientStatistics.self, from: Data(damaged.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains(what), "\(context.debugDescription)")
  }

  @Test("cut short at any place is refused, and never crashes")
  func truncated() throws {
    let summary = try SufficientStatistics(
      ModelFormula.parse("y ~ x + (x | person)"), data: study.data())
    let bytes = try JSONEncoder().encode(summary)
    for end in stride(from: 0, to: bytes.count - 1, by: 97) {
      #expect(throws: (any Error).self) {
        try JSONDecoder().decode(SufficientStatistics.self, from: bytes.prefix(end))
      }
    }
  }
}

@Suite("Summaries that are not alike")
struct SummaryRefusalTests {
  let study = SimulatedStudy(persons: 12)

  @Test(
    "are not merged",
    arguments: [
      ("y ~ x + (1 | person)", "y ~ z + (1 | person)", "different formulas"),
      ("y ~ x + (1 | person)", "y ~ x + (x | person)", "different formulas"),
      ("y ~ scale(x) + (1 | person)", "y ~ scale(x) + (1 | person)", "centred and scaled"),
      ("y ~ poly(x, 2) + (1 | person)", "y ~ poly(x, 2) + (1 | person)", "centred and scaled"),
      ("y ~ factor(x) + (1 | person)", "y ~ factor(x) + (1 | person)", "levels of ‘factor(x)’"),
    ])
  func formulas(first: String, second: String, words: String) throws {
    var one = try SufficientStatistics(ModelFormula.parse(first), data: study.data())
    let few = study.y.indices.filter { study.x[$0] < 4 }
    let other = try SufficientStatistics(ModelFormula.parse(second), data: study.data(order: few))
    let before = one
    let error = #expect(throws: ModelError.self) { try one.merge(other) }
    #expect("\(error.map(\.description) ?? "")".contains(words), "\(String(describing: error))")
    #expect(one == before)
  }

  @Test("by contrasts, weights, offset or levels")
  func coding() throws {
    let formula = try ModelFormula.parse("y ~ x * arm + (1 | person)")
    let plain = try SufficientStatistics(formula, data: study.data())
    let others = [
      ("contrasts", try SufficientStatistics(formula, data: study.data(), codings: ["arm": .sum])),
      ("offset", try SufficientStatistics(formula, data: study.data(), offset: "z")),
      ("column of weights", try SufficientStatistics(formula, data: positive(), weights: "z")),
      ("levels of ‘arm’", try SufficientStatistics(formula, data: positive(third: "dose"))),
    ]
    for (words, other) in others {
      var merged = plain
      let error = #expect(throws: ModelError.self) { try merged.merge(other) }
      #expect("\(error.map(\.description) ?? "")".contains(words), "\(String(describing: error))")
    }
  }

  @Test("as to a level that added rows bring")
  func newLevel() throws {
    let formula = try ModelFormula.parse("y ~ x * arm + (1 | person)")
    var summary = try SufficientStatistics(formula, data: study.data())
    let row = try ModelData([
      ("y", .numeric([1])), ("x", .numeric([2])), ("person", .factor(text: ["p1"])),
      ("arm", .factor(text: ["placebo"])),
    ])
    let error = #expect(throws: ModelError.self) { try summary.add(row) }
    #expect("\(error.map(\.description) ?? "")".contains("‘placebo’ of ‘arm’"))
  }

  @Test("nor are they fitted where no fit could answer")
  func hopeless() throws {
    let one = study.y.indices.filter { study.person[$0] == 3 }
    let formula = try ModelFormula.parse("y ~ x + (1 | person)")
    let single = try SufficientStatistics(formula, data: study.data(order: one))
    #expect(throws: ModelError.singleGroup(factor: "person")) { try LinearMixedModel(single) }
    let exact = try SufficientStatistics(
      ModelFormula.parse("x ~ I(2 * x) + (1 | person)"), data: study.data())
    let error = #expect(throws: ModelError.self) { try LinearMixedModel(exact) }
    #expect("\(error.map(\.description) ?? "")".contains("too few digits"))
  }

  private func positive(third: String? = nil) throws -> ModelData {
    try ModelData([
      ("y", .numeric(study.y)), ("x", .numeric(study.x)),
      ("z", .numeric(study.z.map { 1 + abs($0) })),
      (
        "arm",
        .factor(levels: ["control", "active"] + (third.map { [$0] } ?? []), codes: study.arm)
      ),
      ("person", .factor(levels: (0..<12).map { "p\($0)" }, codes: study.person)),
    ])
  }
}
