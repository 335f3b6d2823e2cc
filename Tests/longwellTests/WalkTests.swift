import Foundation
import Testing

@Suite("The way from a template to a report")
struct WalkTests {
  @Test(
    "a simulated study is checked, verified, exported and analysed, and one seed gives one study")
  func simulatedStudy() throws {
    let scratch = try ScratchFolder()
    for study in ["first", "second"] {
      #expect(try Command.run(["init", study], in: scratch.url).status == 0)
      let simulated = try Command.run(
        ["simulate", study, "--participants", "24", "--seed", "7"], in: scratch.url)
      #expect(simulated.status == 0, "\(simulated.errors)")
      #expect(try Command.run(["verify", study], in: scratch.url).status == 0)
      #expect(
        try Command.run(["export", study, "--out", "\(study)-out"], in: scratch.url).status == 0)
      let analysed = try Command.run(
        [
          "analyse", "\(study)/analysis/quickstart.yaml", "--study", study, "--out",
          "\(study)-results",
        ], in: scratch.url)
      #expect(analysed.status == 0, "\(analysed.errors)")
    }
    let exports = try scratch.contents(of: "first-out")
    #expect(
      Set(exports.keys).isSuperset(of: [
        "participants.csv", "occasions.csv", "responses.csv", "scores.csv", "codebook.csv",
      ]))
    #expect(try exports == scratch.contents(of: "second-out"))
    var results = try scratch.contents(of: "first-results")
    var others = try scratch.contents(of: "second-results")
    // run.json alone holds time and machine.
    results["run.json"] = nil
    others["run.json"] = nil
    #expect(Set(results.keys) == Set(others.keys))
    for (path, bytes) in results { #expect(bytes == others[path], "\(path) differs") }
    let rows = try #require(exports["occasions.csv"]).split(separator: UInt8(ascii: "\n"))
    #expect(rows.count == 1 + 24 * 3)
  }

  @Test("another seed gives another study, and a first one is replaced")
  func seeds() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    var exports: [[String: Data]] = []
    for seed in ["1", "2"] {
      _ = try Command.run(
        ["simulate", "study", "--participants", "3", "--seed", seed], in: scratch.url)
      _ = try Command.run(["export", "study", "--out", "out\(seed)"], in: scratch.url)
      exports.append(try scratch.contents(of: "out\(seed)"))
    }
    #expect(exports[0]["responses.csv"] != exports[1]["responses.csv"])
  }

  @Test("one person enrols, answers with a stop and a way back, and is scored")
  func oneParticipant() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let now = ["--now", "2027-03-10T10:00Z"]
    let enrolled = try Command.run(
      ["enrol", "study", "--agree", "surveys", "--zone", "Europe/Amsterdam", "--json"] + now,
      in: scratch.url)
    #expect(enrolled.status == 0, "\(enrolled.errors)")
    let pseudonym = try #require(enrolled.output.firstMatch(of: #/P-[2-9A-Z]{6}/#)).output
    let due = try Command.run(["due", "study"] + now, in: scratch.url)
    #expect(due.output.contains(pseudonym))
    #expect(due.output.contains("2027-03-13T11:00:00+01:00"))

    let answer = ["answer", "study", "--participant", String(pseudonym)]
    let stopped = try Command.run(
      answer + now, in: scratch.url, input: "4\nnine\n9\n\n:back\n2\n3\n:quit\n")
    #expect(stopped.status == 0, "\(stopped.errors)")
    #expect(stopped.output.contains("Enter a whole number from 1 to 5."))
    #expect(stopped.output.contains("kept. Run the same command again"))

    let remaining = String(repeating: "4\n", count: 43 - 3) + ":submit\n"
    let submitted = try Command.run(answer + now, in: scratch.url, input: remaining)
    #expect(submitted.status == 0, "\(submitted.errors)")
    #expect(submitted.output.contains("Thank you"))
    let again = try Command.run(answer + now, in: scratch.url)
    #expect(again.status == 3)

    _ = try Command.run(["export", "study", "--out", "out"] + now, in: scratch.url)
    let exports = try scratch.contents(of: "out")
    let responses = String(decoding: try #require(exports["responses.csv"]), as: UTF8.self)
    #expect(responses.contains(",n01,,4,"))
    #expect(responses.contains(",n02,,2,"))
    #expect(responses.contains(",n03,,3,"))
    let participants = String(decoding: try #require(exports["participants.csv"]), as: UTF8.self)
    #expect(participants.contains("usual") || participants.contains("supportive"))
    #expect(try Command.run(["verify", "study"], in: scratch.url).status == 0)
  }

  @Test("nobody is enrolled without consent, and real people keep simulated ones out")
  func refusals() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    #expect(try Command.run(["enrol", "study"], in: scratch.url).status == 2)
    #expect(
      try Command.run(["enrol", "study", "--agree", "recontact"], in: scratch.url).status == 3)
    #expect(try Command.run(["due", "study"], in: scratch.url).status == 3)
    #expect(try Command.run(["enrol", "study", "--agree", "surveys"], in: scratch.url).status == 0)
    let simulated = try Command.run(["simulate", "study"], in: scratch.url)
    #expect(simulated.status == 3)
    #expect(simulated.errors.contains("real people"))
    #expect(try Command.run(["init", "study"], in: scratch.url).status == 3)
    #expect(try Command.run(["due", "nowhere"], in: scratch.url).status == 4)
    #expect(try Command.run(["nonsense"], in: scratch.url).status == 2)
    #expect(
      try Command.run(["answer", "study", "--participant", "?"], in: scratch.url).status == 2)
  }

  @Test("a rehearsal with --now and a real study keep out of each other's way")
  func rehearsal() throws {
    let scratch = try ScratchFolder()
    let now = ["--now", "2027-03-10T10:00Z"]
    for folder in ["rehearsal", "real"] { _ = try Command.run(["init", folder], in: scratch.url) }
    let enrol = ["--agree", "surveys"]
    #expect(try Command.run(["enrol", "rehearsal"] + enrol + now, in: scratch.url).status == 0)
    #expect(try Command.run(["enrol", "rehearsal"] + enrol, in: scratch.url).status == 3)
    #expect(try Command.run(["enrol", "real"] + enrol, in: scratch.url).status == 0)
    #expect(try Command.run(["enrol", "real"] + enrol + now, in: scratch.url).status == 3)
    let test = try Command.run(["enrol", "real", "--test"] + enrol + now, in: scratch.url)
    #expect(test.status == 0, "\(test.errors)")
    // Looking ahead changes nothing: what was due is due afterwards.
    let before = try Command.run(["due", "real"], in: scratch.url).output
    #expect(before.contains("baseline"))
    _ = try Command.run(["due", "real", "--now", "2199-01-01T00:00Z"], in: scratch.url)
    #expect(try Command.run(["due", "real"], in: scratch.url).output == before)
    let export = ["export", "real", "--out", "out"]
    #expect(
      try Command.run(export + ["--now", "2199-01-01T00:00Z"], in: scratch.url).status == 3)
    let keys = scratch.url.appending(path: "keys")
    try FileManager.default.moveItem(at: keys, to: scratch.url.appending(path: "elsewhere"))
    let exported = try Command.run(export, in: scratch.url)
    #expect(exported.status == 0, "an analyst needs no key: \(exported.errors)")
  }

  @Test("contacts are in no file of the study folder as text")
  func contactsAreSealed() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let enrolled = try Command.run(
      [
        "enrol", "study", "--agree", "surveys", "--name", "Wilhelmina Planted", "--email",
        "planted@example.org",
      ], in: scratch.url)
    #expect(enrolled.status == 0, "\(enrolled.errors)")
    for (path, bytes) in try scratch.contents(of: "study") {
      #expect(bytes.range(of: Data("Planted".utf8)) == nil, "\(path)")
      #expect(bytes.range(of: Data("planted@".utf8)) == nil, "\(path)")
    }
  }
}
