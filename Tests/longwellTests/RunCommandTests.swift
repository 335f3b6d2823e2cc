import Foundation
import Testing

@Suite("run, messages and doctor")
struct RunCommandTests {
  private func rehearsal() throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let file = scratch.url.appending(path: "study/study.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    try Data((text + "\nmessages: { opening: standard }\n").utf8).write(to: file)
    let enrolled = try Command.run(
      ["enrol", "study", "--agree", "surveys", "--zone", "Europe/Amsterdam"] + Self.now,
      in: scratch.url)
    #expect(enrolled.status == 0, "\(enrolled.errors)")
    _ = try Command.run(
      ["link", "study", "--address", "https://study.example.org"], in: scratch.url)
    return scratch
  }

  private static let now = ["--now", "2027-03-10T10:00Z"]

  private func settle(_ settings: String, in scratch: ScratchFolder) throws {
    try Data(settings.utf8).write(to: scratch.url.appending(path: "study/messages.yaml"))
  }

  @Test("a rehearsal writes each message to a file, once")
  func files() throws {
    let scratch = try rehearsal()
    try settle("file: { folder: ../letters }\n", in: scratch)
    let dry = try Command.run(["run", "study", "--dry-run"] + Self.now, in: scratch.url)
    #expect(dry.output.contains("opening by file"), "\(dry.output)\(dry.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch.url.appending(path: "letters").path))
    for _ in 0..<2 {
      let run = try Command.run(["run", "study", "--once"] + Self.now, in: scratch.url)
      #expect(run.status == 0, "\(run.errors)")
    }
    let letters = try scratch.contents(of: "letters")
    #expect(letters.count == 1)
    let letter = String(decoding: try #require(letters.values.first), as: UTF8.self)
    #expect(letter.contains("Subject: Your questionnaire is open\r\n"))
    #expect(letter.replacing("=\r\n", with: "").contains("https://study.example.org/p/"))
    let listed = try Command.run(["messages", "study"], in: scratch.url)
    #expect(listed.output.contains("baseline 1"))
    #expect(listed.output.contains("sent"))
    let doctor = try Command.run(["doctor", "study"] + Self.now, in: scratch.url)
    #expect(doctor.status == 0, "\(doctor.output)\(doctor.errors)")
  }

  @Test("what is missing or unsafe is said before anything is sent")
  func refusals() throws {
    let scratch = try rehearsal()
    let run = ["run", "study", "--once"] + Self.now
    let silent = try Command.run(run, in: scratch.url)
    #expect(silent.status == 3)
    #expect(silent.errors.contains("messages.yaml"))
    try settle("file: { folder: letters }\n", in: scratch)
    let inside = try Command.run(run, in: scratch.url)
    #expect(inside.status == 1)
    #expect(inside.errors.contains("outside the study's folder"), "\(inside.errors)")
    let check = try Command.run(["check", "study"], in: scratch.url)
    #expect(check.status == 1)
    #expect(check.output.contains("messages.yaml: error: found the folder 'letters'"))
    try settle("email: { host: smtp.example.org }\n", in: scratch)
    let mail = try Command.run(run, in: scratch.url)
    #expect(mail.status == 3)
    #expect(mail.errors.contains("rehearsal"))
    let dry = try Command.run(["run", "study", "--dry-run"] + Self.now, in: scratch.url)
    #expect(dry.status == 3 && dry.errors.contains("rehearsal"))
    let timeless = try Command.run(["run", "study", "--once"], in: scratch.url)
    #expect(timeless.status == 3)
    let endless = try Command.run(["run", "study"] + Self.now, in: scratch.url)
    #expect(endless.status == 2)
  }

  @Test("doctor finds nothing in a simulated study, and leaves with 1 where it finds something")
  func doctor() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    _ = try Command.run(
      ["simulate", "study", "--participants", "20", "--seed", "4"], in: scratch.url)
    let well = try Command.run(["doctor", "study"], in: scratch.url)
    #expect(well.status == 0, "\(well.output)\(well.errors)")
    #expect(well.output == "Nothing found.\n")
    // Its time is the simulated one, in which nothing that is done with the data goes back.
    _ = try Command.run(["export", "study", "--out", "out"], in: scratch.url)
    #expect(try Command.run(["doctor", "study"], in: scratch.url).output == "Nothing found.\n")
    let none = try Command.run(["doctor", "elsewhere"], in: scratch.url)
    #expect(none.status == 4)
  }
}
