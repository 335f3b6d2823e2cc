import Collection
import Definitions
import Foundation
import Identities
import Instruments
import Storage
import Studies
import Testing

struct InvitationTests {
  private static let two = "name,email\nAda Lovelace,ada@example.org\nBen,\n"

  private func sheet(_ text: String, at desk: StudyDesk) throws -> ContactSheet {
    var problems = Problems()
    let sheet = ContactSheet.read(
      Array(text.utf8), file: "people.csv", for: desk.current.study, problems: &problems)
    return try #require(sheet, "\(problems.list)")
  }

  private func stage(fixture: String = "small") async throws -> (Stage, StudyDesk) {
    let stage = try await Stage(withIdentities: true, fixture: fixture)
    let desk = try await StudyDesk.open(
      stage.database, identities: stage.desk.identities, allocationSeed: 1,
      linkKey: .forRehearsal(seed: 7), now: Stage.start)
    return (stage, desk)
  }

  private func invite(_ text: String, at desk: StudyDesk) async throws -> [Inviting.Guest] {
    var generator = SystemRandomNumberGenerator()
    return try await desk.invite(
      try sheet(text, at: desk), now: Stage.start, using: &generator
    ).guests
  }

  @Test func `a sheet is invited once, and again only who is new`() async throws {
    let (stage, desk) = try await stage()
    let first = try await invite(Self.two, at: desk)
    #expect(first.map(\.isKnown) == [false, false])
    let again = try await invite(
      "email,name\nADA@example.org,Ada L.\n,Ben\ncy@example.org,Cy\n", at: desk)
    #expect(again.map(\.isKnown) == [true, true, false])
    #expect(again.prefix(2).map(\.pseudonym) == first.map(\.pseudonym))
    let contact = try await desk.identities?.contact(of: first[0].pseudonym)
    #expect(contact == ContactDetails(name: "Ada Lovelace", email: "ada@example.org"))
    #expect(try await stage.database.read { try $0.invitations().count } == 3)
    #expect(try await stage.database.read { try $0.participants() } == [])
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a crash between the databases is finished by the next try`() async throws {
    let (stage, desk) = try await stage()
    // As a crash leaves it: the contact is stored, the invitation is not.
    try await desk.identities?.store(
      ContactDetails(name: "Ada Lovelace", email: "ada@example.org"), of: "P-7K3M9Q",
      at: Stage.start)
    let guests = try await invite(Self.two, at: desk)
    #expect(guests[0].pseudonym == "P-7K3M9Q")
    #expect(!guests[0].isKnown)
    #expect(try await stage.database.read { try $0.invitation("P-7K3M9Q")?.state } == .open)
    #expect(try await desk.identities?.pseudonyms().count == 2)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `who accepts keeps pseudonym and link`() async throws {
    let (stage, desk) = try await stage()
    let name = try await invite(Self.two, at: desk)[0].pseudonym
    let token = try await desk.token(of: name, now: Stage.start)
    let (before, held) = try await stage.database.read { snapshot in
      (
        try desk.participant(holding: token.text, in: snapshot),
        try desk.invitation(holding: token.text, in: snapshot)
      )
    }
    #expect(before == nil)
    #expect(held?.pseudonym == name)
    var generator = SystemRandomNumberGenerator()
    var enrolment = Enrolment(zone: "Europe/Amsterdam")
    enrolment.entry = .invitation(name)
    let joining = try await desk.enrol(
      enrolment, agreeingTo: ["surveys"], now: Stage.start, using: &generator)
    #expect(joining.participant.pseudonym == name)
    let after = try await stage.database.read {
      try desk.participant(holding: token.text, in: $0)?.pseudonym
    }
    #expect(after == name)
    #expect(try await desk.token(of: name, now: Stage.start) == token)
    let twice = await refusal {
      var generator = SystemRandomNumberGenerator()
      _ = try await desk.enrol(
        enrolment, agreeingTo: ["surveys"], now: Stage.start, using: &generator)
    }
    #expect(twice?.code == .notInvited)
    #expect(try await invite(Self.two, at: desk).map(\.isKnown) == [true, true])
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a code lets one person join, however it is typed`() async throws {
    let (stage, desk) = try await stage()
    var generator = SystemRandomNumberGenerator()
    let codes = try await desk.makeCodes(2, site: nil, now: Stage.start, using: &generator)
    #expect(
      codes.allSatisfy { $0.code.text.wholeMatch(of: #/([0-9A-Z]{4}-){3}[0-9A-Z]{4}/#) != nil })
    var enrolment = Enrolment(zone: "Europe/Amsterdam")
    enrolment.entry = .code(" " + codes[0].code.text.lowercased().replacing("-", with: " "))
    let joining = try await desk.enrol(
      enrolment, agreeingTo: ["surveys"], now: Stage.start, using: &generator)
    #expect(joining.participant.pseudonym == codes[0].pseudonym)
    for code in [codes[0].code.text, "AAAA-AAAA-AAAA-AAAA", "x"] {
      let error = await refusal {
        var generator = SystemRandomNumberGenerator()
        enrolment.entry = .code(code)
        _ = try await desk.enrol(
          enrolment, agreeingTo: ["surveys"], now: Stage.start, using: &generator)
      }
      #expect(error?.code == .notInvited)
    }
    #expect(try await stage.database.verify() == [])
  }

  @Test func `the code of an enrolment that was undone is as good as before`() async throws {
    struct Crash: Error {}
    let (stage, desk) = try await stage()
    var generator = SystemRandomNumberGenerator()
    let code = try await desk.makeCodes(1, site: nil, now: Stage.start, using: &generator)[0]
    func join(at desk: StudyDesk, now: Date) async throws -> String {
      var generator = SystemRandomNumberGenerator()
      var enrolment = Enrolment(
        zone: "Europe/Amsterdam", contact: ContactDetails(name: "Ada", email: "ada@example.org"))
      enrolment.entry = .code(code.code.text)
      return try await desk.enrol(
        enrolment, agreeingTo: ["surveys"], now: now, using: &generator
      ).participant.pseudonym
    }
    let crashing = desk.interrupted { if $0 == .pending { throw Crash() } }
    await #expect(throws: Crash.self) { _ = try await join(at: crashing, now: Stage.start) }
    let early = await refusal { _ = try await join(at: desk, now: Stage.start) }
    #expect(early?.code == .notInvited, "the enrolment may still be under way")
    let later = Stage.after(hours: 1)
    #expect(try await desk.settlePendingEnrolments(now: later).undone == [code.pseudonym])
    let name = try await join(at: desk, now: later)
    let (people, invitation) = try await stage.database.read {
      (try $0.participants(), try $0.invitation(code.pseudonym))
    }
    #expect(name != code.pseudonym)
    // They stand in the order of their pseudonyms, which are drawn.
    #expect(people.map(\.status.rawValue).sorted() == ["enrolled", "undone"])
    #expect(invitation?.state == .accepted)
    let again = await refusal { _ = try await join(at: desk, now: later) }
    #expect(again?.code == .notInvited)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `nobody comes by an address that is not open, or by what was taken back`() async throws
  {
    let (stage, desk) = try await stage()
    let name = try await invite(Self.two, at: desk)[0].pseudonym
    try await desk.revokeInvitation(name, now: Stage.start)
    for entry in [Enrolment.Entry.open, .invitation(name), .invitation("P-222222")] {
      let error = await refusal {
        var generator = SystemRandomNumberGenerator()
        var enrolment = Enrolment(zone: "Europe/Amsterdam")
        enrolment.entry = entry
        _ = try await desk.enrol(
          enrolment, agreeingTo: ["surveys"], now: Stage.start, using: &generator)
      }
      #expect(error?.code == .notInvited)
    }
    let link = await refusal { _ = try await desk.token(of: name, now: Stage.start) }
    #expect(link?.code == .notInvited)
    #expect(try await stage.database.verify() == [])
  }

  @Test(arguments: [
    ("name\n", "nobody", 0), ("nam,email\nA,a@b.org\n", "the column 'nam'", 1),
    ("site\nmain\n", "neither 'name' nor 'email'", 1),
    ("name,email\nA,a@b\n,\nB,b\n", "a row without a name, an address or a number", 3),
    ("name,email\nA,a@b\n\n\"B\nC\",c@d\nD,at\n", "a text that is no address", 6),
    ("name,email\nA,a@b\nB,A@B\n", "the person of line 2 again", 3),
    ("name,language\nA,nl\n", "the language 'nl'", 2),
    ("name,site\nA,accra\n", "the site 'accra'", 2),
  ])
  func `bad rows are located, and nothing is taken`(text: String, found: String, line: Int)
    async throws
  {
    let (stage, desk) = try await stage()
    var problems = Problems()
    let sheet = ContactSheet.read(
      Array(text.utf8), file: "people.csv", for: desk.current.study, problems: &problems)
    #expect(sheet == nil)
    #expect(
      problems.list.contains { $0.found.contains(found) && $0.place.line == line },
      "\(problems.list.map(\.description))")
    #expect(try await stage.desk.identities?.pseudonyms() == [])
  }

  @Test func `all bad rows are reported at once, without what stands in them`() async throws {
    let (stage, desk) = try await stage()
    var problems = Problems()
    _ = ContactSheet.read(
      Array("name,email\nPlanted Person,planted at example\n,\nX,planted too\n".utf8),
      file: "people.csv", for: desk.current.study, problems: &problems)
    #expect(problems.list.map(\.place.line) == [2, 3, 4])
    #expect(try await stage.desk.identities?.pseudonyms() == [])
    #expect(!problems.list.description.lowercased().contains("planted"))
  }
}
