import Expressions
import Foundation
package import Storage
package import Studies

/// Where a participant stands: what was answered of what was due, and what that has earned.
package struct ParticipantStanding: Sendable {
  /// The occasions of which something is due, in the order of the study.
  package let compliance: [(occasion: String, compliance: Compliance)]
  /// What the study gives, in its order.
  package let incentives: [EarnedIncentive]

  /// Something that the study gives, and whether it is earned as of now.
  package struct EarnedIncentive: Hashable, Sendable {
    /// The condition as the study file has it.
    package let condition: String
    package let isEarned: Bool
    /// The text that says so, in the participant's language.
    package let text: StudyText?
  }
}

extension StudyDesk {
  /// Where a participant stands, by what has ended so far.
  ///
  /// - Throws: ``CollectionError`` when the participant is unknown.
  package func standing(of pseudonym: String) async throws -> ParticipantStanding {
    try await database.read { try standing(of: pseudonym, in: $0) }
  }

  /// The same within a snapshot; see ``standing(of:)``.
  ///
  /// - Throws: ``CollectionError``.
  package func standing(
    of pseudonym: String, in snapshot: ResearchSnapshot
  ) throws -> ParticipantStanding {
    guard let participant = try snapshot.participant(pseudonym) else {
      throw CollectionError(.unknownParticipant, pseudonym)
    }
    let version = try version(participant.publication)
    let occasions = try snapshot.occasions(of: pseudonym)
    let planned = version.study.occasions.filter { !$0.isEvent }.map(\.id)
    let incentives = zip(version.study.incentives, version.definitions.incentiveTexts).map {
      incentive, texts in
      ParticipantStanding.EarnedIncentive(
        condition: incentive.condition.source,
        isEarned: incentive.isEarned { Compliance(with: $0, in: occasions).share },
        text: texts[participant.language])
    }
    return ParticipantStanding(
      compliance: planned.map { ($0, Compliance(with: $0, in: occasions)) }
        .filter { $0.1.due > 0 },
      incentives: incentives)
  }
}
