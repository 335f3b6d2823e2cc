import Foundation
import GRDB
import Identities
import Instruments
import Storage
import Testing

@testable import Collection

struct ErasureTests {
  /// A study in which somebody wrote a planted word wherever anybody can write: into answers that
  /// were changed and taken back, as keys of saves, as name and as address.
  private final class Planted: Sendable {
    let stage: Stage
    let name: String
    let words: PlantedWords
    /// Beside the keys, outside of the study's folder.
    let keys: URL

    init() async throws {
      stage = try await Stage(withIdentities: true)
      keys = FileManager.default.temporaryDirectory
        .appendingPathComponent("longwell-keys-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: keys, withIntermediateDirectories: true)
      var words = PlantedWords()
      var generator = SystemRandomNumberGenerator()
      let contact = ContactDetails(name: words.next(), email: "\(words.next())@example.org")
      let joining = try await stage.desk.enrol(
        Enrolment(zone: "Europe/Amsterdam", isSimulated: false, contact: contact),
        agreeingTo: ["surveys"], now: Stage.start, using: &generator)
      name = joining.participant.pseudonym
      let session = try await stage.begin("baseline", of: name)
      try await stage.save("m1", .number(4), in: session)
      try await stage.save("used", .number(0), in: session)
      for _ in 0..<60 {
        try await stage.save("note", .text(words.next()), in: session, key: words.next())
      }
      try await stage.save("note", nil, in: session)
      try await stage.save("note", .text(words.next()), in: session)
      try await stage.desk.submit(session, now: Stage.start)
      self.words = words
    }

    deinit { try? FileManager.default.removeItem(at: keys) }

    var ledger: ErasureLedger { ErasureLedger(at: keys.appendingPathComponent("erasures.jsonl")) }

    var places: ErasurePlaces {
      ErasurePlaces(
        contacts: stage.folder.appendingPathComponent("identities.db"), ledger: ledger)
    }

    func withdraw(at now: Date = Stage.start) async throws -> WithdrawalReceipt {
      try await stage.desk.withdraw(name, .stopAndErase, now: now, erasingAt: places)
    }

    /// That nothing is left, by all that can be asked.
    func expectErased(sourceLocation: SourceLocation = #_sourceLocation) async throws {
      #expect(try words.found(in: stage.folder) == [:], sourceLocation: sourceLocation)
      #expect(try await stage.database.verify() == [], sourceLocation: sourceLocation)
      #expect(try await stage.desk.pendingErasures() == [], sourceLocation: sourceLocation)
      #expect(try await stage.desk.identities?.contact(of: name) == nil)
      #expect(try ledger.wishes().map(\.pseudonym) == [name], sourceLocation: sourceLocation)
      let participant = try await stage.database.read { try $0.participant(name) }
      #expect(participant?.status == .erased, sourceLocation: sourceLocation)
    }
  }

  @Test func `of who is erased no byte is left, and the receipt says what was done`() async throws {
    let planted = try await Planted()
    let another = try await planted.stage.randomised()
    try await planted.stage.database.recordExport(of: ["scores": 2], at: Stage.after(hours: 1))
    #expect(try planted.words.found(in: planted.stage.folder) != [:])
    let now = Stage.after(hours: 2)
    let receipt = try await planted.withdraw(at: now)
    try await planted.expectErased()
    #expect(receipt.at == now)
    #expect(receipt.cancelled == 2)
    #expect(receipt.obstacle == nil)
    #expect(receipt.erasure?.completed == now)
    #expect(receipt.erasure?.counts["sessions"] == 1)
    #expect(receipt.exports == 1)
    #expect(receipt.lastExport == Stage.after(hours: 1))
    #expect(!receipt.isRepeated)

    let again = try await planted.withdraw(at: Stage.after(hours: 9))
    #expect(again.isRepeated)
    #expect(again.at == now)
    #expect(again.erasure == receipt.erasure)
    try await planted.stage.database.read { snapshot throws in
      #expect(try snapshot.scoreRows().map(\.pseudonym).contains(another))
      #expect(try snapshot.allocations().count == 2, "draws stay in their order")
    }
  }

  @Test func `who had stopped before can still be erased`() async throws {
    let planted = try await Planted()
    try await planted.stage.desk.withdraw(planted.name, .stopAndKeep, now: Stage.start)
    let receipt = try await planted.withdraw(at: Stage.after(hours: 1))
    #expect(!receipt.isRepeated)
    #expect(receipt.cancelled == 0)
    try await planted.expectErased()
  }

