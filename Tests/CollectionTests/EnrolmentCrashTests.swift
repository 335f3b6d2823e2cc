import Collection
import Foundation
import Identities
import Instruments
import Storage
import Studies
import Testing

@Suite("A crash while somebody joins")
struct EnrolmentCrashTests {
  struct Crash: Error {}

  private func join(_ name: String, at desk: StudyDesk, seed: UInt64) async throws -> String {
    var generator = SeededGenerator(seed: seed)
    return try await desk.enrol(
      Enrolment(
        zone: "Europe/Amsterdam", contact: ContactDetails(name: name, email: "\(name)@example.org")
      ), agreeingTo: ["surveys"], now: Stage.start, using: &generator
    ).participant.pseudonym
  }

  private func submitBaseline(_ pseudonym: String, at stage: Stage) async throws {
    let session = try await stage.begin("baseline", of: pseudonym)
    try await stage.save("m1", .number(4), in: session)
    try await stage.save("used", .number(0), in: session)
    try await stage.desk.submit(session, now: Stage.start)
  }

  /// The arms of Ada and Cem, with Ben joining between them, interrupted or not.
  private func arms(interrupting step: StudyDesk.EnrolmentStep?) async throws -> [String] {
    let stage = try await Stage(allocationSeed: 5, withIdentities: true)
    let ada = try await join("ada", at: stage.desk, seed: 1)
    try await submitBaseline(ada, at: stage)
    if let step {
      let crashing = stage.desk.interrupted { if $0 == step { throw Crash() } }
      await #expect(throws: Crash.self) { _ = try await join("ben", at: crashing, seed: 2) }
    }
    // Whoever comes next settles what is left: the contact is there, or it is old enough to undo.
    _ = try await stage.desk.settlePendingEnrolments(now: Stage.after(hours: 1))
    let people = try await stage.database.read { try $0.participants() }
    let contacts = try await #require(stage.desk.identities).pseudonyms()
    let others = people.filter { $0.pseudonym != ada }
    switch step {
    case nil, .begun:
      #expect(others.isEmpty)
    case .pending:
      #expect(others.map(\.status) == [.undone])
      let (count, rows, counts) = try await stage.database.read { snapshot in
        (
          try snapshot.enrolmentCount(), try snapshot.participantRows(includingTests: true),
          try snapshot.occasionCounts()
        )
      }
      #expect(count == 1, "it takes no place")
      #expect(rows.map(\.participant.pseudonym) == [ada], "it is in no table")
      #expect(counts.allSatisfy { $0.state != .cancelled })
      #expect(try await stage.desk.overview().sites.map(\.joined) == [1])
      #expect(try await stage.desk.overview().sites[0].participants[.withdrawn] == nil)
      #expect(contacts == [ada])
    case .contactStored, .confirmed:
      #expect(others.map(\.status) == [.enrolled])
      #expect(Set(contacts) == Set(people.map(\.pseudonym)))
    }
    #expect(!people.contains { $0.status == .pending })
    let cem = try await join("cem", at: stage.desk, seed: 3)
    try await submitBaseline(cem, at: stage)
    let audit = try await stage.desk.auditAllocation()
    #expect(audit.filter { !$0.agrees }.isEmpty)
    #expect(try await stage.database.verify() == [])
    return audit.map(\.allocation.arm)
  }

  @Test(arguments: StudyDesk.EnrolmentStep.allCases)
  func `at any step leaves them joined or not, and allocations as they were`(
    step: StudyDesk.EnrolmentStep
  ) async throws {
    let undisturbed = try await arms(interrupting: nil)
    #expect(undisturbed.count == 2)
    #expect(try await arms(interrupting: step) == undisturbed)
  }
}
