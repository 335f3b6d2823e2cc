import Instruments
import Testing

/// The scoring key of a shipped instrument, as its source has it.
struct ShippedKey: CustomTestStringConvertible, Sendable {
  let id: String
  /// Where the key was read.
  let source: String
  /// The items' ids in order: a letter and a number.
  let ids: [String]
  let range: ClosedRange<Double>
  /// Positions from 1, by score; scores made of scores are not here.
  let key: [String: [Int]]
  /// Scores that are sums, not means.
  var sums: Set<String> = []
  /// The item that is asked before them and decides which of them are; nil where all are asked.
  var gate: String?

  var testDescription: String { "\(id), \(source)" }

  init(
    _ id: String, _ source: String, _ letter: String, _ count: Int, _ range: ClosedRange<Double>,
    _ key: [String: [Int]], sums: Set<String> = [], gate: String? = nil
  ) {
    let width = String(count).count
    self.id = id
    self.source = source
    ids = (1...count).map { number in
      letter + String(repeating: "0", count: width - String(number).count) + String(number)
    }
    self.range = range
    self.key = key
    self.sums = sums
    self.gate = gate
  }

  static let all = [
    ShippedKey(
      "needs-6", "one item per subscale of Chen et al. 2015", "n", 6, 1...7,
      ["satisfaction": [1, 3, 5], "frustration": [2, 4, 6]]),
    ShippedKey(
      "needs-18", "Sheldon & Hilpert 2012", "n", 18, 1...5,
      [
        "relatedness_satisfaction": [1, 7, 13], "relatedness_dissatisfaction": [4, 10, 16],
        "competence_satisfaction": [2, 8, 14], "competence_dissatisfaction": [5, 11, 17],
        "autonomy_satisfaction": [3, 9, 15], "autonomy_dissatisfaction": [6, 12, 18],
      ]),
    ShippedKey(
      "motivation-16", "Guay et al. 2000", "m", 16, 1...7,
      [
        "intrinsic": [1, 5, 9, 13], "identified": [2, 6, 10, 14], "external": [3, 7, 11, 15],
        "amotivation": [4, 8, 12, 16],
      ]),
    ShippedKey(
      "flourishing-8", "Diener et al. 2010", "f", 8, 1...7, ["flourishing": Array(1...8)],
      sums: ["flourishing"]),
    ShippedKey(
      "perma-23", "Butler & Kern 2016", "p", 23, 0...10,
      [
        "positive_emotion": [3, 13, 22], "engagement": [2, 10, 17], "relationships": [8, 19, 21],
        "meaning": [7, 9, 20], "accomplishment": [1, 5, 15], "negative_emotion": [4, 14, 16],
        "health": [6, 12, 18], "loneliness": [11], "happiness": [23],
        "wellbeing": [1, 2, 3, 5, 7, 8, 9, 10, 13, 15, 17, 19, 20, 21, 22, 23],
      ]),
    ShippedKey(
      "wellbeing-5", "Topp et al. 2015", "w", 5, 0...5, ["raw": Array(1...5)], sums: ["raw"]),
    ShippedKey(
      "satisfaction-5", "Diener et al. 1985", "s", 5, 1...7, ["satisfaction": Array(1...5)],
      sums: ["satisfaction"]),
    ShippedKey(
      "loneliness-3", "Hughes et al. 2004", "l", 3, 1...3, ["loneliness": Array(1...3)],
      sums: ["loneliness"]),
    ShippedKey(
      "ai-reliance", "original", "r", 12, 1...7,
      [
        "deciding": [1, 5, 9], "checking": [2, 6, 10], "reaching_out": [3, 7, 11],
        "doing_without": [4, 8, 12],
      ], gate: "used"),
    ShippedKey(
      "mental-health-14", "Keyes et al. 2008", "m", 14, 0...5,
      ["emotional": Array(1...3), "social": Array(4...8), "psychological": Array(9...14)],
      sums: ["emotional", "social", "psychological"]),
    ShippedKey(
      "viewpoints", "original", "v", 6, 1...5,
      ["seeking": [1, 4], "changing": [2, 5], "best_case": [3, 6]]),
  ]
}

@Suite("Each shipped instrument has the key of its source")
struct ShippedKeysTests {
  @Test("Items, range, and which item belongs to which score", arguments: ShippedKey.all)
  func key(_ expected: ShippedKey) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: expected.id))
    let items = instrument.items.filter { $0.id != expected.gate }
    #expect(items.map(\.id) == expected.ids)
    #expect(items.allSatisfy { !$0.isReversed && $0.range == expected.range })
    #expect(instrument.items.count == items.count + (expected.gate == nil ? 0 : 1))
    for (name, positions) in expected.key {
      let score = try #require(instrument.score(name), "\(name)")
      #expect(score.items == positions.map { expected.ids[$0 - 1] }, "\(name)")
      let size = Double(positions.count)
      let isSum = expected.sums.contains(name)
      let low = expected.range.lowerBound * (isSum ? size : 1)
      let high = expected.range.upperBound * (isSum ? size : 1)
      #expect(score.range == low...high, "\(name)")
      if isSum { #expect(score.least == positions.count, "\(name)") }
    }
  }

  @Test("Composites have the ranges that their sources state")
  func composites() {
    let ranges: [(String, String, ClosedRange<Double>)] = [
      ("wellbeing-5", "wellbeing", 0...100), ("motivation-16", "self_determination", -18...18),
      ("flourishing-8", "flourishing", 8...56), ("satisfaction-5", "satisfaction", 5...35),
      ("loneliness-3", "loneliness", 3...9), ("needs-18", "autonomy", -4...4),
      ("affect-2", "low_mood", 0...6), ("affect-2", "worry", 0...6),
      ("ai-literacy", "calibration", -50...100), ("moment", "need_satisfaction", 0...100),
    ]
    for (id, name, range) in ranges {
      #expect(ShippedInstruments.instrument(id: id)?.score(name)?.range == range, "\(id) \(name)")
    }
  }

  @Test("Items about distress are marked in affect-2 and nowhere else")
  func distress() {
    for instrument in ShippedInstruments.all() {
      let isMarked = instrument.id == "affect-2"
      #expect(instrument.items.allSatisfy { $0.isDistress == isMarked }, "\(instrument.id)")
    }
  }

  @Test("An adapted wording names its source; an original one has none")
  func basis() {
    for instrument in ShippedInstruments.all() {
      #expect((instrument.basis == nil) == (instrument.wording == .original), "\(instrument.id)")
      #expect(instrument.basis.map { $0.terms != nil } ?? true, "\(instrument.id)")
      #expect(instrument.wording != .verbatim, "\(instrument.id)")
    }
  }

  @Test("Data on 1 to 7 are refused by needs-24, and never scored as 1 to 5")
  func wrongRange() throws {
    let instrument = try #require(ShippedInstruments.instrument(id: "needs-24"))
    #expect(throws: AnswerRefusal.self) { try instrument.check(.number(7), for: "n01") }
    let answers = Dictionary(
      uniqueKeysWithValues: instrument.items.map { ($0.id, Answer.number(7)) })
    #expect(instrument.scores(of: answers).allSatisfy { $0.value == nil && $0.answered == 0 })
  }
}
