import Foundation
import Testing

/// What is left blank is asked once more at the end, unless it may well be blank.
@Suite("What is left blank")
struct LeftBlankTests {
  private static let mood = """
    id: mood
    version: 1.0.0
    title: Mood
    construct: mood
    language: en
    recall: now
    wording: original
    items:
      - { id: a, text: How is it going?, type: likert, range: [1, 5] }
      - { id: note, text: Anything else?, type: text, required: "no" }
      - { id: b, text: And how was it?, type: likert, range: [1, 5] }
      - { id: check, text: Choose 2., type: likert, range: [1, 5] }
    checks: [{ item: check, expect: 2 }]
    scores: { mood: { sum: [a, b], answered: 1 } }
    tests:
      - { answers: { a: 1, b: 2 }, scores: { mood: 3 } }
      - { answers: { a: 1 }, scores: { mood: 2 } }

    """

  /// A study of that one instrument with one person enrolled.
  private func enrolled(in scratch: ScratchFolder) throws -> [String] {
    _ = try Command.run(["init", "study"], in: scratch.url)
    let folder = scratch.url.appending(path: "study")
    let instruments = folder.appending(path: "instruments")
    try FileManager.default.createDirectory(at: instruments, withIntermediateDirectories: true)
    try Data(Self.mood.utf8).write(to: instruments.appending(path: "mood.yaml"))
    let file = folder.appending(path: "study.yaml")
    let study = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      .replacing("[needs-24, flourishing-12, wisdom-7]", with: "[mood]")
    try Data(study.utf8).write(to: file)
    let enrolled = try Command.run(
      ["enrol", "study", "--agree", "surveys", "--json"], in: scratch.url)
    #expect(enrolled.status == 0, "\(enrolled.errors)")
    let pseudonym = try #require(enrolled.output.firstMatch(of: #/P-[2-9A-Z]{6}/#)).output
    return ["answer", "study", "--participant", String(pseudonym)]
  }

  @Test("the end asks it once more, and nothing else")
  func askedOnceMore() throws {
    let scratch = try ScratchFolder()
    let answer = try enrolled(in: scratch)
    let answered = try Command.run(
      answer, in: scratch.url, input: "\n\n\n4\n5\n\n:back\n3\n:submit\n")
    #expect(answered.status == 0, "\(answered.errors)")
    #expect(answered.output.contains("You left 2 unanswered. Here they are once more"))
    #expect(answered.output.contains("Questions left without an answer: 1."))
    #expect(answered.output.contains("Everything is answered"))
    #expect(answered.output.split(separator: "Anything else?").count == 2)
    #expect(answered.output.split(separator: "Choose 2.").count == 2)
    #expect(answered.output.contains("Thank you"))
  }

  @Test("tables tell failed checks and sums filled up")
  func exported() throws {
    let scratch = try ScratchFolder()
    let answer = try enrolled(in: scratch)
    _ = try Command.run(answer, in: scratch.url, input: "4\n\n\n3\n:submit\n")
    _ = try Command.run(["export", "study", "--out", "out"], in: scratch.url)
    let exports = try scratch.contents(of: "out")
    let scores = String(decoding: try #require(exports["scores.csv"]), as: UTF8.self)
      .split(whereSeparator: \.isNewline).map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
    #expect(
      scores.first?.suffix(5) == [
        "mood.mood", "mood.mood_missing", "mood.mood_answered", "mood.mood_prorated",
        "mood.checks_failed",
      ])
    #expect(scores.last?.suffix(5) == ["8", "", "1", "true", "1"])
  }
}
