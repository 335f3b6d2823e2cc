import Foundation
import Testing

@testable import Storage

struct ErasureLedgerTests {
  private func wish(_ number: Int, scope: ErasureScope = .everything) -> ErasureRecord {
    ErasureRecord(
      uuid: UUID(), pseudonym: "P-22222\(number)", participant: UUID(), scope: scope,
      requested: World.start.addingTimeInterval(Double(number)))
  }

  @Test func `the ledger gives back what was noted, each wish once`() throws {
    let folder = try TemporaryFolder()
    let ledger = ErasureLedger(at: folder.url.appendingPathComponent("erasures.jsonl"))
    #expect(try ledger.wishes() == [])
    let wishes = [
      wish(1), wish(2, scope: .part("a \"b\"", occasions: ["x", "y"], instruments: [])), wish(3),
    ]
    for wish in wishes + wishes { try ledger.append(wish) }
    #expect(try ledger.wishes() == wishes)
    let attributes = try FileManager.default.attributesOfItem(atPath: ledger.url.path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
  }

  /// Every length to which a crash can cut the file.
  @Test func `a line that a crash cut short is written anew`() throws {
    let folder = try TemporaryFolder()
    let whole = ErasureLedger(at: folder.url.appendingPathComponent("whole"))
    let wishes = [wish(1), wish(2, scope: .part("p", occasions: [], instruments: ["i"]))]
    for wish in wishes { try whole.append(wish) }
    let bytes = try Data(contentsOf: whole.url)
    for length in 0..<bytes.count {
      let cut = ErasureLedger(at: folder.url.appendingPathComponent("cut"))
      try bytes.prefix(length).write(to: cut.url)
      #expect(try wishes.starts(with: cut.wishes()))
      for wish in wishes { try cut.append(wish) }
      #expect(try Data(contentsOf: cut.url) == bytes)
    }
  }

  @Test(arguments: ["\n", "{}\n", "erased P-222222\n", "{\"erasure\":1}\n"])
  func `a line that is no wish is refused with its number`(line: String) throws {
    let folder = try TemporaryFolder()
    let ledger = ErasureLedger(at: folder.url.appendingPathComponent("erasures.jsonl"))
    try ledger.append(wish(1))
    try (try Data(contentsOf: ledger.url) + Data(line.utf8)).write(to: ledger.url)
    let error = #expect(throws: StorageError.self) { try ledger.wishes() }
    #expect(error?.code == .damaged)
    #expect(error?.subject.hasSuffix("line 2") == true)
  }
}
