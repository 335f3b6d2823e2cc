import Foundation
import Storage
import Testing

@Suite("A study whose first command was killed, or whose contacts are gone")
struct InterruptedStartTests {
  /// What a kill during the first enrolment can leave.
  enum LeftOver: CaseIterable {
    case folder, emptyFile, tables, simulatedTables, keysWithoutContacts
  }

  private func leave(_ leftOver: LeftOver, in scratch: ScratchFolder) async throws {
    let data = scratch.url.appending(path: "study/data", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(
      at: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let file = data.appending(path: "longwell.db")
    switch leftOver {
    case .folder: break
    case .emptyFile: try Data().write(to: file)
    case .tables: try ResearchDatabase.open(at: file, mode: .create(kind: .real)).close()
    case .simulatedTables:
      try ResearchDatabase.open(at: file, mode: .create(kind: .simulated)).close()
    case .keysWithoutContacts:
      // The keys of a study are made before its databases are.
      _ = try enrol(in: scratch)
      for name in try FileManager.default.contentsOfDirectory(atPath: data.path)
      where name != "keys.path" {
        try FileManager.default.removeItem(at: data.appending(path: name))
      }
      try ResearchDatabase.open(at: file, mode: .create(kind: .real)).close()
    }
  }

  private func enrol(in scratch: ScratchFolder) throws -> Command.Outcome {
    try Command.run(
      ["enrol", "study", "--agree", "surveys", "--name", "Ada", "--email", "ada@example.org"],
      in: scratch.url)
  }

  @Test("is begun by the next command", arguments: LeftOver.allCases)
  func begunAgain(leftOver: LeftOver) async throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    try await leave(leftOver, in: scratch)
    let early = try Command.run(["doctor", "study"], in: scratch.url)
    #expect(early.status == 3 && early.errors.contains("nobody has been enrolled yet"))
    let enrolled = try enrol(in: scratch)
    #expect(enrolled.status == 0, "\(enrolled.errors)")
    let doctor = try Command.run(["doctor", "study"], in: scratch.url)
    #expect(doctor.output == "Nothing found.\n", "\(doctor.errors)")
    #expect(try Command.run(["verify", "study"], in: scratch.url).status == 0)
  }

  @Test("a lost database of contacts is said, not made anew, and can be given up")
  func lostContacts() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    _ = try enrol(in: scratch)
    let contacts = scratch.url.appending(path: "study/data/identities.db")
    let kept = try Data(contentsOf: contacts)
    try FileManager.default.removeItem(at: contacts)
    let found = try Command.run(["doctor", "study"], in: scratch.url)
    #expect(found.status == 1 && found.output.contains("contact missing: P-"))
    let refused = try Command.run(["run", "study", "--once"], in: scratch.url)
    let second = try Command.run(
      ["enrol", "study", "--agree", "surveys", "--name", "Ben"], in: scratch.url)
    #expect(refused.status != 0 && second.status != 0)
    #expect(second.errors.contains("no database of contacts"))
    #expect(!FileManager.default.fileExists(atPath: contacts.path))
    try kept.write(to: contacts)
    #expect(try Command.run(["doctor", "study"], in: scratch.url).status == 0)
    try Data().write(to: contacts)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: contacts.path)
    #expect(
      try Command.run(
        ["enrol", "study", "--agree", "surveys", "--name", "Ben"], in: scratch.url
      ).status == 0)
    #expect(try Command.run(["doctor", "study"], in: scratch.url).status == 1)
  }

  @Test("keys without their ledger are no ground to restore on")
  func noLedger() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    _ = try enrol(in: scratch)
    _ = try Command.run(["backup", "study", "--out", "b"], in: scratch.url)
    let pointer = try String(
      contentsOf: scratch.url.appending(path: "study/data/keys.path"), encoding: .utf8)
    let keys = pointer.trimmingCharacters(in: .newlines)
    let ledger = keys + "/erasures.jsonl"
    #expect(try Data(contentsOf: URL(filePath: ledger)).isEmpty, "it is made with the keys")
    try FileManager.default.removeItem(atPath: ledger)
    let arguments = ["restore", "b", "--to", "again", "--keys", keys]
    let refused = try Command.run(arguments, in: scratch.url)
    #expect(refused.status != 0 && refused.errors.contains("--ledger"))
    #expect(!FileManager.default.fileExists(atPath: scratch.url.path + "/again"))
    #expect(try Command.run(arguments + ["--no-ledger"], in: scratch.url).status == 0)
  }

  @Test("a contact is erased by command, and answers are not asked for the second time")
  func forgotten() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    try Data("name;email\nPlanted Ada;ada@example.org\n".utf8)
      .write(to: scratch.url.appending(path: "people.csv"))
    let invited = try Command.run(["invite", "study", "people.csv"], in: scratch.url)
    let name = String(try #require(invited.output.firstMatch(of: #/P-[2-9A-Z]{6}/#)).output)
    let asked = try Command.run(["withdraw", "study", name, "--erase"], in: scratch.url)
    #expect(asked.status == 2)
    let erased = try Command.run(["withdraw", "study", name, "--erase", "--yes"], in: scratch.url)
    #expect(erased.status == 0, "\(erased.errors)")
    #expect(erased.output.contains("had not joined") && erased.output.contains("Complete on"))
    let joined = try enrol(in: scratch)
    let person = String(try #require(joined.output.firstMatch(of: #/P-[2-9A-Z]{6}/#)).output)
    let forgotten = try Command.run(
      ["withdraw", "study", person, "--forget", "--yes", "--json"], in: scratch.url)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(forgotten.output.utf8)) as? [String: Any])
    #expect(document["joined"] as? Bool == true && document["completed"] is String)
    let resumed = try Command.run(
      ["change", "study", person, "--resume-reminders"], in: scratch.url)
    #expect(resumed.status == 3 && resumed.errors.contains("the contact was erased"))
    #expect(try Command.run(["doctor", "study"], in: scratch.url).output == "Nothing found.\n")
    #expect(try Command.run(["verify", "study"], in: scratch.url).status == 0)
  }
}
