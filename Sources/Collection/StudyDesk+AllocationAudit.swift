import Expressions
import Foundation
package import Storage
import Studies

/// One draw as the database has it, beside the same draw made again from the seed.
package struct AuditedDraw: Hashable, Sendable {
  package let allocation: AllocationRecord
  /// The arm that the seed gives, or nil where the study's version has no allocation.
  package let expected: String?

  /// Whether the record is what the seed gives.
  package var agrees: Bool { allocation.arm == expected }
}

extension StudyDesk {
  /// Makes every draw again from the secret seed, in order, and compares.
  ///
  /// Each draw is made after the draws on record before it, so that one altered record does not put
  /// all later ones in doubt. The stratum is compared with what is known of the participant; of those
  /// who changed their language, or whose answers were erased, the record says what it was.
  package func auditAllocation() async throws -> [AuditedDraw] {
    try await database.read { try auditAllocation(in: $0) }
  }

  /// The same within a snapshot; see ``auditAllocation()``.
  package func auditAllocation(in snapshot: ResearchSnapshot) throws -> [AuditedDraw] {
    var tally = AllocationTally()
    return try snapshot.allocations().map { allocation in
      defer { tally.add(allocation.arm, in: allocation.stratum) }
      guard let participant = try snapshot.participant(allocation.pseudonym) else {
        return AuditedDraw(allocation: allocation, expected: nil)
      }
      let study = try version(participant.publication).study
      guard let sequence = AllocationSequence(of: study, seed: allocationSeed),
        allocation.draw == tally.draws + 1
      else { return AuditedDraw(allocation: allocation, expected: nil) }
      let facts = sequence.measures ? try factsOfDraw(participant, study, in: snapshot) : [:]
      guard
        sequence.admits(
          allocation.stratum, site: participant.site, languages: study.languages,
          isTest: participant.isTest, facts: { facts[$0] ?? .missing })
      else { return AuditedDraw(allocation: allocation, expected: nil) }
      return AuditedDraw(
        allocation: allocation,
        expected: sequence.next(stratum: allocation.stratum, after: tally)?.id)
    }
  }

  /// What was answered in the occasion that the draw followed, scored as it was then.
  private func factsOfDraw(
    _ participant: ParticipantRecord, _ study: Study, in snapshot: ResearchSnapshot
  ) throws -> [String: Value] {
    guard
      let occasion = try snapshot.occasions(of: participant.pseudonym).first(where: {
        $0.plan == study.allocation?.after
      }), let session = try snapshot.session(ofOccasion: occasion.uuid)
    else { return [:] }
    let current = try self.session(session.uuid, in: snapshot)
    return current.facts(with: try computedScores(of: current, now: session.begun))
  }

  /// Letters for the arms, for analysts who must not know which is which; the seed alone tells.
  package var blindedLabels: [String: String] {
    current.study.blindedLabels(seed: allocationSeed)
  }
}
