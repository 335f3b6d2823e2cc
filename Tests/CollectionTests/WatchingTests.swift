import Definitions
import Foundation
import Identities
import Instruments
import Storage
import Testing

@testable import Collection

/// What the study team sees, and what it does not.
struct WatchingTests {
  typealias Team = ResearcherTests.Team

  static let checked = """
    id: checked
    version: 1.0.0
    title: Checked
    construct: attention
    language: en
    recall: now
    wording: original
    items:
      - { id: a, text: Are you awake?, type: likert, options: { 1: "Yes", 2: "No" } }
      - { id: b, text: Please choose No., type: likert, options: { 1: "Yes", 2: "No" } }
    checks: [{ item: b, expect: 2 }]
    scores:
      awake: { mean: [a] }
    tests:
      - { answers: { a: 1 }, scores: { awake: 1 } }
    """

  /// What each role sees, written out: whoever changes it changes this too.
  static let roles: [(ResearcherRole, Set<Permission>)] = [
    (.owner, Set(Permission.allCases)),
    (.coordinator, [.overview, .participants, .identities, .messages]),
    (.analyst, [.overview, .participants, .answers, .exports]), (.viewer, [.overview]),
  ]

  @Test(arguments: roles)
  func `every look is open to some roles and refused to the others`(
    role: ResearcherRole, open: Set<Permission>
  ) async throws {
    let team = try await Team()
    let who = try await team.researcher(role)
    let pseudonym = try await team.stage.enrol(site: "leiden")
    let desk = team.desk
    let looks: [(Permission, @Sendable () async throws -> Void)] = [
      (.overview, { _ = try await desk.overview(for: who) }),
      (.participants, { _ = try await desk.participants(for: who, limit: 5) }),
      (.participants, { _ = try await desk.participant(pseudonym, for: who) }),
      (.identities, { _ = try await desk.identity(of: pseudonym, for: who, now: Stage.start) }),
      (.messages, { _ = try await desk.messages(for: who, limit: 5) }),
      (.answers, { _ = try await desk.donations(for: who) }),
      (.answers, { _ = try await desk.scoreMeans(for: who) }),
      (.answers, { _ = try await desk.qualityFlags(for: who) }),
      (.exports, { _ = try await desk.exports(for: who, limit: 5) }),
      (.audit, { _ = try await desk.audit(for: who, limit: 5) }),
      (.team, { _ = try await desk.team(for: who, now: Stage.start) }),
    ]
    #expect(Set(looks.map(\.0)) == Set(Permission.allCases))
    for (permission, look) in looks {
      if open.contains(permission) {
        try await look()
      } else {
        #expect(await refusal { try await look() }?.code == .notAllowed, "\(permission)")
      }
    }
  }

  @Test func `who sees one site sees nobody of another`() async throws {
    let team = try await Team()
    let hers = try await team.stage.enrol(site: "leiden")
    let his = try await team.stage.enrol(site: "accra")
    let who = try await team.researcher(.owner, sites: ["accra"])
    let seen = try await team.desk.participants(for: who, limit: 50).elements
    #expect(seen.map(\.record.pseudonym) == [his])
    for look in [
      { _ = try await team.desk.participant(hers, for: who) },
      { _ = try await team.desk.identity(of: hers, for: who, now: Stage.start) },
    ] as [@Sendable () async throws -> Void] {
      #expect(await refusal { try await look() }?.code == .unknownParticipant)
    }
    #expect(try await team.desk.overview(for: who).sites.map(\.site) == ["accra"])
    // What is of all sites is told to who sees all.
    for look in [
      { _ = try await team.desk.exports(for: who, limit: 5) },
      { _ = try await team.desk.audit(for: who, limit: 5) },
      { _ = try await team.desk.team(for: who, now: Stage.start) },
    ] as [@Sendable () async throws -> Void] {
      #expect(await refusal { try await look() }?.code == .notAllowed)
    }
    let looks = try await team.desk.database.read {
      try $0.auditEntries(kinds: [.identitiesSeen], limit: 5)
    }
    #expect(looks.isEmpty, "a refused look is none")
  }

