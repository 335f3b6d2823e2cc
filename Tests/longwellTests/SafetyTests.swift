import Foundation
import Testing

@Suite("A study that asks about distress, in the terminal")
struct SafetyTests {
  private static let study = """
    id: low
    version: 1.0.0
    title: Mood
    languages: [en]
    timezone: participant
    contact: { name: Team, email: team@example.org }
    consent: { version: 1, text: consent.md, parts: [{ id: surveys, required: true }] }
    cutoffs: exploratory
    safety:
      text: help.md
      contact: { name: Study doctor, phone: "+31 71 000 0000" }
      alert: { email: doctor@example.org, within: 24h }
    occasions:
      - { id: once, at: enrolment, open_for: 3d, instruments: [affect-2, own-goals] }
      - { id: later, at: 1d after enrolment, open_for: 3d, instruments: [own-goals-progress] }

    """

  /// A folder with the study and somebody enrolled.
  private func enrolled() throws -> (scratch: ScratchFolder, pseudonym: String) {
    let scratch = try ScratchFolder()
    let folder = scratch.url.appending(path: "low")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in [
      ("study.yaml", Self.study), ("consent.md", "# Consent"), ("help.md", "You are not alone."),
    ] {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    let outcome = try Command.run(
      [
        "enrol", "low", "--agree", "surveys", "--zone", "UTC", "--json", "--now",
        "2027-03-10T10:00Z",
      ],
      in: scratch.url)
    let name = try #require(outcome.output.firstMatch(of: /P-[2-9A-Z]+/)?.output, "\(outcome)")
    return (scratch, String(name))
  }

  @Test("an answer of concern is followed by whom to turn to, and so is the end")
  func help() throws {
    let (scratch, name) = try enrolled()
    let answering = ["answer", "low", "--participant", name, "--now"]
    let first = try Command.run(
      answering + ["2027-03-10T11:00Z"], in: scratch.url,
      input: "1\n0\n3\n0\nRun\n\n1\n2\n3\n4\n:submit\n")
    #expect(first.status == 0, "\(first)")
    let help = "You are not alone.\nStudy doctor, +31 71 000 0000"
    #expect(first.output.split(separator: help, omittingEmptySubsequences: false).count == 3)
    let parts = first.output.split(separator: help, omittingEmptySubsequences: false)
    #expect(parts[0].hasSuffix("kept\n\n") && parts[0].contains("tense"))
    // Goals are asked about in the next session, by name.
    let later = try Command.run(
      answering + ["2027-03-11T11:00Z"], in: scratch.url, input: "1\n2\n:submit\n")
    #expect(later.status == 0, "\(later)")
    #expect(later.output.contains("Compared with a week ago, how close are you to this goal? Run"))
    #expect(!later.output.contains("You are not alone"))
    let concerns = try Command.run(["concerns", "low"], in: scratch.url)
    #expect(concerns.output.contains(name) && concerns.output.contains("affect-2 a1"))
    #expect(!concerns.output.contains("d1"))
    let export = try Command.run(
      ["export", "low", "--out", "out", "--now", "2027-03-11T12:00Z"], in: scratch.url)
    #expect(export.status == 0, "\(export)")
    let files = try scratch.contents(of: "out")
    let codebook = String(decoding: try #require(files["codebook.csv"]), as: UTF8.self)
    #expect(codebook.contains("exploratory"))
    #expect(codebook.contains("0 = Below 3; 1 = 3 or more"))
    #expect(files["instruments.csv"] != nil && files["scorings.csv"] != nil)
    let rescored = try Command.run(
      ["rescore", "low", "--now", "2027-03-11T12:00Z", "--json"], in: scratch.url)
    #expect(rescored.output.contains("\"rescored\" : 0"), "\(rescored)")
    let unknown = try Command.run(
      ["rescore", "low", "--instrument", "affect-2", "--version", "9.0.0"], in: scratch.url)
    #expect(unknown.status != 0 && unknown.errors.contains("published: 1.0.0"))
    #expect(try Command.run(["verify", "low"], in: scratch.url).status == 0)
  }
}
