import Definitions
package import Foundation
package import Instruments
import LocalTime
package import Storage
import Studies

extension StudyDesk {
  /// The instrument that is answered before joining, where the study has one.
  package var screeningInstrument: Instrument? {
    current.study.enrolment.screening.flatMap { current.definitions.instruments[$0.instrument] }
  }

  /// Whether somebody with these answers may join; everybody may where nothing is asked.
  ///
  /// It keeps nothing: until somebody joins, their answers are in memory alone.
  ///
  /// - Throws: ``CollectionError`` for an item that there is not, or an answer off its scale.
  package func isEligible(_ answers: [String: Answer]) throws -> Bool {
    guard let screening = current.study.enrolment.screening, let instrument = screeningInstrument
    else { return true }
    for (item, answer) in answers.sorted(by: { $0.key < $1.key }) {
      do throws(AnswerRefusal) { try instrument.check(answer, for: item) } catch {
        throw CollectionError(
          .answerRefused, "\(instrument.id) \(item)", detail: error.description)
      }
    }
    return instrument.isTrue(screening.eligible, of: answers)
  }

  /// Counts somebody who was asked and does not join, and ends their invitation if they had one.
  /// Nothing else is kept of them.
  ///
  /// - Parameters:
  ///   - outcome: `ineligible` or `declined`; who joins is counted by joining.
  ///   - isTest: a try-out, which is not counted.
  /// - Throws: ``CollectionError`` when the site or the invitation are unknown.
  package func turnAway(
    _ outcome: ScreeningOutcome, entry: Enrolment.Entry = .team, site: String? = nil,
    isTest: Bool = false, now: Date
  ) async throws {
    try await database.write { transaction in
      let invitation = try invitation(for: entry, in: transaction)
      let site = try checked(site: site, invitation: invitation, in: current.study)
      if let invitation {
        try transaction.end(
          invitation.uuid, as: outcome == .ineligible ? .ineligible : .declined,
          at: now.wholeMilliseconds)
      }
      if !isTest { try transaction.count(outcome, site: site, at: now.wholeMilliseconds) }
    }
  }

  /// Refuses real people who were not asked, or whose answers rule them out. Simulated ones, and
  /// try-outs without answers, are taken as eligible.
  func checkEligible(_ enrolment: Enrolment) throws {
    guard let screening = current.study.enrolment.screening, !enrolment.isSimulated else { return }
    guard let answers = enrolment.screening else {
      guard enrolment.isTest else {
        throw CollectionError(
          .notEligible, current.study.id,
          detail: "ask the questions of \(screening.instrument) first")
      }
      return
    }
    guard try isEligible(answers) else {
      throw CollectionError(
        .notEligible, current.study.id, detail: "the answers to \(screening.instrument) rule it out"
      )
    }
  }

  /// Keeps the answers of somebody who joined, as an occasion that was opened and submitted at
  /// enrolment; it counts as no planned one.
  func keepScreening(
    _ answers: [String: Answer], of participant: ParticipantRecord, now: Date,
    in transaction: ResearchTransaction
  ) throws {
    guard let instrument = screeningInstrument else { return }
    let now = now.wholeMilliseconds
    let zone = current.study.timeZone(participant: try timeZone(named: participant.zone))
    let opens = LocalMoment(now, in: zone)
    let occasion = OccasionRecord(
      uuid: transaction.secrets.uuid(for: "screening of \(participant.uuid)"),
      pseudonym: participant.pseudonym, plan: Screening.occasion, index: 0, opens: now,
      opensLocal: opens.localText, offsetSeconds: opens.offsetSeconds, zone: opens.zoneIdentifier,
      zoneDataVersion: zoneDataVersion, closes: now.addingTimeInterval(1),
      graceEnds: now.addingTimeInterval(1), instruments: [instrument.id], isEvent: true,
      publication: participant.publication, stateSince: now)
    try transaction.insert([occasion], of: participant.pseudonym, at: now)
    let uuid = transaction.secrets.uuid(for: "session of \(occasion.uuid)")
    try transaction.insert(
      SessionRecord(
        uuid: uuid, occasion: occasion.uuid, pseudonym: participant.pseudonym, begun: now,
        lastActive: now, publication: participant.publication,
        instruments: [
          SessionInstrument(
            id: instrument.id, version: instrument.version, contentHash: instrument.contentHash)
        ]))
    for item in instrument.shownItems(answers: answers) {
      guard let answer = answers[item.id] else { continue }
      _ = try transaction.save(
        ResponseToSave(
          session: uuid, instrument: instrument.id, item: item.id, answer: StoredAnswer(answer)),
        at: now)
    }
    if let context = try transaction.context(ofSession: uuid) {
      try alert(
        ifConcerning: answers.map { ($0.key, $0.value) }, to: instrument, in: context, now: now,
        in: transaction)
    }
    let current = try session(uuid, in: transaction)
    try transaction.submit(
      uuid, isLate: false, unanswered: missing(in: current, reason: .leftBlank),
      scores: try computedScores(of: current, now: now), at: now)
  }
}
