import Foundation
import Testing

@Suite("A killed process loses nothing that was acknowledged")
struct CrashTests {
  @Test(
    "a simulation killed at any moment leaves chains that hold",
    arguments: [200_000, 1_000_000, 3_000_000])
  func killedSimulation(bytes: Int) throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    // Far more people than can be simulated before the files have grown that much.
    let (process, _, _) = try Command.start(
      ["simulate", "study", "--participants", "20000", "--seed", "3"], in: scratch.url)
    let files = ["longwell.db", "longwell.db-wal"].map {
      scratch.url.appending(path: "study/data/\($0)").path
    }
    func written() -> Int {
      files.reduce(0) { total, path in
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return total + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
      }
    }
    while process.isRunning, written() < bytes { usleep(2000) }
    #expect(process.isRunning, "the simulation ended before it could be killed")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let verified = try Command.run(["verify", "study"], in: scratch.url)
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }

  @Test("every answer that was acknowledged is there after a kill", arguments: [1, 7, 20])
  func killedInterview(answers: Int) throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let now = ["--now", "2027-03-10T10:00Z"]
    let enrolled = try Command.run(
      ["enrol", "study", "--agree", "surveys"] + now, in: scratch.url)
    let pseudonym = try #require(enrolled.output.firstMatch(of: #/P-[2-9A-Z]{6}/#)).output
    let (process, input, output) = try Command.start(
      ["answer", "study", "--participant", String(pseudonym)] + now, in: scratch.url)
    var heard = ""
    for answer in 1...answers {
      try input.write(contentsOf: Data("\(answer % 5 + 1)\n".utf8))
      while heard.components(separatedBy: "kept").count - 1 < answer {
        let bytes = output.availableData
        try #require(!bytes.isEmpty, "the interview ended early")
        heard += String(decoding: bytes, as: UTF8.self)
      }
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try Command.run(["verify", "study"], in: scratch.url).status == 0)
    // Once the window has closed, the session is partial, and exported with what it holds.
    _ = try Command.run(
      ["export", "study", "--out", "out", "--now", "2027-04-01T10:00Z"], in: scratch.url)
    let responses = String(
      decoding: try #require(scratch.contents(of: "out")["responses.csv"]), as: UTF8.self)
    for answer in 1...answers {
      let item = "n" + (answer < 10 ? "0" : "") + String(answer)
      #expect(responses.contains(",\(item),,\(answer % 5 + 1),"), "\(item) is lost")
    }
  }
}
