import Definitions
import Expressions
import Instruments
import Testing

@testable import Interchange

@Suite("There and back")
struct RoundTripTests {
  /// What both formats have to keep of an item.
  private struct Kept: Equatable, CustomStringConvertible {
    var id, text: String
    var options: [String]
    var range: ClosedRange<Double>?
    var condition: String?

    init(_ item: Item) {
      id = item.id
      text = item.text
      options = (item.options ?? []).map { "\($0.value) \($0.label ?? String($0.value))" }
      range = item.range
      condition = item.showIf?.description
    }

    var description: String { "\(id): \(text) \(options) \(range as Any) \(condition ?? "always")" }
  }

  static let instruments = ShippedInstruments.ids()

  @Test("every shipped instrument comes back from REDCap and FHIR", arguments: instruments)
  func shipped(id: String) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: id))
    for format in ExportFormat.allCases {
      let outcome = ForeignExport.write(instrument, as: format)
      let back = try Self.back(outcome, of: instrument)
      var expected = instrument.items
      if format == .fhir { expected.removeAll { $0.valueType == nil && $0.kind != .instruction } }
      let returned = back.items.filter { item in
        // Scores that conditions need come back as items; ours never are.
        instrument.item(item.id) != nil
      }
      var pairs = expected.map { Kept($0) }
      if format == .fhir {
        // A Questionnaire's texts cannot show earlier answers.
        pairs = pairs.map { kept in
          var kept = kept
          kept.text = kept.text.replacing("{{", with: "{ {")
          return kept
        }
      }
      for answer in instrument.earlier {
        // Nor can either show answers of earlier sessions; the list says where.
        let piped = pairs.filter { $0.text.contains(answer.name) }.map(\.id)
        #expect(Set(piped).isSubset(of: Set(outcome.notCarried.map(\.item))), "\(format)")
        let shown = format == .fhir ? "{ {\(answer.name)}}" : "[\(answer.name)]"
        pairs = pairs.map { kept in
          var kept = kept
          kept.text = kept.text.replacing("{{\(answer.name)}}", with: shown)
          if kept.condition?.contains(answer.name) == true { kept.condition = nil }
          return kept
        }
      }
      #expect(returned.map { Kept($0) } == pairs, "\(format)")
      #expect(back.instructions == instrument.instructions, "\(format)")
      #expect(back.title.isEmpty == false)
    }
  }

  @Test(
    "REDCap computes the scores that come back", arguments: ["needs-24", "wisdom-7", "wellbeing-5"])
  func scores(id: String) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: id))
    let back = try Self.back(ForeignExport.write(instrument, as: .redcap), of: instrument)
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
      let back = try Self.back(outcome, of: instrument)
      #expect(lost.count <= 1, "\(outcome.notCarried)")
      for given in answers {
        let shown = Set(instrument.shownItems(answers: given).map(\.id)).subtracting(lost)
        let again = Set(back.shownItems(answers: given).map(\.id)).subtracting(lost)
        #expect(shown == again, "\(format) \(given)")
      }
    }
  }

  private static func back(_ outcome: ExportOutcome, of instrument: Instrument) throws -> Instrument
  {
    let file = ForeignFile(name: "\(instrument.id).txt", bytes: outcome.bytes)
    let imported = try ForeignImport.read(file, options: Fixture.options)
    #expect(imported.instruments == [instrument.id])
    return try Fixture.instrument(instrument.id, of: imported)
  }
}
