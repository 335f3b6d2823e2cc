import Foundation
import Testing

@Suite("Withdrawal, backup and restore as their users meet them")
struct WithdrawalCommandTests {
  private func permissions(_ path: String, in scratch: ScratchFolder) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(
      atPath: scratch.url.appending(path: path).path)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue
  }

  private func enrol(_ name: String, in scratch: ScratchFolder) throws -> String {
    let outcome = try Command.run(
      [
        "enrol", "study", "--agree", "surveys", "--name", name, "--email",
        "\(name.filter { !$0.isWhitespace })@example.org",
      ], in: scratch.url)
    return String(try #require(outcome.output.firstMatch(of: #/P-[2-9A-Z]{6}/#)).output)
  }

  @Test("a person is erased, and stays erased when a backup from before is restored")
  func erasedForGood() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let leaving = try enrol("Leaving Person", in: scratch)
    let staying = try enrol("Staying Person", in: scratch)
    let backup = try Command.run(["backup", "study", "--out", "study.backup"], in: scratch.url)
    #expect(backup.status == 0, "\(backup.errors)")
    #expect(try permissions("study.backup", in: scratch) == 0o600)

    let refused = try Command.run(["withdraw", "study", leaving, "--erase"], in: scratch.url)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("--yes"))
    let receipt = try Command.run(
      ["withdraw", "study", leaving, "--erase", "--yes", "--json"], in: scratch.url)
    #expect(receipt.status == 0, "\(receipt.errors)")
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(receipt.output.utf8)) as? [String: Any])
    #expect(document["withdrawal"] as? String == "stop_and_erase")
    let erasure = try #require(document["erasure"] as? [String: Any])
    #expect(erasure["completed"] is String)
    #expect((document["copies"] as? [String: Any])?["backups"] as? Int == 1)
    let again = try Command.run(
      ["withdraw", "study", leaving, "--erase", "--yes"], in: scratch.url)
    #expect(again.output.contains("nothing was done again"))
    let verified = try Command.run(["verify", "study"], in: scratch.url)
    #expect(verified.output.contains("Erasures that are complete: 1."))

    let occupied = try Command.run(
      ["restore", "study.backup", "--to", "study"], in: scratch.url)
    #expect(occupied.status == 3)
    // The study's folder is lost; the keys, with the ledger beside them, are elsewhere.
    let pointer = try String(
      contentsOf: scratch.url.appending(path: "study/data/keys.path"), encoding: .utf8)
    let keys = pointer.trimmingCharacters(in: .newlines)
    try FileManager.default.removeItem(at: scratch.url.appending(path: "study"))
    let unnamed = try Command.run(
      ["restore", "study.backup", "--to", "study"], in: scratch.url)
    #expect(unnamed.status == 2)
    let restored = try Command.run(
      ["restore", "study.backup", "--to", "study", "--keys", keys], in: scratch.url)
    #expect(restored.status == 0, "\(restored.errors)")
    #expect(restored.output.contains("Erased again: 1."))
    #expect(try Command.run(["verify", "study"], in: scratch.url).status == 0)
    #expect(try Command.run(["check", "study"], in: scratch.url).status == 0)
    #expect(try permissions("study/data", in: scratch) == 0o700)
    let due = try Command.run(["due", "study"], in: scratch.url).output
    #expect(due.contains(staying))
    #expect(!due.contains(leaving))
  }

  @Test("a ledger of erasures that was cut is found, and nothing is restored by it")
  func cutLedger() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    for name in ["First Person", "Second Person"] {
      let leaving = try enrol(name, in: scratch)
      let gone = try Command.run(
        ["withdraw", "study", leaving, "--erase", "--yes"], in: scratch.url)
      #expect(gone.status == 0, "\(gone.errors)")
    }
    _ = try Command.run(["backup", "study", "--out", "study.backup"], in: scratch.url)
    let pointer = try String(
      contentsOf: scratch.url.appending(path: "study/data/keys.path"), encoding: .utf8)
    let ledger = URL(filePath: pointer.trimmingCharacters(in: .newlines))
      .appending(path: "erasures.jsonl")
    let whole = try Data(contentsOf: ledger)
    try whole.write(to: scratch.url.appending(path: "whole.jsonl"))
    let first = try #require(whole.firstIndex(of: UInt8(ascii: "\n")))
    try whole.prefix(through: first).write(to: ledger)
    let doctor = try Command.run(["doctor", "study"], in: scratch.url)
    #expect(doctor.status == 1)
    #expect(
      doctor.output.split(separator: "\n").count { $0.contains("not in the ledger") } == 1,
      "\(doctor.output)")
    let arguments = ["restore", "study.backup", "--to", "again"]
    let refused = try Command.run(
      arguments + ["--keys", ledger.deletingLastPathComponent().path], in: scratch.url)
    #expect(refused.status == 3 && refused.errors.contains("lacks 1 of 2"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch.url.path + "/again"))
    let restored = try Command.run(
      arguments + [
        "--keys", ledger.deletingLastPathComponent().path, "--ledger", "whole.jsonl",
      ], in: scratch.url)
    #expect(restored.status == 0, "\(restored.errors)")
  }

  @Test("a passphrase opens what it closed, and nothing else does")
  func passphrases() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    _ = try Command.run(
      ["simulate", "study", "--participants", "3", "--seed", "1"], in: scratch.url)
    let short = try Command.run(
      ["backup", "study", "--out", "b", "--passphrase"], in: scratch.url, input: "short\n")
    #expect(short.status == 2)
    let words = "violet harbour nine candles\n"
    let written = try Command.run(
      ["backup", "study", "--out", "b", "--passphrase"], in: scratch.url, input: words)
    #expect(written.status == 0, "\(written.errors)")
    let wrong = try Command.run(
      ["restore", "b", "--to", "copy", "--passphrase"], in: scratch.url,
      input: "violet harbour nine candle\n")
    #expect(wrong.status == 4)
    #expect(wrong.errors.contains("does not open"))
    let right = try Command.run(
      ["restore", "b", "--to", "copy", "--passphrase"], in: scratch.url, input: words)
    #expect(right.status == 0, "\(right.errors)")
    #expect(try Command.run(["verify", "copy"], in: scratch.url).status == 0)
  }

  @Test("what leaves the database can be read by its owner only")
  func privateFiles() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    _ = try Command.run(
      ["simulate", "study", "--participants", "3", "--seed", "1"], in: scratch.url)
    _ = try Command.run(["export", "study", "--out", "out"], in: scratch.url)
    #expect(try permissions("out", in: scratch) == 0o700)
    #expect(try permissions("out/responses.csv", in: scratch) == 0o600)
    let participants = String(
      decoding: try #require(scratch.contents(of: "out")["participants.csv"]), as: UTF8.self)
    let name = String(try #require(participants.firstMatch(of: #/P-[2-9A-Z]{6}/#)).output)
    let mine = try Command.run(["mydata", "study", name, "--out", "mine"], in: scratch.url)
    #expect(mine.status == 0, "\(mine.errors)")
    #expect(try permissions("mine/my-data.json", in: scratch) == 0o600)
    #expect(try scratch.contents(of: "mine").count == 5)

    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: scratch.url.appending(path: "study/data").path)
    #expect(try Command.run(["due", "study"], in: scratch.url).errors.contains("chmod"))
  }

  @Test("who stops in one of the other ways keeps everything")
  func stopping() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let name = try enrol("Somebody", in: scratch)
    let quiet = try Command.run(["withdraw", "study", name, "--stop-reminders"], in: scratch.url)
    #expect(quiet.output.contains("no more reminders"))
    let kept = try Command.run(
      ["withdraw", "study", "--participant", name, "--stop", "study"], in: scratch.url)
    #expect(kept.output.contains("has left the study"))
    let both = try Command.run(
      ["withdraw", "study", name, "--keep", "--stop", "study"], in: scratch.url)
    #expect(both.status == 2)
    #expect(try Command.run(["withdraw", "study", "--keep"], in: scratch.url).status == 2)
  }
}
