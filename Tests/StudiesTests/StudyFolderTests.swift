import Definitions
import Foundation
import Instruments
import Testing

@testable import Studies

@Suite("Study folders")
struct StudyFolderTests {
  /// The complete sample with its texts.
  static let files: [String: [UInt8]] = [
    "study.yaml": Array(StudySamples.complete.utf8),
    "consent/v2.en.md": Array("# Consent".utf8),
    "texts/thanks.md": Array("Thanks.".utf8),
  ]

  func problems(of files: [String: [UInt8]], prepare: (URL) throws -> Void = { _ in }) throws
    -> [String]
  {
    var descriptions: [String] = []
    try StudySamples.withFolder(files) { folder in
      try prepare(folder)
      var problems = Problems()
      let study = StudyFolder.load(directory: folder, problems: &problems)
      #expect((study == nil) == problems.hasErrors)
      descriptions = problems.sorted.map {
        $0.description.replacing(folder.relativePath + "/", with: "")
      }
    }
    return descriptions
  }

  @Test("the shipped quickstart has nothing wrong but a consent text to fill in")
  func quickstart() throws {
    let folder = try StudySamples.quickstart()
    #expect(folder.study.id == "quickstart")
    #expect(folder.instruments.keys.sorted() == ["flourishing-12", "needs-24", "wisdom-7"])
    #expect(folder.consentTexts["en"]?.text.contains("stop at any time") == true)
    #expect(folder.feedbackTexts["en"] != nil)
    #expect(folder.study.arms.map(\.id) == ["usual", "supportive"])
    #expect(folder.placeholders.map(\.value).contains("[ethics board]"))
    #expect(folder.placeholders.allSatisfy { $0.place.file.hasSuffix("consent/v1.en.md") })
  }

