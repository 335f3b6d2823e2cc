import Foundation
import Testing

@Suite("check explains broken files")
struct BrokenFileTests {
  /// A broken file: what it is, and its bytes.
  struct Broken: CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var testDescription: String { name }

    init(_ name: String, _ text: String) {
      self.name = name
      bytes = Array(text.utf8)
    }

    init(_ name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  static let instrument = """
    id: broken
    version: 1.0.0
    title: Broken
    construct: wellbeing
    language: en
    recall: now
    wording: original
    scales:
      five: { type: likert, options: { 1: one, 2: two, 3: three, 4: four, 5: five } }
    items:
      - { id: a1, text: One, scale: five }
      - { id: a2, text: Two, scale: five }
    scores:
      mood: { mean: [a1, a2] }
    tests:
      - { answers: { a1: 1, a2: 2 }, scores: { mood: 1.5 } }
      - { answers: { a1: 1 }, scores: { mood: missing } }

    """

  static let study = """
    id: broken
    version: 1.0.0
    title: Broken
    languages: [en]
    timezone: participant
    contact: { name: Team, email: team@example.org }
    consent:
      version: 1
      text: consent/v1.{language}.md
      parts: [{ id: surveys, required: true, question: I agree. }]
    arms: [{ id: usual, weight: 1 }, { id: new, weight: 1 }]
    allocation: { method: simple, after: baseline }
    occasions:
      - { id: baseline, at: enrolment, open_for: 3d, instruments: [wisdom-7] }
      - { id: week, every: 1w, from: 1w after baseline, times: 3, open_for: 2d, instruments: [wisdom-7] }

    """

  static func instrument(_ name: String, _ old: String, _ new: String) -> Broken {
    Broken("instrument: \(name)", instrument.replacing(old, with: new))
  }

  static func study(_ name: String, _ old: String, _ new: String) -> Broken {
    Broken("study: \(name)", study.replacing(old, with: new))
  }

  static let files: [Broken] = [
    Broken("empty", ""),
    Broken("only a comment", "# nothing\n"),
    Broken("binary", bytes: (0..<2048).map { UInt8(truncatingIfNeeded: $0 &* 131) }),
    Broken("zero bytes", bytes: [UInt8](repeating: 0, count: 512)),
    Broken("UTF-8 cut in the middle", bytes: Array("title: caf".utf8) + [0xC3]),
    Broken("UTF-16", bytes: [0xFF, 0xFE] + Array("id: x".utf8).flatMap { [$0, 0] }),
    Broken("a list", "- one\n- two\n"),
    Broken("a text", "hello\n"),
    Broken("tabs", "id: x\n\titems: []\n"),
    Broken("an open quote", "id: \"x\ntitle: y\n"),
    Broken("an open bracket", "items: [a, b\nscores: {}\n"),
    Broken("deep nesting", String(repeating: "[", count: 50_000)),
    Broken(
      "an alias bomb",
      "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\nitems: [*c]\n"),
    Broken("a tag", "id: !!python/object:os.system [ls]\nitems: []\n"),
    Broken("two documents", instrument + "---\n" + instrument),
    instrument("no title", "title: Broken\n", ""),
    instrument("a number for a list", "items:\n", "items: 5\nold:\n"),
    instrument("an unknown key", "construct:", "constructt:"),
    instrument("a duplicate key", "title: Broken", "title: A\ntitle: B"),
    instrument("a duplicate item", "id: a2", "id: a1"),
    instrument("an unknown item in a score", "[a1, a2]", "[a1, a3]"),
    instrument("an unknown scale", "One, scale: five", "One, scale: fiver"),
    instrument("an unknown item type", "type: likert", "type: lickert"),
    instrument("a score of nothing", "mean: [a1, a2]", "mean: []"),
    instrument("more answers than items", "mean: [a1, a2] }", "mean: [a1, a2], answered: 5 }"),
    instrument("a wrong worked example", "mood: 1.5", "mood: 1.6"),
    instrument("an answer off the scale", "a2: 2 }", "a2: 9 }"),
    instrument(
      "a cycle of scores", "mood: { mean: [a1, a2] }", "mood: mood2 + 1\n  mood2: mood + 1"),
    instrument("a broken expression", "mean: [a1, a2]", "expression: a1 + + a2"),
    instrument("an untyped expression", "mean: [a1, a2]", "expression: a1 + \"x\""),
    instrument("an option that is no number", "1: one", "uno: one"),
    instrument("wording misspelt", "wording: original", "wording: orginal"),
    study("no occasions", "occasions:", "ocasions:"),
    study("a mapping of instruments", "[wisdom-7] }\n", "{ a: 1 } }\n"),
    study("an occasion after itself", "after baseline", "after week"),
    study("an unknown anchor", "after baseline,", "after basline,"),
    study("a window that is no span", "open_for: 3d", "open_for: three days"),
    study("a negative weight", "weight: 1 }, {", "weight: -1 }, {"),
    study("two arms of one name", "id: new", "id: usual"),
    study("allocation after nothing", "after: baseline }", "after: follow }"),
    study("an unknown zone", "timezone: participant", "timezone: Europe/Amsterdm"),
    study("a path that leads out", "consent/v1.{language}.md", "../../etc/passwd"),
    Broken("plan: nothing but a question", "question: Why?\n"),
    Broken(
      "plan: an unknown key",
      "id: p\nstudy: quickstart\nquestion: Q\nmodells: []\ntable: { rows: occasion }\n"),
    Broken(
      "plan: a broken formula",
      """
      id: p
      study: quickstart
      question: Q
      table: { rows: occasion, occasions: [baseline], columns: { y: wisdom-7.wisdom } }
      models: [{ id: m, formula: "y ~ + (1 | participant" }]

      """),
    Broken("simulation: chances above one", "courses: []\nbehaviour: { misses: 2 }\n"),
  ]

  @Test("at its place, with what was expected, and exit code 1", arguments: files)
  func brokenFile(_ file: Broken) throws {
    let scratch = try ScratchFolder()
    try Data(file.bytes).write(to: scratch.url.appending(path: "broken.yaml"))
    let outcome = try Command.run(["check", "broken.yaml"], in: scratch.url)
    #expect(outcome.status == 1, "\(outcome.output)\(outcome.errors)")
    let located = outcome.output.split(separator: "\n").contains { line in
      line.firstMatch(
        of: #/^(?:\.\/)?(broken|study)\.yaml(:\d+:\d+)?: error: found .+, expected .+/#) != nil
    }
    #expect(located, "\(outcome.output)")
  }

  @Test("what is right passes: the files from which the broken ones are made")
  func unbroken() throws {
    let scratch = try ScratchFolder()
    try Data(Self.instrument.utf8).write(to: scratch.url.appending(path: "broken.yaml"))
    try Data(Self.study.utf8).write(to: scratch.url.appending(path: "other.yaml"))
    for name in ["broken.yaml", "other.yaml"] {
      let outcome = try Command.run(["check", name], in: scratch.url)
      #expect(outcome.status == 0, "\(outcome.output)")
    }
  }
}
