package import Foundation
package import Storage
package import Studies

/// What a participant finds on their own page: what there is to answer, and how far they are.
package struct ParticipantHome: Sendable {
  /// The participant.
  package let participant: ParticipantRecord
  /// What they have agreed to.
  package let consent: ConsentStanding
  /// What can be answered now, in the order of closing.
  package let due: [DueOccasion]
  /// The occasions that they can open themselves now.
  package let events: [OccasionPlan]
  /// When the next planned occasion opens; nil where there is none, or its moment is not to be known
  /// before.
  package let next: Date?
  /// How many occasions are planned for them, those that will not take place left out.
  package let planned: Int
  /// How many of these are over.
  package let ended: Int
  /// How many of these they have submitted.
  package let submitted: Int
  /// Their own course so far, where the study shows it.
  package let course: [CourseOfScore]
  /// What they have earned, in the order of the study.
  package let earned: [StudyText]
}

extension StudyDesk {
  /// What a participant finds on their own page now. It writes nothing.
  ///
  /// - Throws: ``CollectionError`` when the participant is unknown or has withdrawn.
  package func home(of pseudonym: String, now: Date) async throws -> ParticipantHome {
    try await database.read { try home(of: pseudonym, now: now, in: $0) }
  }

  /// The same within a snapshot; see ``home(of:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  package func home(
    of pseudonym: String, now: Date, in snapshot: ResearchSnapshot
  ) throws -> ParticipantHome {
    let participant = try takingPart(pseudonym, in: snapshot)
    let consent = try consentStanding(of: pseudonym, in: snapshot)
    let study = try version(participant.publication).study
    let planned = try snapshot.occasions(of: pseudonym).filter {
      !$0.isEvent && $0.state != .cancelled && $0.state != .skipped
    }
    // Prompts come by surprise, or they would measure people who have prepared.
    let announced = Set(
      study.occasions.filter { plan in
        if case .random = plan.timing { return false }
        return plan.consentPart.map(consent.agreed.contains) ?? true
      }.map(\.id))
    return ParticipantHome(
      participant: participant, consent: consent,
      due: try due(of: pseudonym, now: now, in: snapshot),
      events: consent.missing.isEmpty
        ? try openable(by: participant, now: now, in: snapshot) : [],
      next: planned.filter { $0.opens > now && announced.contains($0.plan) }.map(\.opens).min(),
      planned: planned.count, ended: planned.count { $0.state.isFinal },
      submitted: planned.count { $0.state == .submitted },
      course: try ownCourse(of: pseudonym, now: now, in: snapshot),
      earned: try standing(of: pseudonym, in: snapshot).incentives.filter(\.isEarned)
        .compactMap(\.text))
  }
}
