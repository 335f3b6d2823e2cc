import Definitions
import Expressions
import Instruments
import Testing

@testable import Interchange

@Suite("There and back")
struct RoundTripTests {
  /// The sides of an item that have to come back, by what the list calls them, and what else in the list
  /// says that one changes.
  ///
  /// - Parameter shown: when it is shown.
  static func sides(
    of item: Item, shown: String
  ) -> [(name: String, value: String, excuses: Set<String>)] {
    var options = (item.options ?? []).map { "\($0.value) \($0.label ?? String($0.value))" }
    var length = ""
    var range = item.range.map { "\($0)" } ?? ""
    var unit = ""
    switch item.kind {
    case .multiple(let set): options.append("\(set.exclusive ?? -1)")
    case .text(let limit), .own(let limit): length = "\(limit.longest)"
    case .number(let numbers):
      range = "\(numbers.least ?? -1) \(numbers.most ?? -1) \(numbers.isWhole)"
      unit = numbers.unit ?? ""
    case .slider(let scale):
      range += " \(scale.step)"
      options = scale.labels.map { "\($0.value) \($0.label)" }
    default: break
    }
    return [
      ("text", item.text, ["earlier answer in a text"]),
      ("grid", item.stem ?? "", ["earlier answer in a text"]),
      ("type", item.kind.name, ["own words", "ranking"]),
      ("options", "\(options)", ["labels"]), ("range", range, ["step", "ranking"]),
      ("unit", unit, ["text"]),
      ("length", length, []), ("required", item.requirement.rawValue, ["required: no"]),
      ("branching", shown, []),
    ]
  }

  static let instruments = ShippedInstruments.ids()

  /// An instrument in all other languages that it comes in.
  static func wordings(of instrument: Instrument) -> [Instrument] {
    ShippedInstruments.languages(of: instrument.id).filter { $0 != instrument.language }
      .compactMap { ShippedInstruments.instrument(id: instrument.id, language: $0) }
  }

  /// Fails for each side of an item that neither comes back nor is listed.
  static func expectEqualOrListed(
    _ instrument: Instrument, _ back: Instrument, _ outcome: ExportOutcome, _ note: String,
    shown: (Item, Instrument) -> String = { item, _ in item.showIf?.description ?? "" }
  ) {
    let listed = Dictionary(grouping: outcome.notCarried, by: \.item)
      .mapValues { Set($0.map(\.what)) }
    for item in instrument.items {
      let lost = listed[item.id] ?? []
      guard let returned = back.item(item.id) else {
        #expect(!lost.isDisjoint(with: ["item", "type"]), "\(note): \(item.id) is gone")
        continue
      }
      for (own, other) in zip(
        sides(of: item, shown: shown(item, instrument)),
        sides(of: returned, shown: shown(returned, back)))
      where own.value != other.value {
        let isListed = lost.contains(own.name) || !lost.isDisjoint(with: own.excuses)
        #expect(isListed, "\(note): \(item.id): \(own.name): \(own.value) is \(other.value)")
      }
    }
  }

  /// What the two formats truly cannot say of the instruments that are shipped.
  static let unsayable: [ExportFormat: Set<String>] = [
    .fhir: [
      "score", "construct, recall, wording", "attention checks", "random order", "distress", "once",
      "required: no", "own words", "item", "earlier answer in a text", "branching",
    ],
    .redcap: [
      "score", "construct, recall, wording", "attention checks", "random order", "distress", "once",
      "required: no", "own words", "title", "language", "version, basis", "translation nl",
      "translation es", "translation ar", "earlier answer in a text", "branching",
    ],
  ]

