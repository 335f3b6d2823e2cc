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
  /// all later ones in doubt.
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
      let stratum = sequence.stratum(
        site: participant.site, language: participant.language, isTest: participant.isTest)
      guard stratum == allocation.stratum else {
        return AuditedDraw(allocation: allocation, expected: nil)
      }
      return AuditedDraw(
        allocation: allocation, expected: sequence.next(stratum: stratum, after: tally)?.id)
    }
  }

  /// Letters for the arms, for analysts who must not know which is which; the seed alone tells.
  package var blindedLabels: [String: String] {
    current.study.blindedLabels(seed: allocationSeed)
  }
}
