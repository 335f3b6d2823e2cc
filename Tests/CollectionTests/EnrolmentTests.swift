import Collection
import Foundation
import Identities
import Storage
import Studies
import Testing

struct EnrolmentTests {
  private func enrol(_ enrolment: Enrolment, on stage: Stage) async throws -> ParticipantRecord {
    var generator = SeededGenerator(seed: 1)
    return try await stage.desk.enrol(enrolment, now: Stage.start, using: &generator)
  }

  @Test func `a new participant is enrolled, without occasions before consent`() async throws {
    let stage = try await Stage()
    let participant = try await enrol(
      Enrolment(zone: "Africa/Accra", language: "en"), on: stage)
    #expect(participant.status == .enrolled)
    #expect(participant.language == "en")
    #expect(participant.publication == 1)
    let stored = try await stage.database.read { try $0.participant(participant.pseudonym) }
    #expect(stored == participant)
    #expect(try await stage.desk.due(now: Stage.start).isEmpty)
    #expect(
      try await stage.database.read { try $0.occasions(of: participant.pseudonym) }.isEmpty)
  }

  @Test(arguments: [
    (Enrolment(zone: "Europe/Amsterdm"), CollectionError.Code.unknownZone, "Europe/Amsterdam"),
    (Enrolment(zone: "EST5"), .unknownZone, "IANA"),
    (Enrolment(zone: "UTC", language: "fr"), .unknownLanguage, "it has en"),
    (Enrolment(zone: "UTC", site: "accra"), .unknownSite, "main"),
    (Enrolment(zone: "UTC", isSimulated: true), .wrongKind, "simulated person"),
    (Enrolment(zone: "UTC", contact: ContactDetails(name: "Ama")), .noIdentities, "contact"),
  ])
  func `an enrolment that cannot be is refused with a hint`(
    enrolment: Enrolment, code: CollectionError.Code, hint: String
  ) async throws {
    let stage = try await Stage()
    let error = await refusal { _ = try await enrol(enrolment, on: stage) }
    #expect(error?.code == code)
    #expect(error?.description.contains(hint) == true, "\(String(describing: error))")
    #expect(try await stage.database.read { try $0.participants() }.isEmpty)
  }

  @Test func `a simulated study refuses real people`() async throws {
    let stage = try await Stage(kind: .simulated)
    let error = await refusal { _ = try await enrol(Enrolment(zone: "UTC"), on: stage) }
    #expect(error?.code == .wrongKind)
  }

  @Test func `a pseudonym that is taken is not given again`() async throws {
    let stage = try await Stage()
    // The same seed each time: each draws the name that the ones before have.
    var names: Set<String> = []
    for _ in 0..<5 {
      names.insert(try await enrol(Enrolment(zone: "UTC"), on: stage).pseudonym)
    }
    #expect(names.count == 5)
  }

  @Test func `pseudonyms have no look-alikes and can be typed in several ways`() throws {
    var generator = SeededGenerator(seed: 3)
    var seen: Set<Character> = []
    for _ in 0..<2000 {
      let name = Pseudonym.make(using: &generator)
      #expect(name.count == 8 && name.hasPrefix("P-"))
      #expect(Pseudonym.read(name) == name)
      #expect(Pseudonym.read(" \(name.dropFirst(2).lowercased()) ") == name)
      seen.formUnion(name.dropFirst(2))
    }
    #expect(seen == Set("23456789ABCDEFGHJKMNPQRSTVWXYZ"))
    for wrong in ["", "P-", "P-12345", "P-0OIL1U", "P-7K3M9QX", "7K3M9É"] {
      #expect(Pseudonym.read(wrong) == nil)
    }
  }

  @Test func `the contact goes to the other database`() async throws {
    let stage = try await Stage(withIdentities: true)
    let contact = ContactDetails(name: "Ama", email: "ama@example.org")
    let participant = try await enrol(Enrolment(zone: "UTC", contact: contact), on: stage)
    let identities = try #require(stage.desk.identities)
    #expect(participant.status == .enrolled)
    #expect(try await identities.contact(of: participant.pseudonym) == contact)
    #expect(try await stage.desk.settlePendingEnrolments(now: Stage.start).finished == [])
  }

  @Test func `an enrolment cut between the two databases is finished or undone`() async throws {
    let stage = try await Stage(withIdentities: true)
    let identities = try #require(stage.desk.identities)
    try await stage.database.write { transaction in
      for name in ["P-222222", "P-333333"] {
        try transaction.insert(
          ParticipantRecord(
            uuid: UUID(), pseudonym: name, status: .pending, enrolled: Stage.start, zone: "UTC",
            publication: 1), zoneDataVersion: "2026a")
      }
    }
    try await identities.store(ContactDetails(name: "Ama"), of: "P-222222", at: Stage.start)
    let pending = await refusal {
      try await stage.desk.consent("P-222222", to: ["surveys"], now: Stage.start)
    }
    #expect(pending?.code == .notTakingPart)

    // Another process may still be at it, so only what is old is undone.
    let first = try await stage.desk.settlePendingEnrolments(now: Stage.after(hours: 0.1))
    #expect(first.finished == ["P-222222"])
    #expect(first.undone == [])
    let second = try await stage.desk.settlePendingEnrolments(now: Stage.after(hours: 0.2))
    #expect(second.finished == [])
    #expect(second.undone == ["P-333333"])
    let statuses = try await stage.database.read { try $0.participants().map(\.status) }
    #expect(statuses == [.enrolled, .undone])
    #expect(try await stage.database.verify() == [])
  }
}
