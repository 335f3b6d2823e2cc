import Definitions
import Foundation
import Instruments
import Testing

@testable import Studies

@Suite("Whose words a study reads, and what it says about distress")
struct WordingTests {
  /// A study in two languages whose instrument has a shipped Dutch overlay.
  static let study = """
    id: words
    version: 1.0.0
    title: Words
    languages: [en, nl]
    timezone: participant
    contact: { name: Team, email: team@example.org }
    sites: [leiden, accra]
    consent: { version: 1, text: "consent.{language}.md", parts: [{ id: surveys, required: true }] }
    occasions:
      - { id: once, at: enrolment, open_for: 1d, instruments: [needs-6] }

    """

  static let overlay = """
    overlay: needs-6
    for_version: 1.0.0
    language: en
    version: 1.0.0
    author: Team
    licence: CC0
    date: 2026-11-21
    method: spoken with twelve people
    reviewed: { by: A teacher, date: 2026-11-22 }
    title: Today
    instructions: Think of today.
    items: { n1: A, n2: B, n3: C, n4: D, n5: E, n6: F }
    labels: { true7: { 1: a, 2: b, 3: c, 4: d, 5: e, 6: f, 7: g } }

    """

  static let safety = """
    safety:
      text: "safety.{language}.md"
      contact: { name: Study doctor, phone: "+31 71 000 0000" }
      alert: { email: doctor@example.org, within: 24h }

    """

  private func load(
    _ study: String, _ more: [String: String] = [:]
  ) throws -> (folder: StudyFolder?, problems: [String]) {
    var files = more
    files["study.yaml"] = study
    for name in ["consent", "safety"] {
      for language in ["en", "nl"] { files["\(name).\(language).md"] = "\(name) \(language)" }
    }
    var loaded: StudyFolder?
    var problems = Problems()
    try StudySamples.withFolder(files.mapValues { Array($0.utf8) }) { folder in
      loaded = StudyFolder.load(directory: folder, problems: &problems)
    }
    return (loaded, problems.sorted.map { "\($0.place.line): found \($0.found)" })
  }

