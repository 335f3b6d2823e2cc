import Collection
import Definitions
import Foundation
import Identities
import Instruments
import Storage
import Studies
import Testing

@Suite("Contacts are erased without the answers, and of people who never joined")
struct ContactErasureTests {
  private final class Place: Sendable {
    let stage: Stage
    let desk: StudyDesk
    let places: ErasurePlaces
    var contacts: URL { stage.folder.appending(path: "identities.db") }

    init() async throws {
      stage = try await Stage(withIdentities: true)
      desk = try await StudyDesk.open(
        stage.database, identities: stage.desk.identities, allocationSeed: 1,
        linkKey: .forRehearsal(seed: 2), now: Stage.start)
      places = ErasurePlaces(
        contacts: stage.folder.appending(path: "identities.db"),
        ledger: ErasureLedger(at: stage.folder.appending(path: "erasures.jsonl")))
    }

    func invite(_ text: String) async throws -> [String] {
      var problems = Problems()
      let sheet = ContactSheet.read(
        Array(text.utf8), file: "people.csv", for: desk.current.study, problems: &problems)
      var generator = SystemRandomNumberGenerator()
      return try await desk.invite(
        try #require(sheet, "\(problems.list)"), now: Stage.start, using: &generator
      ).guests.map(\.pseudonym)
    }

    func join(_ name: String) async throws -> String {
      var generator = SystemRandomNumberGenerator()
      return try await desk.enrol(
        Enrolment(zone: "Europe/Amsterdam", contact: ContactDetails(name: name)),
        agreeingTo: ["surveys"], now: Stage.start, using: &generator
      ).participant.pseudonym
    }
  }