  @Test("every shipped instrument comes back from REDCap and FHIR", arguments: instruments)
  func shipped(id: String) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: id))
    let wordings = Self.wordings(of: instrument)
    for format in ExportFormat.allCases {
      let outcome = ForeignExport.write(instrument, wordings: wordings, as: format)
      let (back, imported) = try Self.back(outcome, of: instrument)
      Self.expectEqualOrListed(instrument, back, outcome, "\(format)")
      #expect(back.instructions == instrument.instructions, "\(format)")
      let whats = Set(outcome.notCarried.map(\.what))
      #expect(whats.isSubset(of: Self.unsayable[format] ?? []), "\(format): \(outcome.notCarried)")
      // Only what was answered in other sessions is lost of texts and conditions.
      let earlier = Set(
        instrument.items.filter { item in
          !item.namesRead.isDisjoint(with: instrument.earlier.map(\.name))
        }.map(\.id))
      for loss in outcome.notCarried
      where ["earlier answer in a text", "branching"].contains(loss.what) {
        #expect(earlier.contains(loss.item), "\(format): \(loss)")
      }
      guard format == .fhir else { continue }
      #expect(back.title == instrument.title && back.version == instrument.version)
      #expect(
        imported.translations == wordings.map { "\(id).\($0.language)" }.sorted(), "\(format)")
      for wording in wordings {
        let path = "overlays/imported/\(id).\(wording.language).yaml"
        let file = try #require(imported.files.first { $0.path == path })
        var problems = Problems()
        let overlay = Overlay.load(
          file.bytes, file: path, instrument: { _ in back }, problems: &problems)
        let worded = back.worded(by: try #require(overlay, "\(problems.sorted)"))
        Self.expectEqualOrListed(wording, worded, outcome, path)
        #expect(worded.title == wording.title && worded.instructions == wording.instructions)
      }
    }
  }

  @Test("what comes back changed is in the list, whatever the instrument is", arguments: 0..<40)
  func generated(seed: UInt64) throws {
    var generator = FuzzTests.Generator(state: seed)
    let text = Self.file(&generator)
    var problems = Problems()
    let loaded = Instrument.load(Array(text.utf8), file: "made.yaml", problems: &problems)
    let instrument = try #require(loaded, "\(problems.sorted) \(text)")
    for format in ExportFormat.allCases {
      let outcome = ForeignExport.write(instrument, as: format)
      #expect(!outcome.notCarried.contains { $0.what == "form" }, "\(format) of \(text)")
      let (back, _) = try Self.back(outcome, of: instrument)
      // Conditions may come back in other words with the same meaning.
      Self.expectEqualOrListed(instrument, back, outcome, "\(format) of \(text)") { item, form in
        let given: [[String: Answer]] = [[:], ["x0": .number(1)], ["x0": .number(2)]]
        return "\(given.map { form.shownItems(answers: $0).contains { $0.id == item.id } })"
      }
    }
  }

  /// A file with items of all kinds, with texts and labels that other formats find hard.
  private static func file(_ generator: inout FuzzTests.Generator) -> String {
    func one<Element>(_ values: [Element]) -> Element {
      values[Int.random(in: 0..<values.count, using: &generator)]
    }
    let words = [
      "Calm", "How are you?", "a < b & c", "[x1]", "x | y", "{x0}", "1, one", "**so**",
      "It's \\\"it\\\"",
      "${x0}", "été", "5 > 4", "'{{x0}}'", "a\\nb",
    ]
    func text(_ index: Int, isPlain: Bool = false) -> String {
      var text = one(words) + " \(index)"
      if isPlain || index == 0 { text = text.replacing("{{x0}}", with: "x0") }
      return "\"\(text)\""
    }
    func options() -> String {
      let first = Int.random(in: -2...3, using: &generator)
      let count = Int.random(in: 2...6, using: &generator)
      return (first..<first + count).map { "\($0): \(text($0 + 10, isPlain: true))" }
        .joined(separator: ", ")
    }
    var lines = [
      "id: made", "version: 2.0.1", "title: Made", "construct: none", "language: en",
      "recall: now", "wording: original", "items:",
      "  - { id: x0, text: \(text(0)), type: single, options: { 1: A, 2: B } }",
    ]
    for index in 1..<Int.random(in: 3...14, using: &generator) {
      let kind = one([
        "type: single, options: { \(options()) }", "type: likert, options: { \(options()) }",
        "type: multiple, options: { \(options()) }", "type: rank, options: { \(options()) }",
        "type: likert, range: [0, 10], labels: { 0: \(text(1, isPlain: true)), 10: Most }",
        "type: slider, range: [0, 100], step: \(one([1, 5])), labels: { 0: Low, 100: High }",
        "type: slider, range: [-1, 1], step: 0.5",
        "type: number, range: [0, 10], whole: \(one([true, false])), unit: \(text(2, isPlain: true))",
        "type: number, at_least: 0.5", "type: number", "type: text, longest: \(one([5, 400]))",
        "type: text", "type: own", "type: date", "type: time", "type: instruction",
        "type: computed, expression: x0 + 1",
      ])
      var fields = kind
      if !kind.contains("computed"), !kind.contains("instruction") {
        fields += one(["", "", ", required: hard", ", required: \"no\""])
      }
      fields += one(["", ", show_if: x0 == 1", ", show_if: x0 != 2 and answered(x0)"])
      let isGrid = one([true, false, false])
      if isGrid, !kind.contains("computed"), !kind.contains("instruction") {
        lines.append(
          "  - { grid: \(text(index)), rows: { x\(index): \(text(index)), y\(index): \(text(index)) }, \(fields) }"
        )
      } else {
        lines.append("  - { id: x\(index), text: \(text(index)), \(fields) }")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test(
    "REDCap computes the scores that come back", arguments: ["needs-24", "wisdom-7", "wellbeing-5"])
  func scores(id: String) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: id))
    let (back, _) = try Self.back(
      ForeignExport.write(instrument, as: .redcap), of: instrument)
    #expect(back.scores.map(\.name) == instrument.scores.map(\.name))
    for test in instrument.tests {
      let scores = Dictionary(
        uniqueKeysWithValues: back.scores(of: test.answers).map { ($0.name, $0.value) })
      for score in instrument.scores(of: test.answers) {
        let value = scores[score.name] ?? nil
        #expect((value == nil) == (score.value == nil), "\(score.name)")
        if let value, let expected = score.value { #expect(abs(value - expected) < 1e-9) }
      }
    }
  }

  @Test("conditions of every kind come back with their meaning")
  func conditions() throws {
    let conditions = [
      "a == 1", "a != 1", "a >= 2", "n > 3 and n <= 7", "answered(n)", "missing(a)",
      "a == 1 or a == 2", "c.has_2", "a in [1, 3]", "answered(a, n)", "t == \"yes\"",
      "not (a == 1)", "a == 1 and c.has_1 and n < 5",
    ]
    let items = conditions.enumerated().map {
      "  - { id: x\($0.offset), text: X, type: text, show_if: '\($0.element)' }"
    }
    let text = """
      id: base
      version: 1.0.0
      title: Base
      construct: none
      language: en
      recall: now
      wording: original
      items:
        - { id: a, text: A, type: single, options: { 1: One, 2: Two, 3: Three } }
        - { id: c, text: C, type: multiple, options: { 1: One, 2: Two } }
        - { id: n, text: N, type: number, range: [0, 10], whole: true }
        - { id: t, text: T, type: text }
      \(items.joined(separator: "\n"))

      """
    var problems = Problems()
    let loaded = Instrument.load(Array(text.utf8), file: "base.yaml", problems: &problems)
    let instrument = try #require(loaded, "\(problems.sorted)")
    let answers: [[String: Answer]] = [
      [:], ["a": .number(1)], ["a": .number(2), "n": .number(4)],
      ["a": .number(3), "c": .list([2])],
      ["a": .number(1), "c": .list([1]), "n": .number(2)], ["t": .text("yes"), "n": .number(9)],
      ["a": .number(1), "c": .list([1, 2]), "n": .number(7), "t": .text("no")],
    ]
    for format in ExportFormat.allCases {
      let outcome = ForeignExport.write(instrument, as: format)
      let lost = Set(outcome.notCarried.filter { $0.what == "branching" }.map(\.item))
      let (back, _) = try Self.back(outcome, of: instrument)
      #expect(lost.count <= 1, "\(outcome.notCarried)")
      for given in answers {
        let shown = Set(instrument.shownItems(answers: given).map(\.id)).subtracting(lost)
        let again = Set(back.shownItems(answers: given).map(\.id)).subtracting(lost)
        #expect(shown == again, "\(format) \(given)")
      }
    }
  }

  private static func back(
    _ outcome: ExportOutcome, of instrument: Instrument
  ) throws -> (Instrument, ImportOutcome) {
    let file = ForeignFile(name: "\(instrument.id).txt", bytes: outcome.bytes)
    let imported = try ForeignImport.read(file, options: Fixture.options)
    #expect(imported.instruments == [instrument.id])
    return (try Fixture.instrument(instrument.id, of: imported), imported)
  }
}
