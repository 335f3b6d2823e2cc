import Foundation
import LocalTime
import Storage
import Studies

extension StudyDesk {
  /// What is there against what the plan says, person by person.
  ///
  /// A plan is made when all that is required is agreed to, and again when another version is
  /// published for everyone, with what was known then; what changes otherwise moves or skips
  /// occasions and removes none. So each occasion that the version of its time puts there must be
  /// there; each that is there must be of the plan of some version that the participant followed,
  /// unless it was skipped or cancelled; and those that have not opened must be where the present
  /// plan puts them.
  func planFindings(now: Date, in snapshot: ResearchSnapshot) throws -> [Finding] {
    try snapshot.participants().filter { $0.status == .enrolled || $0.status == .withdrawn }
      .flatMap { try planFindings(of: $0, now: now, in: snapshot) }
  }

  private func planFindings(
    of participant: ParticipantRecord, now: Date, in snapshot: ResearchSnapshot
  ) throws -> [Finding] {
    guard let agreed = try firstAgreement(of: participant, in: snapshot) else { return [] }
    let life = try life(of: participant, in: snapshot)
    let present = plan(of: life, by: participant.publication)
    let records = try snapshot.occasions(of: participant.pseudonym).filter { !$0.isEvent }
    let there = Dictionary(
      records.map { (Self.key($0.plan, $0.index), $0) }, uniquingKeysWith: { $1 })
    var known = Set(present.keys)
    var findings: [Finding] = []
    let followed = try snapshot.followedVersions(of: participant)
    for (place, version) in followed.enumerated() {
      let end = place + 1 < followed.count ? followed[place + 1].since : .distantFuture
      guard end > agreed else { continue }
      let original = plan(of: life, by: version.publication, knownBy: max(agreed, version.since))
      known.formUnion(original.keys)
      if version.publication != participant.publication {
        known.formUnion(plan(of: life, by: version.publication).keys)
      }
      let missing = original.filter { key, planned in
        let opens = planned.opens.instant
        return there[key] == nil && opens < end
          && (version.since <= agreed ? planned.closes > agreed : opens >= version.since)
      }
      findings += missing.sorted { $0.key < $1.key }.map { _, planned in
        Finding(
          .occasionMissing, "\(planned.id) \(planned.index + 1) of \(participant.pseudonym)",
          "planned for \(planned.opens.instant.utcText)")
      }
    }
    return findings
      + there.sorted { $0.key < $1.key }.compactMap { key, occasion in
        finding(of: occasion, planned: present[key], isKnown: known.contains(key), now: now)
      }
  }

  /// What is wrong with an occasion that is there, if anything is.
  private func finding(
    of occasion: OccasionRecord, planned: PlannedOccasion?, isKnown: Bool, now: Date
  ) -> Finding? {
    guard occasion.state != .skipped, occasion.state != .cancelled else { return nil }
    guard isKnown else {
      return Finding(.occasionExtra, occasion.name, "opens \(occasion.opens.utcText)")
    }
    guard occasion.state == .planned, occasion.opens > now, let planned,
      planned.opens.instant.wholeMilliseconds != occasion.opens
    else { return nil }
    return Finding(
      .occasionMisplaced, occasion.name,
      "opens \(occasion.opens.utcText), planned for \(planned.opens.instant.utcText)")
  }

  /// When a participant first had agreed to all that their version requires, or `nil`.
  func firstAgreement(
    of participant: ParticipantRecord, in snapshot: ResearchSnapshot
  ) throws -> Date? {
    let decisions = try snapshot.consents(of: participant.pseudonym)
    let required = Set(
      try version(participant.publication).study.consent.parts.filter(\.isRequired).map(\.id))
    var agreed: Set<String> = []
    for decision in decisions {
      if decision.isAgreed { agreed.insert(decision.part) } else { agreed.remove(decision.part) }
      if required.isSubset(of: agreed) { return decision.decided }
    }
    return nil
  }

  private static func key(_ plan: String, _ index: Int) -> String { "\(plan) \(index)" }

  /// The plan of a life by a version, with what is known now or was known at a moment; empty for a version
  /// that there is not.
  private func plan(
    of life: ParticipantTime, by publication: Int, knownBy moment: Date = .distantFuture
  ) -> [String: PlannedOccasion] {
    guard let study = versions[publication]?.study else { return [:] }
    let known = ParticipantTime(
      enrolled: life.enrolled,
      zones: life.zones.enumerated().filter { $0.offset == 0 || $0.element.since <= moment }
        .map(\.element),
      waking: life.waking.filter { $0.since <= moment },
      pauses: life.pauses.filter { $0.decided <= moment }, seed: life.seed)
    return Dictionary(
      study.plannedOccasions(of: known).map { (Self.key($0.id, $0.index), $0) },
      uniquingKeysWith: { $1 })
  }
}