  @Test func `a participant's contact goes, the answers stay, and messages stop`() async throws {
    let place = try await Place()
    let name = try await place.join("Planted Ada")
    let session = try await place.stage.begin("baseline", of: name)
    try await place.stage.save("m1", .number(4), in: session)
    let before = try await place.stage.database.read { try $0.responses(ofSession: session) }
    let receipt = try await place.desk.forgetContact(
      of: name, now: Stage.after(hours: 1), erasingAt: place.places)
    #expect(receipt.isParticipant && !receipt.isRepeated && receipt.obstacle == nil)
    #expect(receipt.erasure?.completed != nil)
    #expect(try await place.desk.identities?.pseudonyms() == [])
    #expect(try await place.stage.database.read { try $0.responses(ofSession: session) } == before)
    let participant = try await place.stage.database.read { try $0.participant(name) }
    #expect(participant?.status == .enrolled && participant?.wantsReminders == false)
    let refused = await refusal {
      _ = try await place.desk.resumeReminders(for: name, now: Stage.after(hours: 2))
    }
    #expect(refused?.code == .noContact)
    #expect(
      try await place.desk.forgetContact(
        of: name, now: Stage.after(hours: 3), erasingAt: place.places
      ).isRepeated)
    #expect(
      try await place.desk.examine(
        now: Stage.after(hours: 3), channels: [], contacts: place.contacts) == [])
    // Everything can still be erased later.
    let all = try await place.desk.withdraw(
      name, .stopAndErase, now: Stage.after(hours: 4), erasingAt: place.places)
    #expect(all.erasure?.scope == .everything && all.erasure?.completed != nil)
    #expect(try await place.stage.database.verify() == [])
  }

  @Test(arguments: [InvitationState.open, .declined, .ineligible, .revoked])
  func `of somebody who never joined nothing is left that reaches them`(
    state: InvitationState
  ) async throws {
    let place = try await Place()
    let names = try await place.invite(
      "name,email\nPlanted Ada,ada@example.org\nBen,b@example.org\n")
    _ = try await place.desk.token(of: names[0], now: Stage.start)
    let person = try await place.stage.database.write { transaction in
      let invitation = try #require(try transaction.invitation(names[0]))
      if state != .open { try transaction.end(invitation.uuid, as: state, at: Stage.start) }
      return invitation.uuid
    }
    #expect(try await place.desk.isOnlyInvited(names[0]))
    let receipt = try await place.desk.forgetContact(
      of: names[0], now: Stage.after(hours: 1), erasingAt: place.places)
    #expect(!receipt.isParticipant)
    #expect(receipt.erasure?.completed != nil && receipt.erasure?.participant == person)
    #expect(try await place.desk.identities?.pseudonyms() == [names[1]])
    let (link, invitation) = try await place.stage.database.read { snapshot in
      (try snapshot.link(of: person), try snapshot.invitation(names[0]))
    }
    #expect(link == nil)
    #expect(invitation?.state == (state == .open ? .revoked : state), "people are still counted")
    #expect(
      try await place.desk.examine(
        now: Stage.after(hours: 3), channels: [], contacts: place.contacts) == [])
    #expect(try await place.stage.database.verify() == [])
  }

  @Test func `a backup from before brings no contact back, whatever came after it`() async throws {
    let place = try await Place()
    let names = try await place.invite("name\nAda\nBen\n")
    let copy = FileManager.default.temporaryDirectory
      .appending(path: "longwell-contacts-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: copy) }
    let handle = try place.stage.database.copy(in: copy)
    try handle.readToEnd()?.write(to: copy.appending(path: "longwell.db"))
    let sealed = try IdentityDatabase.copy(of: place.contacts, in: copy)
    try sealed.seek(toOffset: 0)
    try sealed.readToEnd()?.write(to: copy.appending(path: "identities.db"))

    // Ada is only forgotten; Ben joins after the backup, and is erased altogether.
    _ = try await place.desk.forgetContact(
      of: names[0], now: Stage.after(hours: 1), erasingAt: place.places)
    var generator = SystemRandomNumberGenerator()
    var enrolment = Enrolment(zone: "Europe/Amsterdam")
    enrolment.entry = .invitation(names[1])
    _ = try await place.desk.enrol(
      enrolment, agreeingTo: ["surveys"], now: Stage.start, using: &generator)
    _ = try await place.desk.withdraw(
      names[1], .stopAndErase, now: Stage.after(hours: 1), erasingAt: place.places)

    let database = try ResearchDatabase.open(
      at: copy.appending(path: "longwell.db"), mode: .existing)
    let desk = try await StudyDesk.open(database, allocationSeed: 1, now: Stage.start)
    let wishes = try #require(place.places.ledger).wishes()
    let replayed = try await desk.replay(wishes, now: Stage.after(hours: 2))
    #expect(replayed.map(\.pseudonym) == names)
    var places = place.places
    places.contacts = copy.appending(path: "identities.db")
    #expect(try await desk.completeErasures(at: places, now: Stage.after(hours: 2)) == [])
    #expect(
      try await IdentityDatabase.pseudonyms(in: copy.appending(path: "identities.db")) == [])
    #expect(try await database.verify() == [])
  }

  @Test func `contacts that went without being erased are found`() async throws {
    let place = try await Place()
    let names = try await place.invite("name\nAda\nBen\n") + [place.join("Cem")]
    func missing() async throws -> [String] {
      try await place.desk.examine(
        now: Stage.after(hours: 1), channels: [], contacts: place.contacts
      ).filter { $0.kind == .contactMissing }.map(\.subject)
    }
    #expect(try await missing() == [])
    try await place.desk.identities?.remove(names[1])
    #expect(try await missing() == [names[1]])
    try FileManager.default.removeItem(at: place.contacts)
    #expect(try await missing() == names.sorted())
  }

  @Test func `stopped reminders can be taken back`() async throws {
    let place = try await Place()
    let name = try await place.join("Ada")
    #expect(try await !place.desk.resumeReminders(for: name, now: Stage.start))
    try await place.desk.withdraw(name, .stopReminders, now: Stage.start)
    #expect(try await place.desk.resumeReminders(for: name, now: Stage.after(hours: 1)))
    #expect(
      try await place.stage.database.read { try $0.participant(name)?.wantsReminders } == true)
    try await place.desk.withdraw(name, .stopAndKeep, now: Stage.after(hours: 2))
    let left = await refusal {
      _ = try await place.desk.resumeReminders(for: name, now: Stage.after(hours: 3))
    }
    #expect(left?.code == .notTakingPart)
    #expect(try await place.stage.database.verify() == [])
  }

  @Test(arguments: [",", ";", "\t"])
  func `a sheet may be divided as spreadsheets of any country do`(delimiter: String) async throws {
    let place = try await Place()
    let text = "name,email\n\"Ada, L.\",ada@example.org\nBen,ben@example.org\n"
      .replacing(#/,(?! )/#, with: delimiter)
    let names = try await place.invite(text)
    #expect(names.count == 2)
    #expect(
      try await place.desk.identities?.contact(of: names[0])
        == ContactDetails(name: "Ada, L.", email: "ada@example.org"))
  }
}
