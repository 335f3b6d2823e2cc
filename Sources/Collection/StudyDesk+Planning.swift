import Foundation
import LocalTime
import Storage
import Studies

/// What a change of zone, of hours or a pause did to a participant's plan.
package struct PlanChange: Hashable, Sendable {
  /// Occasions that open at another moment now.
  package var moved = 0
  /// Occasions that the change put into the past, or too near to another.
  package var skipped = 0
  /// Occasions within a pause.
  package var cancelled = 0

  package init(moved: Int = 0, skipped: Int = 0, cancelled: Int = 0) {
    self.moved = moved
    self.skipped = skipped
    self.cancelled = cancelled
  }
}

extension StudyDesk {
  /// Plans the occasions of a participant that are not planned yet and have not passed.
  ///
  /// The plan counts from enrolment, not from consent: it must not depend on what people do.
  ///
  /// - Parameter earliest: leaves out what opens before it; nil for all that has not closed.
  func plan(
    _ participant: ParticipantRecord, version: StudyVersion, opening earliest: Date? = nil,
    now: Date, in transaction: ResearchTransaction
  ) throws -> Int {
    let planned = version.study.plannedOccasions(of: try life(of: participant, in: transaction))
    let now = now.wholeMilliseconds
    let records = planned.filter {
      $0.closes > now && $0.opens.instant >= earliest ?? .distantPast
    }.map { occasion in
      record(
        of: occasion, for: participant,
        uuid: transaction.uuid(ofOccasion: occasion.id, occasion.index, of: participant), now: now)
    }
    return try transaction.insert(records, of: participant.pseudonym, at: now)
  }

  /// Plans anew what has not opened, after a change that is on record.
  ///
  /// What the new plan leaves out is skipped, or cancelled where a pause covers it.
  func replan(
    _ participant: ParticipantRecord, now: Date, in transaction: ResearchTransaction
  ) throws -> PlanChange {
    let study = try version(participant.publication).study
    let life = try life(of: participant, in: transaction)
    let planned = Dictionary(
      study.plannedOccasions(of: life).map { (PlanKey(id: $0.id, index: $0.index), $0) },
      uniquingKeysWith: { $1 })
    var change = PlanChange()
    var fresher: [OccasionRecord] = []
    for old in try transaction.occasions(of: participant.pseudonym)
    where old.state == .planned && !old.isEvent && old.opens > now {
      guard let new = planned[PlanKey(id: old.plan, index: old.index)] else {
        let isPaused = life.pauses.contains { $0.covers(LocalMoment(old)) }
        try transaction.close(
          old.uuid, as: isPaused ? .cancelled : .skipped, session: .expired, at: now)
        if isPaused { change.cancelled += 1 } else { change.skipped += 1 }
        continue
      }
      let fresh = record(of: new, for: participant, uuid: old.uuid, now: old.stateSince)
      if fresh != old { fresher.append(fresh) }
      if fresh.opens != old.opens || fresh.closes != old.closes { change.moved += 1 }
    }
    try transaction.reschedule(fresher, of: participant.pseudonym, at: now)
    return change
  }

  /// Everything that a participant's plan depends on.
  func life(
    of participant: ParticipantRecord, in snapshot: ResearchSnapshot
  ) throws -> ParticipantTime {
    let name = participant.pseudonym
    return ParticipantTime(
      enrolled: participant.enrolled,
      zones: try snapshot.zoneHistory(of: name).map {
        ParticipantTime.ZoneStay(since: $0.since, zone: try timeZone(named: $0.zone))
      },
      waking: try snapshot.wakingHistory(of: name).compactMap { record in
        guard let from = ClockTime(record.wakes), let to = ClockTime(record.sleeps) else {
          return nil
        }
        return ParticipantTime.WakingChoice(
          since: record.since, hours: DayHours(from: from, to: to))
      },
      pauses: try snapshot.pauses(of: name).compactMap { record in
        guard let first = LocalDate(record.firstDay), let last = LocalDate(record.lastDay),
          first <= last
        else { return nil }
        return ParticipantTime.Pause(decided: record.decided, dates: first...last)
      },
      seed: participant.uuid.scheduleSeed)
  }

  /// An occasion of a participant's plan that has no record yet, or `nil` where the plan has none.
  func planned(
    _ plan: String, index: Int, of participant: ParticipantRecord, now: Date,
    in transaction: ResearchTransaction
  ) throws -> OccasionRecord? {
    let study = try version(participant.publication).study
    let life = try life(of: participant, in: transaction)
    return study.plannedOccasions(of: life).first { $0.id == plan && $0.index == index }.map {
      record(
        of: $0, for: participant,
        uuid: transaction.uuid(ofOccasion: plan, index, of: participant),
        now: now)
    }
  }

  private func record(
    of occasion: PlannedOccasion, for participant: ParticipantRecord, uuid: UUID, now: Date
  ) -> OccasionRecord {
    OccasionRecord(
      uuid: uuid, pseudonym: participant.pseudonym, plan: occasion.id, index: occasion.index,
      opens: occasion.opens.instant.wholeMilliseconds, opensLocal: occasion.opens.localText,
      offsetSeconds: occasion.opens.offsetSeconds, zone: occasion.opens.zoneIdentifier,
      zoneDataVersion: zoneDataVersion, closes: occasion.closes.wholeMilliseconds,
      graceEnds: occasion.graceEnds.wholeMilliseconds, instruments: occasion.instruments,
      publication: participant.publication, stateSince: now)
  }
}

extension ResearchTransaction {
  /// The name of an occasion that has none yet: near the others of its participant.
  func uuid(ofOccasion plan: String, _ index: Int, of participant: ParticipantRecord) -> UUID {
    secrets.uuid(
      for: "occasion \(participant.pseudonym) \(plan) \(index)", beside: participant.uuid)
  }
}

/// What makes an occasion of one participant the same after a change.
private struct PlanKey: Hashable {
  var id: String
  var index: Int
}

extension LocalMoment {
  /// The opening of an occasion by the clocks that it was planned by.
  init(_ occasion: OccasionRecord) {
    self.init(occasion.opens, in: TimeZone(identifier: occasion.zone) ?? .gmt)
  }
}

extension UUID {
  /// The seed of the participant's random prompts: nobody chooses it, and it says nothing.
  var scheduleSeed: UInt64 {
    withUnsafeBytes(of: uuid) { $0.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
  }
}
