import Definitions
import Instruments
import Testing

@Suite("Kinds of items beyond numbers and texts")
struct ItemKindTests {
  static let file = """
    id: base
    version: 1.0.0
    title: Base
    construct: test
    language: en
    recall: general
    wording: original
    items:
      - { id: goal, text: What is your goal?, type: own }
      - { id: m, text: "Which, {{goal}}?", type: multiple, options: { 0: None, 1: X, 2: Y }, exclusive: 0 }
      - { id: r, text: In which order?, type: rank, options: { 1: X, 2: Y, 3: Z } }
      - { id: d, text: When?, type: date }
      - { id: t, text: At what time?, type: time }
      - { id: c, text: A sum, type: computed, expression: m.chosen * 10 + r.place_3 }
      - { id: n, text: "{{ c }} and {{m}}", type: instruction, show_if: c >= 21 }
      - { id: q, text: Q, type: single, options: { 1: a, 2: b, 3: c }, recode: { 1: 0, 2: 0, 3: 1 } }
      - grid: How often, {{goal}}?
        rows: { g1: Row one, g2: Row two }
        type: likert
        range: [0, 4]
        reverse: true
        show_if: m.has_1
    scores:
      right: { mean: [q] }
      computed: { expression: c }
      g: { mean: [g1, g2] }
      w: { weighted: { g1: n1, g2: n2 }, answered: 1 }
      band: { category: [{ value: 2, label: High, when: g >= 3 }, { value: 1, label: Low }] }
    tests:
      - answers: { m: "[1,2]", r: "[3,1,2]", q: 3, g1: 0, g2: 2, n1: 1, n2: 3 }
        scores: { right: 1, computed: 21, g: 3, w: 2.5, band: 2 }
      - answers: { m: "[1]", g1: 4, g2: 4, q: 2 }
        scores: { right: 0, computed: missing, g: 0, w: missing, band: 1 }
      - answers: { m: "[2]", g1: 4, g2: 4 }
        scores: { right: missing, computed: missing, g: missing, band: missing }

    """.replacing(
      "scores:\n  right",
      with: """
          - { id: n1, text: N, type: likert, range: [0, 10] }
          - { id: n2, text: N, type: likert, range: [0, 10] }
        scores:
          right
        """)

  private func instrument() throws -> Instrument {
    let (instrument, problems) = load(Self.file)
    #expect(problems.list.map(\.description) == [])
    return try #require(instrument)
  }

  @Test(
    "An answer on its form is taken, another is refused",
    arguments: [
      ("m", "[1,2]", true), ("m", "[0]", true), ("m", "[0,1]", false), ("m", "[2,1]", false),
      ("m", "[1, 2]", false), ("m", "[]", false), ("m", "[3]", false), ("m", "[1,1]", false),
      ("r", "[3,1,2]", true), ("r", "[1,2]", false), ("r", "[1,2,2]", false),
      ("d", "2024-02-29", true), ("d", "2023-02-29", false), ("d", "2024-2-9", false),
      ("d", "0000-01-01", false), ("t", "23:59", true), ("t", "24:00", false), ("t", "7:05", false),
      ("goal", "Run", true), ("goal", String(repeating: "x", count: 201), false), ("c", "1", false),
    ])
  func forms(item: String, text: String, isTaken: Bool) throws {
    let instrument = try instrument()
    if isTaken {
      try instrument.check(.text(text), for: item)
    } else {
      #expect(throws: AnswerRefusal.self) { try instrument.check(.text(text), for: item) }
    }
    #expect(throws: AnswerRefusal.self) { try instrument.check(.number(1), for: item) }
  }

  @Test("Lists are read as people type them, and kept in one form")
  func typed() throws {
    let instrument = try instrument()
    for text in ["2 1", "1,2", "[1, 2]", " 2;1 "] {
      #expect(try instrument.answer(reading: text, for: "m") == .text("[1,2]"))
    }
    #expect(try instrument.answer(reading: "3 1 2", for: "r") == .text("[3,1,2]"))
    for text in ["", "x", "1 0", "1.5", "9"] {
      #expect(throws: AnswerRefusal.self) { try instrument.answer(reading: text, for: "m") }
    }
  }