  @Test("Shipped overlays are read in the languages that the instrument lacks")
  func shipped() throws {
    let (loaded, problems) = try load(Self.study)
    let folder = try #require(loaded, "\(problems)")
    for site in ["leiden", "accra"] {
      let dutch = try #require(folder.instrument("needs-6", language: "nl", site: site))
      #expect(dutch.language == "nl" && dutch.overlay?.community == "longwell")
      #expect(folder.overlay("needs-6", language: "nl", site: site)?.id == "longwell/needs-6.nl")
      #expect(folder.instrument("needs-6", language: "en", site: site)?.overlay == nil)
    }
    #expect(folder.instrument("needs-24", language: "nl", site: "leiden") == nil)
    #expect(
      folder.documents.map(\.kind.rawValue) == [
        "study", "instrument", "overlay", "consent", "consent",
      ])
  }

  @Test("A site's own words come before others, and in its own language too")
  func sites() throws {
    let text = Self.study.replacing(
      "sites: [leiden, accra]",
      with: "sites: [leiden, { id: accra, overlays: [accra-team, longwell] }]")
    let (loaded, problems) = try load(
      text, ["overlays/accra-team/needs-6.en.yaml": Self.overlay])
    let folder = try #require(loaded, "\(problems)")
    let words = { language, site in
      folder.instrument("needs-6", language: language, site: site)?.items[0].text
    }
    #expect(words("en", "accra") == "A")
    #expect(words("en", "leiden") != "A" && words("en", "leiden") != nil)
    #expect(words("nl", "accra") == words("nl", "leiden"))
    #expect(folder.study.sites == ["leiden", "accra"])
    #expect(folder.usedOverlays.map(\.id) == ["accra-team/needs-6.en", "longwell/needs-6.nl"])
    #expect(folder.usedOverlays[0].provenance.review?.by == "A teacher")
  }

  @Test("A study comes back from its documents with all its wordings")
  func documents() throws {
    let text = Self.study.replacing(
      "languages:", with: "overlays: [own, longwell]\nlanguages:")
    let folder = try #require(
      try load(text, ["overlays/own/needs-6.en.yaml": Self.overlay]).folder)
    var problems = Problems()
    let again = try #require(
      StudyFolder.load(documents: folder.documents, problems: &problems), "\(problems.list)")
    #expect(again.contentHash == folder.contentHash)
    #expect(again.usedOverlays.map(\.provenance) == folder.usedOverlays.map(\.provenance))
    #expect(again.instrument("needs-6", language: "en", site: "accra")?.items[0].text == "A")
    // Without one of them it is not complete.
    let rest = folder.documents.filter { $0.id != "longwell/needs-6.nl" }
    #expect(StudyFolder.load(documents: rest, problems: &problems) == nil)
  }

  @Test("A wording that there is not is missed where the instrument is named")
  func missing() throws {
    let german = Self.study.replacing("languages: [en, nl]", with: "languages: [en, nl, de]")
    let (folder, problems) = try load(german, ["consent.de.md": "x"])
    #expect(folder == nil)
    #expect(problems == ["10: found the instrument 'needs-6', whose wording is in en"])
    let none = Self.study.replacing(
      "sites: [leiden, accra]", with: "sites: [leiden, { id: accra, overlays: [] }]")
    #expect(
      try load(none).problems == ["10: found the instrument 'needs-6', whose wording is in en"])
  }

  @Test(
    "Mistakes in sites and overlays are reported at their place",
    arguments: [
      ("sites: [leiden, { id: accra, overlay: x }]", "7: found the unknown field 'overlay'"),
      ("sites: [leiden, { id: accra, overlays: [acra] }]", "7: found the overlays of 'acra'"),
      ("sites: []", "7: found no site"),
      ("sites: [leiden, leiden]", "7: found site 'leiden' a second time"),
      ("sites: [{ overlays: [longwell] }]", "7: found "),
    ])
  func mistakes(line: String, found: String) throws {
    let (folder, problems) = try load(
      Self.study.replacing("sites: [leiden, accra]", with: line),
      ["overlays/accra/needs-6.en.yaml": Self.overlay])
    #expect(folder == nil)
    #expect(problems.contains { $0.hasPrefix(found) }, "\(problems)")
  }

  @Test("An overlay beside a study is checked as any, and cannot pass for a shipped one")
  func broken() throws {
    let short = Self.overlay.replacing(", n6: F", with: "")
    let (folder, problems) = try load(Self.study, ["overlays/own/needs-6.en.yaml": short])
    #expect(folder == nil)
    #expect(problems == ["1: found no words for the item 'n6'"])
    let scoring = Self.overlay + "scores: { x: { mean: [n1] } }\n"
    #expect(
      try load(Self.study, ["overlays/own/needs-6.en.yaml": scoring]).problems
        == ["14: found the unknown field 'scores'"])
    let posing = try load(Self.study, ["overlays/longwell/needs-6.en.yaml": Self.overlay])
    #expect(
      posing.problems == ["0: found a community with the name of the one that Longwell ships"])
    let unreviewed = Self.overlay.replacing("date: 2026-11-22 }", with: "date: yesterday }")
    #expect(
      try load(Self.study, ["overlays/own/needs-6.en.yaml": unreviewed]).problems
        == ["9: found the text 'yesterday'"])
  }

  @Test("Instruments that ask about distress need safety, and have it in each language")
  func safety() throws {
    let asking = Self.study.replacing("[en, nl]", with: "[en]")
      .replacing("[needs-6]", with: "[affect-2]")
    let without = try load(asking)
    #expect(without.folder == nil)
    #expect(
      without.problems == ["10: found the instrument 'affect-2', which asks about distress"])
    let (loaded, problems) = try load(asking + Self.safety)
    let folder = try #require(loaded, "\(problems)")
    #expect(folder.safetyTexts["en"]?.text == "safety en")
    #expect(folder.study.safety?.contact.line == "Study doctor, +31 71 000 0000")
    #expect(folder.study.safety?.alertEmail == "doctor@example.org")
    #expect(folder.documents.map(\.kind.rawValue) == ["study", "instrument", "consent", "text"])
  }

  @Test(
    "Half a safety is none",
    arguments: [
      (", phone: \"+31 71 000 0000\"", "", "13: found a contact without a way to reach it"),
      (", within: 24h", "", "14: found "), ("within: 24h", "within: soon", "14: found 'soon'"),
      ("email: doctor@example.org", "email: doctor", "14: found 'doctor'"),
      ("safety.{language}.md", "help.{language}.md", "12: found no file 'help.en.md'"),
      ("contact:", "contacts:", "13: found "),
    ])
  func halfSafety(from: String, to: String, found: String) throws {
    let text =
      Self.study.replacing("[en, nl]", with: "[en]")
      .replacing("[needs-6]", with: "[affect-2]") + Self.safety.replacing(from, with: to)
    let (folder, problems) = try load(text)
    #expect(folder == nil)
    #expect(problems.contains { $0.hasPrefix(found) }, "\(problems)")
  }

  @Test("What an instrument uses of another one, the study must ask")
  func earlier() throws {
    let text = Self.study.replacing("[en, nl]", with: "[en]")
    let alone = try load(text.replacing("[needs-6]", with: "[own-goals-progress]"))
    #expect(alone.folder == nil)
    #expect(
      alone.problems.first
        == "10: found the instrument 'own-goals-progress', which uses own-goals.goal_1")
    let both = try load(text.replacing("[needs-6]", with: "[own-goals, own-goals-progress]"))
    #expect(both.folder != nil, "\(both.problems)")
    let local = """
      id: asking
      version: 1.0.0
      title: Asking
      construct: test
      language: en
      recall: today
      wording: original
      earlier: { needs-6: { n1: text } }
      items:
        - { id: a, text: "{{needs-6.n1}}", type: instruction }

      """
    let wrong = try load(
      text.replacing("[needs-6]", with: "[needs-6, asking]"), ["instruments/asking.yaml": local])
    #expect(wrong.folder == nil)
    #expect(
      wrong.problems == [
        "10: found the instrument 'asking', which uses needs-6.n1, which is a number in needs-6, not a text"
      ])
  }
}
