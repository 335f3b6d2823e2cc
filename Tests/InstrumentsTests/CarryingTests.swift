import Definitions
import Instruments
import Testing

@Suite("What stands from before a session")
struct CarryingTests {
  private func progress() throws -> Instrument {
    try #require(ShippedInstruments.instrument(id: "own-goals-progress"))
  }

  @Test("Goals are asked about by name, those that were never written are not")
  func goals() throws {
    let instrument = try progress()
    let carried: [String: Answer] = [
      "own-goals.goal_1": .text("Run <10> km"), "own-goals.goal_3": .text("Cook"),
    ]
    let shown = instrument.shownItems(answers: [:], carried: carried)
    #expect(shown.map(\.id) == ["progress_1", "mine_1", "progress_3", "mine_3"])
    #expect(
      instrument.text(of: shown[0], answers: [:], carried: carried)
        == "Compared with a week ago, how close are you to this goal? Run <10> km")
    #expect(instrument.shownItems(answers: [:]).isEmpty)
  }

  @Test("Every earlier answer that a shipped instrument uses is asked by the other one")
  func shipped() throws {
    for instrument in ShippedInstruments.all() {
      for wanted in instrument.earlier {
        let other = try #require(ShippedInstruments.instrument(id: wanted.instrument))
        #expect(Instrument.objection(to: wanted, of: other) == nil)
      }
    }
    let goals = try #require(ShippedInstruments.instrument(id: "own-goals"))
    let domains = try #require(ShippedInstruments.instrument(id: "own-domains"))
    let wanted = try #require(try progress().earlier.first)
    #expect(Instrument.objection(to: wanted, of: domains) == "which own-domains does not ask")
    let text = try text("instruments/own-goals-progress.yaml")
    let number = Self.loadProgress(
      text.replacing("goal_3: text", with: "intrinsic_1: text, goal_3: text"))
    let other = try #require(number.instrument?.earlier.first { $0.item == "intrinsic_1" })
    #expect(
      Instrument.objection(to: other, of: goals) == "which is a number in own-goals, not a text")
  }

  private static func loadProgress(_ text: String) -> (instrument: Instrument?, problems: Problems)
  {
    var problems = Problems()
    let instrument = Instrument.load(
      Array(text.utf8), file: "own-goals-progress.yaml", problems: &problems)
    return (instrument, problems)
  }

  @Test(
    "Earlier answers that cannot be are refused",
    arguments: [
      ("goal_1: text", "goal_1: date", "the text 'date'"),
      ("own-goals: {", "own goals: {", "the earlier answer 'own goals.goal_1'"),
      ("own-goals: {", "progress_1: {", "an earlier answer to 'progress_1'"),
    ])
  func mistakes(from: String, to: String, found: String) throws {
    let text = try text("instruments/own-goals-progress.yaml").replacing(from, with: to)
    let (instrument, problems) = Self.loadProgress(text)
    #expect(instrument == nil)
    #expect(problems.list.map(\.found).contains(found))
  }

  @Test("Weights that were given once are used, and not asked again")
  func weights() throws {
    let instrument = try #require(ShippedInstruments.instrument(id: "own-domains"))
    let first: [String: Answer] = [
      "domains": .list([1, 3]), "health_weight": .number(9), "health": .number(4),
      "meaning_weight": .number(1), "meaning": .number(8),
    ]
    #expect(instrument.scores(of: first).map(\.value) == [4.4, 6])
    let carried = first.filter { ["domains", "health_weight", "meaning_weight"].contains($0.key) }
    let shown = instrument.shownItems(answers: [:], carried: carried)
    // What was left blank then is asked again.
    #expect(shown.map(\.id) == ["own_domain", "health", "meaning"])
    let later: [String: Answer] = ["health": .number(8), "meaning": .number(2)]
    let scores = instrument.scores(of: later, carried: carried)
    #expect(scores.map(\.value) == [7.4, 5])
    #expect(scores.map(\.answered) == [4, 2])
    // Somebody who answers all the same changes nothing.
    let again = later.merging(["health_weight": .number(1)]) { $1 }
    #expect(instrument.scores(of: again, carried: carried) == scores)
  }

  @Test("An answer of concern is one at or above the item's number, reversed items turned")
  func concern() throws {
    let instrument = try #require(ShippedInstruments.instrument(id: "affect-2"))
    let item = try #require(instrument.item("d1"))
    #expect((0...3).map { item.isConcerning(.number(Double($0))) } == [false, false, true, true])
    #expect(!item.isConcerning(.number(7)) && !item.isConcerning(.text("3")))
    let (reversed, problems) = loadBase(
      replacing: "reverse: true }", with: "reverse: true, distress: 4 }")
    let other = try #require(reversed?.item("b"), "\(problems.list)")
    #expect(
      (1...5).map { other.isConcerning(.number(Double($0))) } == [true, true, false, false, false])
    #expect(other.isDistress)
  }

  @Test(
    "A number of concern that no answer reaches is refused",
    arguments: [
      (
        "{ id: a, text: A, scale: s5 }", "{ id: a, text: A, scale: s5, distress: 6 }",
        "one from 1 to 5"
      ),
      (
        "longest: 100, show_if: a > 3", "longest: 100, show_if: a > 3, distress: 1",
        "distress: true, as the answers are no numbers between two ends"
      ),
      (
        "{ id: a, text: A, scale: s5 }", "{ id: a, text: A, scale: s5, distress: often }",
        "true, false, or the smallest answer of concern"
      ),
    ])
  func concernMistakes(from: String, to: String, expected: String) {
    let (instrument, problems) = loadBase(replacing: from, with: to)
    #expect(instrument == nil)
    #expect(problems.list.map(\.expected) == [expected])
  }

  @Test("Computed items have values, and say how many answers they rest on")
  func computed() throws {
    let (instrument, problems) = loadBase(
      replacing: "  - { id: g, text: G, type: instruction }\n",
      with: "  - { id: g, text: G, type: instruction }\n"
        + "  - { id: k, text: K, type: computed, expression: c - b }\n"
        + "  - { id: l, text: L, type: computed, expression: k * 2, show_if: a > 3 }\n")
    let loaded = try #require(instrument, "\(problems.list)")
    let values = loaded.computedItems(of: ["a": .number(4), "b": .number(2), "c": .number(7)])
    #expect(values.map(\.name) == ["k", "l"])
    #expect(values.map(\.value) == [5, 10])
    #expect(values.map(\.answered) == [2, 2] && values.map(\.items) == [2, 2])
    let missing = loaded.computedItems(of: ["a": .number(1), "b": .number(2)])
    #expect(missing.map(\.value) == [nil, nil] && missing.map(\.answered) == [1, 1])
  }

  @Test(
    "A computed item that is a cut-off decides what is asked, and is a number where cut-offs hold")
  func computedCutoffs() throws {
    let (instrument, problems) = loadBase(
      replacing: "  - { id: g, text: G, type: instruction }\n",
      with: "  - { id: k, text: K, type: computed, expression: if a + b > 6 then 1 else 0 }\n"
        + "  - { id: g, text: G, type: instruction, show_if: k == 1 }\n")
    let loaded = try #require(instrument, "\(problems.list)")
    let answers: [String: Answer] = ["a": .number(4), "b": .number(4)]
    #expect(loaded.shownItems(answers: answers).map(\.id).contains("g"))
    #expect(loaded.computedItems(of: answers).map(\.absence) == [.notForWording])
    #expect(loaded.computedItems(of: answers, cutoffs: .exploratory).map(\.value) == [1])
  }

  @Test("The scoring hash knows scoring and nothing else")
  func scoringHash() throws {
    let base = try #require(load(baseText).instrument)
    func hash(_ from: String, _ to: String) throws -> String {
      let (instrument, problems) = loadBase(replacing: from, with: to)
      return try #require(instrument, "\(problems.list)").scoringHash(cutoffs: .publishedWording)
    }
    let own = base.scoringHash(cutoffs: .publishedWording)
    for (from, to) in [
      ("text: A,", "text: Other,"), ("1: low", "1: lowest"), ("version: 1.0.0", "version: 2.0.0"),
      ("title: Base", "title: B"), ("id: f, text: F", "id: ff, text: F"),
    ] {
      #expect(try hash(from, to) == own, "\(to)")
    }
    for (from, to) in [
      ("scale: s5, reverse: true", "scale: s5"), ("ab: { mean: [a, b] }", "ab: { sum: [a, b] }"),
    ] {
      let text = baseText.replacing(from, with: to).replacing("tests:", with: "imported: x\ntests:")
        .replacing("scores: { ab: 4, total: 5 }", with: "scores: {}")
      let changed = try #require(load(text).instrument)
      #expect(changed.scoringHash(cutoffs: .publishedWording) != own, "\(to)")
    }
    // No categories: what a study says about cut-offs makes no difference.
    #expect(base.scoringHash(cutoffs: .exploratory) == own)
    let affect = try #require(ShippedInstruments.instrument(id: "affect-2"))
    #expect(
      affect.scoringHash(cutoffs: .exploratory) != affect.scoringHash(cutoffs: .publishedWording))
  }

  @Test("Another wording scores alike")
  func wordings() throws {
    for (id, language) in [("needs-6", "nl"), ("wisdom-7", "ar"), ("flourishing-12", "es")] {
      let own = try #require(ShippedInstruments.instrument(id: id))
      let other = try #require(ShippedInstruments.instrument(id: id, language: language))
      #expect(own.contentHash != other.contentHash)
      #expect(
        own.scoringHash(cutoffs: .publishedWording)
          == other.scoringHash(cutoffs: .publishedWording))
      #expect(other.overlay?.review == nil && other.overlay?.hash.count == 64)
    }
  }
}