  @Test("a study comes back from its documents as it was")
  func documents() throws {
    let folder = try StudySamples.quickstart()
    let documents = folder.documents
    #expect(
      documents.map(\.kind.rawValue) == [
        "study", "instrument", "instrument", "instrument", "consent", "text",
      ])
    var problems = Problems()
    let again = try #require(StudyFolder.load(documents: documents, problems: &problems))
    #expect(problems.isEmpty)
    #expect(again.documents == documents)
    #expect(again.contentHash == folder.contentHash)
    #expect(again.consentTexts == folder.consentTexts)
    #expect(again.instruments.keys.sorted() == folder.instruments.keys.sorted())
    #expect(StudyFolder.load(documents: [], problems: &problems) == nil)
  }

  @Test("documents without an instrument or a text are refused, shipped ones or not")
  func incompleteDocuments() throws {
    let documents = try StudySamples.quickstart().documents
    for missing in documents.indices {
      var rest = documents
      rest.remove(at: missing)
      var problems = Problems()
      #expect(StudyFolder.load(documents: rest, problems: &problems) == nil)
      #expect(problems.list.count == 1)
    }
  }

  @Test("a complete folder has no problem")
  func complete() throws {
    #expect(try problems(of: Self.files) == [])
  }

  @Test("no folder and no study file are told apart from nothing")
  func absent() throws {
    #expect(
      try problems(of: [:]) == ["study.yaml: error: found no such file, expected a study file"])
    var problems = Problems()
    let nowhere = URL(filePath: "/nonexistent/longwell")
    #expect(StudyFolder.load(directory: nowhere, problems: &problems) == nil)
    #expect(problems.list.count == 1)
  }

  @Test("each placeholder in a consent text is a warning at its place, and the study loads")
  func placeholders() throws {
    var files = Self.files
    files["consent/v2.en.md"] = Array(
      """
      Ask [name], or [the
        board].

      - [ ] tick; see [the site](https://example.org), [law][1], [^2], `[code]`, \\[kept\\]
        É [who]: [never closed

      or here] [ends]

      [1]: https://example.org
      """.utf8)
    #expect(
      try problems(of: files)
        == [("1:5", "[name]"), ("1:16", "[the board]"), ("5:5", "[who]"), ("7:10", "[ends]")].map {
          "consent/v2.en.md:\($0): warning: found the placeholder '\($1)', "
            + "expected the study's own words"
        })
  }

  @Test("mistakes in fields hide no missing text, unknown instrument, anchor or occasion")
  func nothingHidden() throws {
    var files = Self.files
    files["consent/v2.en.md"] = nil
    files["texts/thanks.md"] = nil
    files["study.yaml"] = Array(
      StudySamples.complete
        .replacing("version: 1.2.0", with: "version: one")
        .replacing("email: team@example.org", with: "email: team")
        .replacing("  version: 2", with: "  version: two")
        .replacing("method: simple, after: baseline", with: "method: simpel, after: basline")
        .replacing("needs-24, flourishing-12", with: "need-24, flourishing-12")
        .replacing("every: 1w", with: "every: weekly")
        .replacing("from: 1w after baseline", with: "from: 1w after baselin")
        .replacing("time: \"18:30\"", with: "time: \"18:30\"\n    tiem: x").utf8)
    let found = try problems(of: files)
    for expected in [
      "study.yaml:2:10: error: found the version 'one'", "study.yaml:6:37: error: found 'team'",
      "study.yaml:9:12: error: found the text 'two'",
      "study.yaml:10:9: error: found no file 'consent/v2.en.md'",
      "study.yaml:17:23: error: found the text 'simpel'",
      "study.yaml:17:38: error: found the occasion 'basline'",
      "study.yaml:22:19: error: found the instrument 'need-24'",
      "study.yaml:24:12: error: found 'weekly'",
      "study.yaml:25:20: error: found the occasion 'baselin'",
      "study.yaml:33:5: error: found the unknown field 'tiem'",
      "study.yaml:36:19: error: found no file 'texts/thanks.md'",
    ] {
      #expect(found.contains { $0.hasPrefix(expected) }, "\(expected) in \(found)")
    }
    #expect(found.count == 11, "\(found)")
  }

  @Test(
    "scores are refused where their instrument is known, and left alone where it is missing",
    arguments: [
      ("wisdom-7", "wisdom-7.wisdom", 0), ("wisdom-7", "wisdom-7.wisdm", 2),
      ("wisdom-7", "wisdm-7.wisdom", 2), ("wisdm-7", "wisdm-7.wisdom", 1),
      ("wisdm-7", "needs-25.score", 3),
    ])
  func namedScores(instrument: String, score: String, count: Int) throws {
    var files = Self.files
    files["study.yaml"] = Array(
      StudySamples.complete
        .replacing("[wisdom-7]", with: "[\(instrument)]\n    only_if: \(score) > 3")
        .replacing("{ text: texts/thanks.md }", with: "{ show: [\(score)] }").utf8)
    let found = try problems(of: files)
    #expect(found.count == count, "\(found)")
    // A field that cannot be read names instruments that nobody knows.
    files["study.yaml"] = Array(
      String(decoding: files["study.yaml"] ?? [], as: UTF8.self)
        .replacing("[\(instrument)]", with: "{ \(instrument): 1 }").utf8)
    let unread = try problems(of: files)
    #expect(unread.contains { $0.contains("found a mapping") }, "\(unread)")
    #expect(unread.allSatisfy { !$0.contains("the score '\(score)'") })
  }

  @Test(
    "people are balanced by what the occasion before the draw asks, and by nothing else",
    arguments: [
      ("flourishing-12.secure_flourishing", 0), ("flourishing-12.f01 + 1", 0),
      ("flourishing-12.f99", 1), ("wisdom-7.wisdom", 1), ("flourishing-12.f01 > 3", 1), ("site", 1),
    ])
  func factors(value: String, count: Int) throws {
    var files = Self.files
    files["study.yaml"] = Array(
      StudySamples.complete.replacing(
        "{ method: simple, after: baseline }",
        with:
          "{ method: minimisation, strata: [{ id: s, of: \(value), cut: [3] }], after: baseline }"
      ).utf8)
    let found = try problems(of: files)
    #expect(found.count == count, "\(found)")
    #expect(found.allSatisfy { $0.contains("study.yaml:17:") }, "\(found)")
  }

  @Test("what days, prompts and events do not count from is no anchor")
  func noAnchor() throws {
    var files = Self.files
    files["study.yaml"] = Array(
      StudySamples.complete
        .replacing(
          "    at: 3mo after enrolment\n    time: \"18:30\"",
          with: "    days: 3\n    from: 1w after nobody"
        )
        .utf8)
    let found = try problems(of: files)
    #expect(found.allSatisfy { !$0.contains("the occasion 'nobody'") }, "\(found)")
    #expect(found.contains { $0.contains("'from' beside 'days'") }, "\(found)")
  }

  @Test("a language that is none is no path to look for")
  func badLanguage() throws {
    var files = Self.files
    files["study.yaml"] = Array(StudySamples.complete.replacing("[en]", with: "[en, ../..]").utf8)
    #expect(try problems(of: files).allSatisfy { !$0.contains("no file") })
  }

  @Test("texts that are missing, empty or no text are reported")
  func texts() throws {
    var files = Self.files
    files["consent/v2.en.md"] = nil
    files["texts/thanks.md"] = [0xFF, 0xFE, 0x00]
    #expect(
      try problems(of: files) == [
        "study.yaml:10:9: error: found no file 'consent/v2.en.md', expected the text in en there",
        "texts/thanks.md: error: found bytes that are no text, expected text in UTF-8",
      ])
    files["consent/v2.en.md"] = Array(" \n".utf8)
    files["texts/thanks.md"] = Array("Thanks.".utf8)
    #expect(
      try problems(of: files) == [
        "consent/v2.en.md: error: found an empty text, expected a text to read"
      ])
  }

  @Test("every language needs its texts and its wordings")
  func languages() throws {
    var files = Self.files
    files["study.yaml"] = Array(
      StudySamples.complete.replacing("[en]", with: "[en, de]")
        .replacing(", question: I take part.", with: "")
        .replacing("{ text: texts/thanks.md }", with: "{ text: 'texts/thanks.{language}.md' }").utf8
    )
    files["texts/thanks.en.md"] = Array("Thanks.".utf8)
    let found = try problems(of: files)
    #expect(found.count == 5)
    #expect(found.contains { $0.contains("no file 'consent/v2.de.md'") })
    #expect(found.contains { $0.contains("no file 'texts/thanks.de.md'") })
    #expect(found.count { $0.contains("a wording in de") } == 3)
  }

  @Test("one text or question for two languages is refused")
  func oneForTwo() throws {
    var files = Self.files
    files["study.yaml"] = Array(StudySamples.complete.replacing("[en]", with: "[en, nl]").utf8)
    let found = try problems(of: files)
    #expect(found.contains { $0.contains("study.yaml:12:") && $0.contains("each of en, nl") })
    #expect(found.contains { $0.contains("study.yaml:35:") && $0.contains("one path for 2") })
  }

  @Test("unknown instruments are reported once, with the nearest name")
  func unknownInstrument() throws {
    var files = Self.files
    files["study.yaml"] = Array(StudySamples.complete.replacing("needs-24", with: "need-24").utf8)
    let found = try problems(of: files)
    #expect(found.count == 1)
    #expect(found[0].hasPrefix("study.yaml:22:19: error: found the instrument 'need-24'"))
    #expect(found[0].hasSuffix("did you mean 'needs-24'?"))
  }

  @Test("local instruments are used, and may not bear a shipped one's name")
  func localInstruments() throws {
    let wisdom = try #require(ShippedInstruments.instrument(id: "wisdom-7"))
    let renamed = String(decoding: wisdom.source, as: UTF8.self)
      .replacing("id: wisdom-7", with: "id: wisdom-local")
    var files = Self.files
    files["instruments/wisdom-local.yaml"] = Array(renamed.utf8)
    files["study.yaml"] = Array(
      StudySamples.complete.replacing("[wisdom-7]", with: "[wisdom-local]").utf8)
    #expect(try problems(of: files) == [])
    files["instruments/wisdom-7.yaml"] = wisdom.source
    let shadowing = try problems(of: files)
    #expect(shadowing.count == 1)
    #expect(shadowing[0].hasPrefix("instruments/wisdom-7.yaml: error:"))
    files["instruments/wisdom-7.yaml"] = nil
    files["instruments/wisdom-local.yaml"] = nil
    files["instruments/other.yaml"] = Array(renamed.utf8)
    #expect(try problems(of: files).contains { $0.hasPrefix("instruments/other.yaml:") })
  }

  @Test("a broken local instrument is reported in its own file only")
  func brokenInstrument() throws {
    var files = Self.files
    files["instruments/mine.yaml"] = Array("id: mine\n".utf8)
    files["study.yaml"] = Array(StudySamples.complete.replacing("[wisdom-7]", with: "[mine]").utf8)
    let found = try problems(of: files)
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.hasPrefix("instruments/mine.yaml:") })
  }

  @Test("links may not lead out of the folder, and folders and pipes are no files")
  func escapes() throws {
    var files = Self.files
    files["consent/v2.en.md"] = nil
    let linked = try problems(of: files) { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "consent.link"), withDestinationURL: URL(filePath: "/etc"))
      try FileManager.default.createDirectory(
        at: folder.appending(path: "consent"), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "consent/v2.en.md"),
        withDestinationURL: URL(filePath: "/etc/hostname"))
    }
    #expect(linked.count == 1)
    #expect(linked[0].contains("a link that leads out of the study folder"))
    let directory = try problems(of: files) { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "consent/v2.en.md"), withIntermediateDirectories: true)
    }
    #expect(directory.count == 1)
    #expect(directory[0].contains("something that is no file"))
  }

  @Test("a file of many megabytes is refused unread")
  func large() throws {
    var files = Self.files
    files["consent/v2.en.md"] = Array(repeating: 65, count: FolderFiles.sizeLimit + 1)
    #expect(try problems(of: files).count == 1)
  }

  @Test("a study that asks about distress without saying what happens then is refused")
  func distress() throws {
    var files = Self.files
    files["study.yaml"] = Array(
      StudySamples.complete.replacing("[wisdom-7]", with: "[affect-2]").utf8)
    let found = try problems(of: files)
    #expect(found.count == 1)
    #expect(found.first?.contains("'affect-2', which asks about distress") == true)
    #expect(found.first?.contains("expected safety:") == true)
  }

  @Test("only a study that says so computes cut-offs of wordings that are not the published ones")
  func cutoffs() throws {
    var problems = Problems()
    let plain = Study.load(
      Array(StudySamples.complete.utf8), file: "study.yaml", problems: &problems)
    #expect(plain?.usesExploratoryCutoffs == false)
    let exploratory = Study.load(
      Array("\(StudySamples.complete)\ncutoffs: exploratory\n".utf8), file: "study.yaml",
      problems: &problems)
    #expect(exploratory?.usesExploratoryCutoffs == true)
    #expect(problems.isEmpty)
    _ = Study.load(
      Array("\(StudySamples.complete)\ncutoffs: always\n".utf8), file: "study.yaml",
      problems: &problems)
    #expect(problems.list.first?.expected.contains("exploratory") == true)
  }

  @Test(
    "paths stay inside by their spelling",
    arguments: [
      ("consent/v1.md", true), ("v1.md", true), ("a..b/c", true), ("", false), ("/etc", false),
      ("../x", false), ("a/../b", false), ("a//b", false), ("./a", false), ("a/", false),
      ("~/x", false), ("a\\b", false), ("a\u{0}b", false), ("a\nb", false),
    ])
  func paths(path: String, inside: Bool) {
    #expect(StudyFolder.staysInside(path) == inside)
  }
}
