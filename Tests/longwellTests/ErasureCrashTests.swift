import Foundation
import Testing

@Suite("An erasure that is killed is finished by the next command")
struct ErasureCrashTests {
  /// Milliseconds from the wish being noted beside the keys; the whole takes some tens.
  @Test("at any of its steps", arguments: [0, 2, 5, 10, 20, 40])
  func killed(milliseconds: UInt32) throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let words = ["Quimperlé-\(milliseconds)", "kerguelen\(milliseconds)"]
    let enrolled = try Command.run(
      [
        "enrol", "study", "--agree", "surveys", "--name", words[0], "--email",
        "\(words[1])@example.org",
      ], in: scratch.url)
    let pseudonym = String(
      try #require(enrolled.output.firstMatch(of: #/P-[2-9A-Z]{6}/#)).output)
    let answered = try Command.run(
      ["answer", "study", "--participant", pseudonym], in: scratch.url,
      input: String(repeating: "3\n", count: 12))
    #expect(answered.output.contains("kept"), "\(answered.errors)")
    let keys = try String(
      contentsOf: scratch.url.appending(path: "study/data/keys.path"), encoding: .utf8)
    let ledger = URL(filePath: keys.trimmingCharacters(in: .newlines))
      .appending(path: "erasures.jsonl").path

    let (process, _, _) = try Command.start(
      ["withdraw", "study", pseudonym, "--erase", "--yes"], in: scratch.url)
    // It is there from the beginning, without a line.
    while process.isRunning, (FileManager.default.contents(atPath: ledger) ?? Data()).isEmpty {
      usleep(200)
    }
    usleep(milliseconds * 1000)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()

    // Whatever the next command is, it takes up what was left.
    #expect(try Command.run(["due", "study"], in: scratch.url).status == 0)
    let verified = try Command.run(["verify", "study"], in: scratch.url)
    #expect(verified.status == 0, "\(verified.output)")
    #expect(verified.output.contains("Erasures that are complete: 1."), "\(verified.output)")
    for (path, bytes) in try scratch.contents(of: "study/data") {
      for word in words {
        #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word) is left in \(path)")
      }
    }
    let again = try Command.run(
      ["withdraw", "study", pseudonym, "--erase", "--yes", "--json"], in: scratch.url)
    #expect(again.output.contains(#""repeated" : true"#), "\(again.output)")
    #expect(again.output.contains(#""completed" : "#), "\(again.output)")
    #expect(try Command.run(["doctor", "study"], in: scratch.url).status == 0)
  }
}
