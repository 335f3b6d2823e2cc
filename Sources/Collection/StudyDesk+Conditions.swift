import Expressions
import Foundation
import LocalTime
import Storage
import Studies

extension StudyDesk {
  /// Whether an occasion takes place, by its `only_if`; one without a condition always does.
  ///
  /// The condition is evaluated with what was known at the opening, so that it comes out the same
  /// whenever it is asked: what was submitted or allocated later does not count.
  func takesPlace(_ occasion: OccasionRecord, in snapshot: ResearchSnapshot) throws -> Bool {
    // Most studies have no condition, and need no look at the participant.
    guard versions.values.contains(where: { $0.study.occasion(occasion.plan)?.condition != nil })
    else { return true }
    guard let participant = try snapshot.participant(occasion.pseudonym) else { return false }
    let study = try version(occasion.publication).study
    guard let condition = study.occasion(occasion.plan)?.condition else { return true }
    let values = try facts(of: participant, at: occasion, study: study, in: snapshot)
    return condition.isTrue { values[$0] ?? .missing }
  }

  private func facts(
    of participant: ParticipantRecord, at occasion: OccasionRecord, study: Study,
    in snapshot: ResearchSnapshot
  ) throws -> [String: Value] {
    let enrolled = try enrolmentDate(of: participant, in: snapshot)
    let day = StudyDay(containing: LocalMoment(occasion)).number(enrolled: enrolled)
    let allocation = try snapshot.allocation(of: participant.pseudonym)
    var values: [String: Value] = [
      "site": .text(participant.site), "language": .text(participant.language),
      "day": .number(Double(day)),
    ]
    if let allocation, allocation.drawn <= occasion.opens { values["arm"] = .text(allocation.arm) }
    if let phase = study.phase(ofDay: day) { values["phase"] = .text(phase.id) }
    // The last submission holds, also where its score could not be computed.
    for score in try snapshot.scores(of: participant.pseudonym, submittedBy: occasion.opens) {
      values["\(score.instrument).\(score.name)"] = score.value.map(Value.number) ?? .missing
    }
    return values
  }

  /// Skips what has opened and does not take place, of everybody or of one participant.
  ///
  /// - Returns: how many occasions were skipped.
  func skipUnmet(
    now: Date, of pseudonym: String?, in transaction: ResearchTransaction
  ) throws -> Int {
    let plans = Set(
      versions.values.flatMap { $0.study.occasions.filter { $0.condition != nil }.map(\.id) })
    var skipped = 0
    for occasion in try transaction.unansweredOccasions(at: now, plans: plans, of: pseudonym)
    where try !takesPlace(occasion, in: transaction) {
      try transaction.close(occasion.uuid, as: .skipped, session: .expired, at: now)
      skipped += 1
    }
    return skipped
  }
}