  @Test func `a look at an identity is on record before it is told`() async throws {
    let team = try await Team()
    let who = try await team.researcher(.coordinator)
    let pseudonym = try await team.stage.enrol(site: "leiden")
    try await team.desk.identities?.store(
      ContactDetails(name: "Ann", email: "ann@example.org"), of: pseudonym, at: Stage.start)
    let contact = try await team.desk.identity(of: pseudonym, for: who, now: Stage.start)
    #expect(contact?.email == "ann@example.org")
    let owner = try await team.researcher(.owner)
    let audit = try await team.desk.audit(for: owner, limit: 50)
    let look = try #require(audit.entries.elements.first { $0.kind == .identitiesSeen })
    #expect(look.subjects == [pseudonym] && look.researcher == who.uuid)
    #expect(audit.names[who.uuid] == "coordinator")
    #expect(try await team.desk.database.verify() == [])
  }

  @Test func `lists come in parts that name the next`() async throws {
    let team = try await Team()
    let who = try await team.researcher(.owner)
    var people: Set<String> = []
    for _ in 0..<5 { people.insert(try await team.stage.enrol(site: "leiden")) }
    var seen: [String] = []
    var next: String?
    repeat {
      let part = try await team.desk.participants(for: who, after: next, limit: 2)
      seen += part.elements.map(\.record.pseudonym)
      next = part.next
    } while next != nil
    #expect(seen == people.sorted())
    var numbers: [Int] = []
    var before: Int?
    repeat {
      let part = try await team.desk.audit(for: who, before: before, limit: 2).entries
      numbers += part.elements.map(\.number)
      before = part.next.flatMap { Int($0) }
    } while before != nil
    #expect(numbers == Array((1...numbers.count).reversed()) && numbers.count >= 3)
  }

  @Test func `the course of scores is over all arms, without tests`() async throws {
    let team = try await Team(fixture: "small")
    let who = try await team.researcher(.analyst)
    for _ in 0..<3 { _ = try await team.stage.randomised() }
    _ = try await team.stage.randomised(isTest: true)
    let means = try await team.desk.scoreMeans(for: who)
    let first = try #require(means.first)
    #expect(first.plan == "baseline" && first.people == 3)
    #expect(
      Set(means.map { "\($0.instrument).\($0.name) \($0.plan) \($0.index)" }).count == means.count)
  }

  @Test func `a session that took less than two seconds an item is flagged`() async throws {
    let team = try await Team(fixture: "small")
    let who = try await team.researcher(.analyst)
    let pseudonym = try await team.stage.randomised()
    let flags = try await team.desk.qualityFlags(for: who)
    #expect(flags.map(\.kind) == [.tooFast] && flags.first?.session.pseudonym == pseudonym)
    let session = try #require(flags.first?.session)
    var slow = session
    slow.submitted = session.begun.addingTimeInterval(4)
    #expect(!QualityFlag.isTooFast(slow, answered: 2) && QualityFlag.isTooFast(slow, answered: 3))
    slow.isImported = true
    #expect(!QualityFlag.isTooFast(slow, answered: 100))
  }

  @Test func `one answer to six items of a scale, and a failed check, are flagged`() throws {
    let instrument = try #require(ShippedInstruments.instrument(id: "needs-24"))
    let likert = instrument.items.filter { if case .likert = $0.kind { true } else { false } }
    func answers(_ values: [Int]) -> [String: Answer] {
      Dictionary(
        zip(likert, values).map { ($0.id, .number(Double($1))) }, uniquingKeysWith: { $1 })
    }
    #expect(QualityFlag.kinds(instrument, answers([4, 4, 4, 4, 4, 4])) == [.straightLining])
    #expect(QualityFlag.kinds(instrument, answers([4, 4, 4, 4, 4])) == [])
    #expect(QualityFlag.kinds(instrument, answers([4, 4, 4, 3, 4, 4, 4])) == [])
    var problems = Problems()
    let checked = try #require(
      Instrument.load(Array(Self.checked.utf8), file: "checked.yaml", problems: &problems),
      "\(problems.list)")
    #expect(QualityFlag.kinds(checked, ["b": .number(2)]) == [])
    #expect(QualityFlag.kinds(checked, ["b": .number(1)]) == [.failedCheck])
    #expect(QualityFlag.kinds(checked, [:]) == [], "a check that was left blank was not failed")
  }
}
