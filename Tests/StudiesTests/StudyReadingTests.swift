import Definitions
import LocalTime
import Testing

@testable import Studies

@Suite("Reading study files")
struct StudyReadingTests {
  @Test("a complete file becomes a study")
  func complete() throws {
    let study = try StudySamples.study(StudySamples.complete)
    #expect(study.id == "companion")
    #expect(study.version == "1.2.0")
    #expect(study.title == "Four weeks: a study")
    #expect(study.timeZonePolicy == .participant)
    #expect(study.contact == Contact(name: "Study team", email: "team@example.org"))
    #expect(study.ethics == Ethics(board: "Board of the faculty", reference: "2026-17"))
    #expect(study.consent.version == 2)
    #expect(study.consent.text.path(language: "nl") == "consent/v2.nl.md")
    #expect(
      study.consent.parts == [
        ConsentPart(id: "surveys", isRequired: true, question: ["en": "I take part."]),
        ConsentPart(id: "recontact", isRequired: false, question: [:]),
      ])
    #expect(study.arms == [Arm(id: "usual"), Arm(id: "supportive", weight: 2)])
    #expect(study.allocation == Allocation(method: .simple, after: "baseline"))
    #expect(study.occasions.map(\.id) == ["baseline", "week", "last"])
    let week = try #require(study.occasion("week"))
    guard case .wave(let wave) = week.timing else {
      Issue.record("no wave")
      return
    }
    #expect(wave.anchor == .occasion("baseline"))
    #expect(wave.offset == Span(days: 7))
    #expect(wave.interval == Span(days: 7))
    #expect(wave.time?.description == "09:00")
    #expect(wave.times == 4)
    #expect(week.openFor == Span(seconds: 172_800))
    #expect(
      study.occasion("last")?.timing
        == .wave(
          WaveTiming(
            anchor: .enrolment, offset: Span(months: 3), time: ClockTime("18:30"), interval: nil,
            times: 1)))
    #expect(study.instruments == ["needs-24", "flourishing-12", "wisdom-7"])
    #expect(study.feedback?.pattern == "texts/thanks.md")
    #expect(study.contentHash.count == 64)
    #expect(study.source == Array(StudySamples.complete.utf8))
  }

  @Test("a title in each language, or one for all")
  func titles() throws {
    let plain = try StudySamples.study(StudySamples.complete)
    #expect(plain.title(in: "nl") == "Four weeks: a study")
    let worded = StudySamples.complete
      .replacing(
        "title: \"Four weeks: a study\"", with: "title: { en: Four weeks, nl: Vier weken }"
      )
      .replacing("[en]", with: "[en, nl]")
      .replacing("texts/thanks.md", with: "\"texts/thanks.{language}.md\"")
      .replacing("question: I take part.", with: "question: { en: I take part., nl: Ik doe mee. }")
    let both = try StudySamples.study(worded)
    #expect(both.title == "Four weeks")
    #expect(both.title(in: "nl") == "Vier weken" && both.title(in: "es") == "Four weeks")
  }

  @Test("the hash is the file's SHA-256")
  func hash() {
    // FIPS 180-2, appendix B.1: "abc".
    #expect(
      hexadecimalHash(of: Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("each broken line is reported at its place", arguments: Broken.all)
  func broken(_ example: Broken) {
    let text = StudySamples.complete.replacing(example.old, with: example.new)
    #expect(text != StudySamples.complete, "the example breaks nothing")
    var problems = Problems()
    #expect(Study.load(Array(text.utf8), file: "study.yaml", problems: &problems) == nil)
    let found = problems.sorted
    #expect(
      found.contains {
        $0.severity == .error && $0.place.line == example.line
          && $0.place.column == (example.column ?? $0.place.column)
          && $0.found.contains(example.found)
          && (example.suggestion == nil || $0.suggestion == example.suggestion)
      }, "\(found.map(\.description))")
    // One mistake, one message, unless it is of a kind that has two sides.
    #expect(found.count <= example.atMost, "\(found.map(\.description))")
  }

  @Test("everything wrong with a file is reported at once")
  func atOnce() {
    let text = StudySamples.complete
      .replacing("version: 1.2.0", with: "version: one")
      .replacing("email: team@example.org", with: "email: team")
      .replacing("every: 1w", with: "every: weekly")
      .replacing("after: baseline }", with: "after: basline }")
      .replacing("open_for: P2D", with: "open_fro: P2D")
    var problems = Problems()
    #expect(Study.load(Array(text.utf8), file: "study.yaml", problems: &problems) == nil)
    #expect(problems.sorted.map(\.place.line) == [2, 6, 17, 24, 30, 33])
  }

  @Test("a window longer than the interval is a warning, no error")
  func overlap() {
    let text = StudySamples.complete.replacing("open_for: 48h", with: "open_for: 8d")
    var problems = Problems()
    #expect(Study.load(Array(text.utf8), file: "study.yaml", problems: &problems) != nil)
    #expect(problems.list.map(\.severity) == [.warning])
    #expect(problems.list.map(\.place.line) == [28])
  }

  @Test(
    "no bytes make the reader trap",
    arguments: [
      "", "\n", "id", "- a\n- b", "null", "id: [", "\u{0}", "id: &a *a", "\tid: x",
      "occasions: [[[[]]]]", "occasions: [1, {}, []]", "arms: {}", "consent: []", "contact: x",
      "feedback: 1", "consent: { parts: [1, [], { id: [] }] }", "languages: { en: 1 }",
    ])
  func hostile(text: String) {
    var problems = Problems()
    #expect(Study.load(Array(text.utf8), file: "study.yaml", problems: &problems) == nil)
    #expect(problems.hasErrors)
  }

  @Test("random bytes and random cuts never trap", arguments: 0..<20)
  func noise(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let complete = Array(StudySamples.complete.utf8)
    for _ in 0..<20 {
      var bytes = Array(complete.prefix(Int(random.below(UInt64(complete.count)))))
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int(random.below(UInt64(bytes.count)))] = UInt8(random.below(256))
      }
      var problems = Problems()
      if Study.load(bytes, file: "study.yaml", problems: &problems) == nil {
        #expect(problems.hasErrors)
      }
    }
  }
}

