import Definitions
import Foundation
import Studies
import Testing

@Suite("Texts of messages")
struct MessageTemplateTests {
  /// A study of one language with one kind of message.
  static func study(_ messages: String, languages: String = "en") -> String {
    """
    id: writing
    version: 1.0.0
    title: A study that writes
    languages: [\(languages)]
    timezone: participant
    contact: { name: Study team, email: team@example.org }
    consent:
      version: 1
      text: consent.{language}.md
      parts: [{ id: surveys, required: true }]
    occasions:
      - { id: once, at: enrolment, open_for: 3d, instruments: [needs-6] }
    messages: \(messages)
    """
  }

  static func load(
    _ messages: String, texts: [String: String] = [:], languages: String = "en"
  ) throws -> (folder: StudyFolder?, problems: [String]) {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "longwell-texts-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: url) }
    var files = texts
    files["study.yaml"] = study(messages, languages: languages)
    for language in languages.split(separator: ", ") { files["consent.\(language).md"] = "Words." }
    for (path, text) in files {
      let file = url.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    var problems = Problems()
    let folder = StudyFolder.load(directory: url, problems: &problems)
    return (folder, problems.sorted.map(\.description))
  }

  @Test("a text of the study is filled in, and is published with it")
  func ownText() throws {
    let text = "# News of {title}\r\n\r\nGo to {link}.\r\nUntil {until}, {unsubscribe}"
    let (folder, problems) = try Self.load(
      "{ opening: \"texts/o.{language}.md\" }", texts: ["texts/o.en.md": text])
    let loaded = try #require(folder, "\(problems)")
    let template = try #require(loaded.messageTemplate(.opening, language: "en"))
    let filled = template.filled { "<\($0.rawValue)>" }
    #expect(filled.subject == "News of <title>")
    #expect(filled.body == "Go to <link>.\nUntil <until>, <unsubscribe>")
    #expect(loaded.messageTemplate(.thanks, language: "en") == nil)
    #expect(loaded.documents.contains { $0.id == "texts/o.en.md" && $0.kind == .text })
    var found = Problems()
    let again = StudyFolder.load(documents: loaded.documents, problems: &found)
    #expect(again?.messageTemplate(.opening, language: "en") == template)
    #expect(again?.contentHash == loaded.contentHash)
  }

  @Test(
    "a mistake in a text has its place",
    arguments: [
      ("Hello\n{link} {unsubscribe}", "o.en.md:1:1: error: found a message without a subject"),
      ("# \n{link} {unsubscribe}", "without a subject"),
      ("# Hi\n{lnik} {unsubscribe}", "o.en.md:2:1: error: found '{lnik}'"),
      ("# Hi\n{lnik} {unsubscribe}", "did you mean '{link}'?"),
      ("# Hi {link}\n{link} {unsubscribe}", "in a subject"),
      ("# Hi\n{link}", "found a text without {unsubscribe}"),
      ("# Hi\n{unsubscribe}", "found a text without {link}"),
      ("# Hi\nDear {name}, {link} {unsubscribe}", "o.en.md:2:6: error: found '{name}'"),
      ("", "an empty text"),
    ])
  func mistakes(text: String, expected: String) throws {
    let (folder, problems) = try Self.load(
      "{ opening: \"texts/o.{language}.md\" }", texts: ["texts/o.en.md": text])
    #expect(folder == nil)
    #expect(problems.contains { $0.contains(expected) }, "\(problems)")
  }

  @Test(
    "a mistake in the study file too",
    arguments: [
      ("{ opening: \"texts/none.{language}.md\" }", "no file 'texts/none.en.md'"),
      ("{ openning: standard }", "did you mean 'opening'?"),
      ("{ opening: ../x.md }", "a path inside the study folder"),
      ("{ opening: [standard] }", "'standard' or the path of a text"),
    ])
  func studyMistakes(messages: String, expected: String) throws {
    let (folder, problems) = try Self.load(messages)
    #expect(folder == nil)
    #expect(problems.contains { $0.contains(expected) }, "\(problems)")
  }

  @Test("a language without standard texts needs one of the study's")
  func otherLanguage() throws {
    let (folder, problems) = try Self.load("{ thanks: standard }", languages: "en, sw")
    #expect(folder == nil)
    #expect(problems.contains { $0.contains("no standard text in sw") }, "\(problems)")
  }

  @Test(
    "the standard texts are whole in every language", arguments: StandardMessages.languages,
    MessageKind.allCases)
  func standard(language: String, kind: MessageKind) throws {
    let template = try #require(StandardMessages.template(kind, language: language))
    let filled = template.filled { "<\($0.rawValue)>" }
    // A subject is read on locked screens: it names neither study nor person.
    #expect(!filled.subject.contains("<"))
    #expect(!filled.subject.isEmpty)
    #expect(kind == .thanks || filled.body.contains("<link>"))
    #expect(kind == .invitation || filled.body.contains("<unsubscribe>"))
    #expect(StandardMessages.template(kind, language: "\(language)-XX") == template)
  }
}
