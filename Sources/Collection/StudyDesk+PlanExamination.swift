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
    var findings: [Finding] = []
    for participant in try snapshot.participants()
    where participant.status == .enrolled || participant.status == .withdrawn {
      guard let agreed = try firstAgreement(of: participant, in: snapshot) else { continue }
      let present = try plans(of: participant, by: participant.publication, in: snapshot)
      var known = Set(present.keys)
      var there: [String: OccasionRecord] = [:]
      for occasion in try snapshot.occasions(of: participant.pseudonym) where !occasion.isEvent {
        there[Self.key(occasion.plan, occasion.index)] = occasion
      }
      let followed = try snapshot.followedVersions(of: participant)
      for (place, version) in followed.enumerated() {
        let end = place + 1 < followed.count ? followed[place + 1].since : .distantFuture
        guard end > agreed else { continue }
        let planned = try plans(
          of: participant, by: version.publication, knownBy: max(agreed, version.since),
          in: snapshot)
        known.formUnion(planned.keys)
        if version.publication != participant.publication {
          known.formUnion(
            try plans(of: participant, by: version.publication, in: snapshot).keys)
        }
        for (key, planned) in planned.sorted(by: { $0.key < $1.key }) where there[key] == nil {
          let opens = planned.opens.instant
          guard opens < end,
            version.since <= agreed ? planned.closes > agreed : opens >= version.since
          else { continue }
          findings.append(
            Finding(
              .occasionMissing, "\(planned.id) \(planned.index + 1) of \(participant.pseudonym)",
              "planned for \(opens.utcText)"))
        }
      }
      for (key, occasion) in there.sorted(by: { $0.key < $1.key }) {
        let isGone = occasion.state == .skipped || occasion.state == .cancelled
        guard !isGone else { continue }
        guard known.contains(key) else {
          findings.append(
            Finding(.occasionExtra, occasion.name, "opens \(occasion.opens.utcText)"))
          continue
        }
        guard occasion.state == .planned, occasion.opens > now, let planned = present[key],
          planned.opens.instant.wholeMilliseconds != occasion.opens
        else { continue }
        findings.append(
          Finding(
            .occasionMisplaced, occasion.name,
            "opens \(occasion.opens.utcText), planned for \(planned.opens.instant.utcText)"))
      }
    }
    return findings
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

  /// The plan of a participant by a version, with what is known now or was known at a moment; empty for
  /// a version that there is not.
  private func plans(
    of participant: ParticipantRecord, by publication: Int,
    knownBy moment: Date = .distantFuture, in snapshot: ResearchSnapshot
  ) throws -> [String: PlannedOccasion] {
    guard let study = versions[publication]?.study else { return [:] }
    let life = try life(of: participant, in: snapshot)
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
