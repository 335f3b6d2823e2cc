import Collection
import Foundation
import Identities
import Instruments
import Storage
import Testing

struct JoiningTests {
  private func join(
    _ stage: Stage, agreeingTo parts: Set<String>, contact: ContactDetails? = nil,
    site: String? = nil, isTest: Bool = false
  ) async throws -> Joining {
    var generator = SystemRandomNumberGenerator()
    return try await stage.desk.enrol(
      Enrolment(zone: "Europe/Amsterdam", site: site, isTest: isTest, contact: contact),
      agreeingTo: parts, now: Stage.start, using: &generator)
  }

  private static let contact = ContactDetails(name: "Ada", email: "ada@example.org")

  @Test(arguments: [nil, contact])
  func `joining stores person, consent and plan at once`(contact: ContactDetails?) async throws {
    let stage = try await Stage(withIdentities: true)
    let joining = try await join(stage, agreeingTo: ["surveys"], contact: contact)
    let name = joining.participant.pseudonym
    #expect(joining.participant.status == .enrolled)
    #expect(joining.planned > 0)
    try await stage.database.read { snapshot throws in
      #expect(try snapshot.occasions(of: name).count == joining.planned)
      #expect(try snapshot.consents(of: name).contains { $0.part == "surveys" && $0.isAgreed })
    }
    #expect(try await stage.desk.due(of: name, now: Stage.start).count == 1)
    #expect(try await stage.database.verify() == [])
  }

  @Test(arguments: [[], ["surveys", "nonsense"]] as [Set<String>], [nil, contact])
  func `who has not agreed to what is required leaves no trace`(
    parts: Set<String>, contact: ContactDetails?
  ) async throws {
    let stage = try await Stage(withIdentities: true)
    let error = await refusal { _ = try await join(stage, agreeingTo: parts, contact: contact) }
    #expect(error?.code == (parts.isEmpty ? .consentMissing : .unknownConsentPart))
    #expect(try await stage.database.read { try $0.participants() } == [])
    #expect(try await stage.desk.identities?.pseudonyms() == [])
  }

  @Test(arguments: [nil, contact])
  func `joining keeps to the sites and the capacity`(contact: ContactDetails?) async throws {
    let stage = try await Stage(withIdentities: true, fixture: "sites")
    let nowhere = await refusal { _ = try await join(stage, agreeingTo: ["surveys"]) }
    #expect(nowhere?.code == .unknownSite)
    for _ in 0..<9 {
      let joining = try await join(
        stage, agreeingTo: ["surveys"], contact: contact, site: "accra")
      #expect(joining.participant.site == "accra")
    }
    let refused = await refusal {
      _ = try await join(stage, agreeingTo: ["surveys"], contact: contact, site: "leiden")
    }
    #expect(refused?.code == .full)
    #expect(try await stage.desk.identities?.pseudonyms().count == (contact == nil ? 0 : 9))
    _ = try await join(stage, agreeingTo: ["surveys"], site: "leiden", isTest: true)
    #expect(try await stage.database.read { try $0.participants() }.count == 10)
  }

  @Test func `consent taken back stops answers and submissions`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let session = try await stage.begin("baseline", of: name)
    try await stage.save("used", .number(0), in: session)
    try await stage.desk.consent(name, to: [], now: Stage.start)
    let saving = await refusal { try await stage.save("m1", .number(4), in: session) }
    let submitting = await refusal { try await stage.desk.submit(session, now: Stage.start) }
    #expect(saving?.code == .consentMissing)
    #expect(submitting?.code == .consentMissing)
    try await stage.desk.consent(name, to: ["surveys"], now: Stage.start)
    #expect(try await stage.desk.submit(session, now: Stage.start).session.state == .submitted)
  }
}