/// A replacement that breaks the complete study, and what must be said about it.
struct Broken: Sendable, CustomTestStringConvertible {
  let old: String
  let new: String
  let line: Int
  let column: Int?
  let found: String
  let suggestion: String?
  let atMost: Int

  init(
    _ old: String, _ new: String, line: Int, column: Int? = nil, found: String,
    suggestion: String? = nil, atMost: Int = 1
  ) {
    self.old = old
    self.new = new
    self.line = line
    self.column = column
    self.found = found
    self.suggestion = suggestion
    self.atMost = atMost
  }

  var testDescription: String { new }

  static let all = [
    Broken("id: companion", "id: Companion RCT", line: 1, column: 5, found: "'Companion RCT'"),
    Broken("id: companion", "id:", line: 1, found: "nothing"),
    Broken("id: companion", "ident: companion", line: 1, found: "'ident'", atMost: 2),
    Broken("1.2.0", "1.2", line: 2, column: 10, found: "'1.2'", suggestion: "1.2.0"),
    Broken("1.2.0", "v1.2.0", line: 2, found: "'v1.2.0'", suggestion: "1.2.0"),
    Broken("title: \"Four weeks: a study\"", "title: [a]", line: 3, found: "a list"),
    Broken(
      "title: \"Four weeks: a study\"", "title: { nl: Vier weken }", line: 3, found: "'nl'",
      atMost: 2),
    Broken("title: \"Four", "title: Four", line: 3, found: "", atMost: 3),
    Broken("[en]", "[English]", line: 4, column: 13, found: "'English'"),
    Broken("[en]", "[en, en]", line: 4, column: 17, found: "'en' a second time"),
    Broken("[en]", "[]", line: 4, found: "no language"),
    Broken(
      "timezone: participant", "timezone: Europe/Berln", line: 5, column: 11,
      found: "'Europe/Berln'", suggestion: "Europe/Berlin"),
    Broken(
      "timezone: participant", "timezone: particpant", line: 5, found: "'particpant'",
      suggestion: "participant"),
    Broken("timezone: participant", "timezone: GMT+3", line: 5, found: "'GMT+3'"),
    Broken(
      "email: team@example.org", "email: team at example.org", line: 6, column: 37,
      found: "'team at example.org'"),
    Broken("email: team", "mail: team", line: 6, found: "'mail'", atMost: 2),
    Broken("board: Board of the faculty, ", "", line: 7, found: "board"),
    Broken("  version: 2", "  version: two", line: 9, column: 12, found: "'two'"),
    Broken("  version: 2", "  version: 0", line: 9, found: "0"),
    Broken(
      "consent/v2.{language}.md", "../v2.{language}.md", line: 10, column: 9,
      found: "'../v2.{language}.md'"),
    Broken("consent/v2.{language}.md", "/etc/passwd", line: 10, found: "'/etc/passwd'"),
    Broken("consent/v2.{language}.md", "consent/{lang}.md", line: 10, found: "'consent/{lang}.md'"),
    Broken(
      "required: true", "required: yes", line: 12, found: "'yes'", suggestion: "true"),
    Broken("required: true", "required: false", line: 11, found: "no required part"),
    Broken(
      "{ id: recontact }", "{ id: surveys }", line: 13, column: 13, found: "'surveys' a second time"
    ),
    Broken("- { id: recontact }", "- recontact", line: 13, found: "'recontact'"),
    Broken("id: supportive", "id: usual", line: 16, column: 11, found: "'usual' a second time"),
    Broken("weight: 2", "weight: 0", line: 16, column: 31, found: "0"),
    Broken("weight: 2", "weight: 1.5", line: 16, found: "1.5"),
    Broken("  - { id: supportive, weight: 2 }\n", "", line: 14, found: "one arm"),
    Broken(
      "allocation: { method: simple, after: baseline }\n", "", line: 14, found: "arms without"),
    Broken(
      "method: simple", "method: simpel", line: 17, column: 23, found: "'simpel'",
      suggestion: "simple"),
    Broken(
      "method: simple", "method: permuted-blocks", line: 17,
      found: "without 'block_sizes'"),
    Broken(
      "after: baseline }", "after: basline }", line: 17, column: 38, found: "'basline'",
      suggestion: "baseline"),
    Broken("after: baseline }", "after: week }", line: 17, found: "more than once"),
    Broken(
      "after: baseline }", "after: baseline, strata: [site] }", line: 17,
      found: "'strata' beside 'method: simple'"),
    Broken("id: last", "id: week", line: 30, column: 9, found: "'week' a second time"),
    Broken(
      "at: enrolment\n", "at: enrollment\n", line: 20, column: 9, found: "'enrollment'",
      suggestion: "enrolment"),
    Broken("    at: enrolment\n", "", line: 19, found: "without a time"),
    Broken("every: 1w", "every: 1 week", line: 24, column: 12, found: "'1 week'", suggestion: "1w"),
    Broken("every: 1w", "every: 0d", line: 24, found: "'0d'"),
    Broken("every: 1w", "every: 168h", line: 24, found: "elapsed time", suggestion: "1w"),
    Broken("every: 1w", "every: 1w\n    at: enrolment", line: 24, found: "both 'at' and 'every'"),
    Broken(
      "from: 1w after baseline", "from: 1w after baselin", line: 25, column: 20, found: "'baselin'",
      suggestion: "baseline"),
    Broken(
      "from: 1w after baseline", "from: 1w before baseline", line: 25, found: "'1w before baseline'"
    ),
    Broken(
      "from: 1w after baseline", "from: 1w after week", line: 25, found: "more than once", atMost: 2
    ),
    Broken("3mo after enrolment", "1d after last", line: 31, found: "after itself"),
    Broken(
      "time: \"09:00\"", "time: \"9:00\"", line: 26, column: 11, found: "'9:00'",
      suggestion: "09:00"),
    Broken("time: \"09:00\"", "time: \"25:00\"", line: 26, found: "'25:00'"),
    Broken("times: 4", "times: 0", line: 27, column: 12, found: "0"),
    Broken("times: 4", "times: 40000", line: 27, found: "40000"),
    Broken("    times: 4\n", "", line: 23, found: "times"),
    Broken(
      "open_for: 48h", "open_for: 48 h", line: 28, column: 15, found: "'48 h'", suggestion: "48h"),
    Broken(
      "open_for: 48h", "open_for: 48h\n    remind: [24h, 72h]", line: 29, column: 19,
      found: "a reminder after 72h in a window of 48h"),
    Broken(
      "open_for: 48h", "open_for: 48h\n    only_if: day > > 3", line: 29, column: 20,
      found: ">"),
    Broken("instruments: [wisdom-7]", "instruments: []", line: 29, found: "empty list"),
    Broken(
      "instruments: [wisdom-7]", "instrument: [wisdom-7]", line: 29, found: "'instrument'",
      atMost: 2),
    Broken(
      "instruments: [wisdom-7]", "instruments: [wisdom-7, wisdom-7]", line: 29, column: 29,
      found: "'wisdom-7' a second time"),
    Broken(
      "every: 1w\n    from: 1w after baseline\n    time: \"09:00\"\n    times: 4\n",
      "random: { per_day: 5 }\n    days: 1-14\n", line: 24, found: "without 'between'",
      atMost: 2),
    Broken(
      "feedback:", "safety: { contact: x }\nfeedback:", line: 35, found: "the text 'x'",
      atMost: 3),
    Broken("feedback:", "sites: []\nfeedback:", line: 35, found: "no site"),
    Broken("feedback:", "sites: [a, a]\nfeedback:", line: 35, found: "site 'a' a second time"),
    Broken("feedback:", "enrolment: { capacity: 0 }\nfeedback:", line: 35, found: "0"),
    Broken(
      "feedback:", "enrolment: { mode: opn }\nfeedback:", line: 35,
      found: "'opn'", suggestion: "open"),
    Broken("feedback:", "phases: [{ id: a }]\nfeedback:", line: 35, found: "without 'days'"),
    Broken(
      "feedback:", "phases: [{ id: a, days: 1-3 }, { id: b, days: 3-4 }]\nfeedback:", line: 35,
      found: "day 3, which is in the phase 'a' as well"),
    Broken(
      "feedback: { text", "feedback: { show: [satisfaction], text", line: 35,
      found: "'satisfaction'"),
    Broken("texts/thanks.md", "texts/../../thanks.md", line: 35, found: "'texts/../../thanks.md'"),
    Broken(
      "feedback:", "feedbak:", line: 35, column: 1, found: "'feedbak'", suggestion: "feedback"),
  ]
}