  @Test(arguments: ErasureStep.allCases)
  func `an erasure that was interrupted anywhere is finished by the next attempt`(
    step: ErasureStep
  ) async throws {
    struct Crash: Error {}
    let planted = try await Planted()
    try await planted.stage.desk.withdraw(planted.name, .stopAndErase, now: Stage.start)
    await #expect(throws: Crash.self) {
      try await planted.stage.desk.completeErasures(at: planted.places, now: Stage.start) {
        if $0 == step { throw Crash() }
      }
    }
    #expect(try await planted.stage.desk.pendingErasures().count == 1)
    #expect(try await planted.stage.database.verify() == [])
    let left = try await planted.stage.desk.completeErasures(
      at: planted.places, now: Stage.after(hours: 1))
    #expect(left == [])
    try await planted.expectErased()
  }

  @Test func `while a reader holds an old state the erasure is pending, and then it is done`()
    async throws
  {
    let planted = try await Planted()
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let reader = try DatabaseQueue(
      path: planted.stage.database.url.path, configuration: configuration)
    try await reader.writeWithoutTransaction { database in
      try database.execute(sql: "BEGIN; SELECT count(*) FROM responses")
    }
    let receipt = try await planted.withdraw()
    #expect(receipt.obstacle == .reader)
    #expect(receipt.erasure?.removed != nil)
    #expect(receipt.erasure?.completed == nil)
    try await reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    try reader.close()
    #expect(
      try await planted.stage.desk.completeErasures(at: planted.places, now: Stage.start) == [])
    try await planted.expectErased()
  }

  @Test func `without the ledger beside the keys an erasure of real people is not complete`()
    async throws
  {
    let planted = try await Planted()
    var places = planted.places
    places.ledger = nil
    let receipt = try await planted.stage.desk.withdraw(
      planted.name, .stopAndErase, now: Stage.start, erasingAt: places)
    #expect(receipt.obstacle == .ledgerMissing)
    #expect(try planted.words.found(in: planted.stage.folder) == [:])
    #expect(try await planted.withdraw().erasure?.completed != nil)
    try await planted.expectErased()
  }

  @Test func `a part of the consent is erased by its occasions or instruments`() async throws {
    let planted = try await Planted()
    let stage = planted.stage
    try await stage.database.write { transaction in
      _ = try stage.desk.requestErasure(
        .part("diaries", occasions: [], instruments: ["use"]), of: planted.name, now: Stage.start,
        in: transaction)
    }
    #expect(try await stage.desk.completeErasures(at: planted.places, now: Stage.start) == [])
    #expect(try await stage.desk.identities?.contact(of: planted.name) != nil)
    #expect(try await stage.database.verify() == [])
    let scores = try await stage.database.read { try $0.scoreRows().map(\.score.instrument) }
    #expect(scores == ["mood"])
    // Only the contact is left, which is encrypted.
    #expect(try planted.words.found(in: stage.folder) == [:])
    for scope in [
      ErasureScope.part("x", occasions: ["weak"], instruments: []),
      .part("x", occasions: [], instruments: ["moon"]),
    ] {
      let error = await refusal {
        try await stage.database.write {
          _ = try stage.desk.requestErasure(scope, of: planted.name, now: Stage.start, in: $0)
        }
      }
      #expect([.unknownOccasion, .unknownInstrument].contains(error?.code))
    }
  }

  @Test func `what a ledger remembers is erased again in a copy that does not`() async throws {
    let planted = try await Planted()
    let copy = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-copy-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: copy) }
    try planted.stage.database.close()
    try FileManager.default.copyItem(at: planted.stage.folder, to: copy)
    let database = try ResearchDatabase.open(
      at: copy.appendingPathComponent("longwell.db"), mode: .existing)
    let desk = try await StudyDesk.open(database, allocationSeed: 1, now: Stage.start)
    let wish = ErasureRecord(
      uuid: UUID(), pseudonym: planted.name,
      participant: try #require(
        try await database.read { try $0.participant(planted.name)?.uuid }),
      scope: .everything, requested: Stage.start)
    var stranger = wish
    stranger.uuid = UUID()
    stranger.participant = UUID()
    let replayed = try await desk.replay([stranger, wish], now: Stage.after(hours: 5))
    #expect(replayed == [wish])
    var places = planted.places
    places.contacts = copy.appendingPathComponent("identities.db")
    #expect(try await desk.completeErasures(at: places, now: Stage.after(hours: 5)) == [])
    #expect(try planted.words.found(in: copy) == [:])
    #expect(try await database.verify() == [])
    #expect(try await desk.replay([wish], now: Stage.after(hours: 6)) == [])
  }

  @Test func `a simulated person needs no ledger`() async throws {
    let stage = try await Stage(kind: .simulated, secrets: .seeded(3))
    let name = try await stage.randomised()
    let receipt = try await stage.desk.withdraw(
      name, .stopAndErase, now: Stage.start, erasingAt: ErasurePlaces())
    #expect(receipt.erasure?.completed != nil)
    #expect(try await stage.database.verify() == [])
  }
}