  @Test("Answers stand in later texts, by their labels, once and unread")
  func piping() throws {
    let instrument = try instrument()
    let answers: [String: Answer] = [
      "goal": .text("{{m}} <b>"), "m": .list([1, 2]), "r": .list([3, 1, 2]),
    ]
    let item = { try #require(instrument.item($0)) }
    #expect(try instrument.text(of: item("m"), answers: answers) == "Which, {{m}} <b>?")
    #expect(try instrument.text(of: item("m"), answers: [:]) == "Which, …?")
    #expect(try instrument.text(of: item("n"), answers: answers) == "21 and X, Y")
    #expect(try instrument.stem(of: item("g1"), answers: answers) == "How often, {{m}} <b>?")
  }

  @Test("Computed items are never shown; what they decide is")
  func computed() throws {
    let instrument = try instrument()
    let answers: [String: Answer] = ["m": .list([1, 2]), "r": .list([3, 1, 2])]
    let shown = instrument.shownItems(answers: answers).map(\.id)
    #expect(shown.contains("n") && !shown.contains("c") && shown.contains("g1"))
    #expect(!instrument.shownItems(answers: ["m": .list([2])]).map(\.id).contains("g1"))
    #expect(instrument.score("computed")?.items == ["m", "r"])
  }

  @Test("A grid's rows are items that share its scale, its condition and what stands above them")
  func grids() throws {
    let rows = try instrument().items.filter { $0.stem != nil }
    #expect(rows.map(\.id) == ["g1", "g2"])
    #expect(rows.allSatisfy { $0.isReversed && $0.range == 0...4 && $0.showIf != nil })
  }

  @Test("Categories need the published wording, or a study that calls them exploratory")
  func cutoffs() throws {
    let instrument = try instrument()
    let answers: [String: Answer] = ["m": .list([1]), "g1": .number(0), "g2": .number(0)]
    let band = { (use: CutoffUse) in
      instrument.scores(of: answers, cutoffs: use).first { $0.name == "band" }
    }
    #expect(band(.publishedWording)?.value == nil)
    #expect(band(.publishedWording)?.absence == .notForWording)
    #expect(band(.publishedWording)?.answered == 2)
    #expect(band(.exploratory)?.value == 2)
    #expect(instrument.score("band")?.label(of: 2) == "High")
    #expect(instrument.score("band")?.range == 1...2)
  }

  @Test("A weight of zero leaves its operand out; no weight at all leaves no score")
  func weights() throws {
    let instrument = try instrument()
    var answers: [String: Answer] = [
      "m": .list([1]), "g1": .number(0), "g2": .number(4), "n1": .number(1), "n2": .number(0),
    ]
    let weighted = { instrument.scores(of: answers).first { $0.name == "w" }?.value }
    #expect(weighted() == 4)
    answers["n1"] = .number(0)
    #expect(weighted() == nil)
  }

  @Test(
    "A mistake is reported at its line",
    arguments: [
      ("exclusive: 0", "exclusive: 7", 10, "the exclusive option 7"),
      ("{{goal}}?\", type: multiple", "{{gaol}}?\", type: multiple", 10, "unknown name 'gaol'"),
      ("{{goal}}?\", type: multiple", "{{r}}?\", type: multiple", 10, "not asked before"),
      ("m.chosen * 10", "q * 10", 14, "not asked before"),
      ("m.chosen * 10", "m.has_7 * 10", 14, "'m.has_7'"),
      ("recode: { 1: 0, 2: 0, 3: 1 }", "recode: { 1: 0, 9: 1 }", 16, "recode of 9"),
      ("recode: { 1: 0,", "reverse: true, recode: { 1: 0,", 16, "recode beside reverse"),
      ("label: High, when: g >= 3", "label: High", 30, "a category without a rule"),
      ("value: 1, label: Low", "value: 1, label: High", 30, "twice"),
      ("g1: n1", "g1: n9", 29, "'n9'"), ("g1: n1", "g1: d", 29, "the text item 'd'"),
      ("mean: [q]", "mean: [m]", 26, "'m', whose answer is a list of options"),
    ])
  func mistakes(from: String, to: String, line: Int, found: String) {
    let (instrument, problems) = load(Self.file.replacing(from, with: to))
    #expect(instrument == nil)
    let first = problems.sorted.first { $0.found.contains(found) }
    #expect(first?.place.line == line, "\(problems.sorted.map(\.description))")
  }
}
