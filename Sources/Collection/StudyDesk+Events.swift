import Definitions
package import Foundation
import LocalTime
package import Storage
import Studies

extension StudyDesk {
  /// Opens an occasion because something happened to a participant, such as a chat with an AI.
  ///
  /// It is open from now on, for as long as the study says; begin it as any other.
  ///
  /// - Parameter plan: the occasion's id in the study file.
  /// - Throws: ``CollectionError`` when the study has no such event, its limit is reached, today is
  ///   none of its days, or consent is missing.
  package func open(
    _ plan: String, by pseudonym: String, now: Date
  ) async throws -> OccasionRecord {
    try await database.write { try open(plan, by: pseudonym, now: now, in: $0) }
  }

  /// The same within a transaction; see ``open(_:by:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  package func open(
    _ id: String, by pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws -> OccasionRecord {
    let participant = try takingPart(pseudonym, in: transaction)
    let study = try version(participant.publication).study
    let events = study.occasions.filter(\.isEvent)
    guard let plan = events.first(where: { $0.id == id }), case .event(let event) = plan.timing
    else {
      throw CollectionError(
        .unknownOccasion, quoted(id),
        detail: events.isEmpty
          ? "the study has no occasion that participants open"
          : didYouMean(id, among: events.map(\.id)))
    }
    let now = now.wholeMilliseconds
    let zone = study.timeZone(participant: try timeZone(named: participant.zone))
    let occasion = try newEvent(plan, of: participant, zone: zone, now: now, in: transaction)
    try checkConsent(of: participant, for: occasion, in: transaction)
    try checkLimits(of: plan, event, participant: participant, at: now, in: transaction)
    guard try takesPlace(occasion, in: transaction) else {
      throw CollectionError(.cancelled, occasion.name)
    }
    try transaction.insert([occasion], of: pseudonym, at: now)
    return occasion
  }

  /// The occasions that a participant can open now.
  func openable(
    by participant: ParticipantRecord, now: Date, in snapshot: ResearchSnapshot
  ) throws -> [OccasionPlan] {
    let agreed = try consentStanding(of: participant, in: snapshot).agreed
    return try version(participant.publication).study.occasions.filter { plan in
      guard case .event(let event) = plan.timing, plan.consentPart.map(agreed.contains) ?? true
      else { return false }
      do {
        try checkLimits(of: plan, event, participant: participant, at: now, in: snapshot)
        return true
      } catch let error as CollectionError
        where error.code == .notYetOpen || error.code == .limitReached
      {
        return false
      }
    }
  }

  private func checkLimits(
    of plan: OccasionPlan, _ event: EventTiming, participant: ParticipantRecord, at now: Date,
    in snapshot: ResearchSnapshot
  ) throws {
    let study = try version(participant.publication).study
    let zone = study.timeZone(participant: try timeZone(named: participant.zone))
    let today = try studyDay(of: participant, at: now, zone: zone, in: snapshot)
    if let days = event.days, !days.contains(today.number, on: today.day.date) {
      throw CollectionError(.notYetOpen, plan.id, detail: "day \(today.number) is none of its days")
    }
    let period =
      event.period == .day
      ? today.day.bounds(in: zone) : participant.enrolled..<max(now + 1, participant.enrolled + 1)
    let opened = try snapshot.occasionCount(
      of: participant.pseudonym, plan: plan.id, opening: period)
    guard opened < event.atMost else {
      throw CollectionError(
        .limitReached, plan.id, detail: "\(event.atMost) per \(event.period.rawValue)")
    }
  }

  private func newEvent(
    _ plan: OccasionPlan, of participant: ParticipantRecord, zone: TimeZone, now: Date,
    in transaction: ResearchTransaction
  ) throws -> OccasionRecord {
    let index = try transaction.occasionCount(
      of: participant.pseudonym, plan: plan.id, opening: .distantPast ..< .distantFuture)
    return event(plan, index: index, of: participant, zone: zone, now: now, in: transaction)
  }

  /// The occasion of an event that happened at a moment, whatever the study's limits.
  func event(
    _ plan: OccasionPlan, index: Int, of participant: ParticipantRecord, opening moment: Date,
    in transaction: ResearchTransaction
  ) throws -> OccasionRecord? {
    let study = try version(participant.publication).study
    let zone = study.timeZone(participant: try timeZone(named: participant.zone))
    return event(
      plan, index: index, of: participant, zone: zone, now: moment.wholeMilliseconds,
      in: transaction)
  }

  private func event(
    _ plan: OccasionPlan, index: Int, of participant: ParticipantRecord, zone: TimeZone, now: Date,
    in transaction: ResearchTransaction
  ) -> OccasionRecord {
    let opens = LocalMoment(now, in: zone)
    let closes = opens.adding(plan.openFor, in: zone)
    return OccasionRecord(
      uuid: transaction.uuid(ofOccasion: plan.id, index, of: participant),
      pseudonym: participant.pseudonym, plan: plan.id, index: index, opens: now,
      opensLocal: opens.localText, offsetSeconds: opens.offsetSeconds, zone: opens.zoneIdentifier,
      zoneDataVersion: zoneDataVersion, closes: closes.instant.wholeMilliseconds,
      graceEnds: closes.adding(plan.grace, in: zone).instant.wholeMilliseconds,
      instruments: plan.instruments, isEvent: true,
      publication: participant.publication, stateSince: now)
  }

  /// The study day of a moment, and its number for a participant: 1 on the date of enrolment by the
  /// clocks of then.
  private func studyDay(
    of participant: ParticipantRecord, at now: Date, zone: TimeZone, in snapshot: ResearchSnapshot
  ) throws -> (day: StudyDay, number: Int) {
    let day = StudyDay(containing: LocalMoment(now, in: zone))
    let enrolled = try enrolmentDate(of: participant, in: snapshot)
    return (day, day.number(enrolled: enrolled))
  }

  /// The local date of enrolment, by the zone of then.
  func enrolmentDate(
    of participant: ParticipantRecord, in snapshot: ResearchSnapshot
  ) throws -> LocalDate {
    let study = try version(participant.publication).study
    let first = try snapshot.zoneHistory(of: participant.pseudonym).first?.zone
    let zone = study.timeZone(participant: try timeZone(named: first ?? participant.zone))
    return LocalMoment(participant.enrolled, in: zone).date
  }
}

extension StudyDesk {
  /// For how long a second press of the button is taken for the first one's, in seconds.
  static let doublePress: TimeInterval = 60

  /// Opens an occasion because something happened to a participant, and begins it, in one transaction.
  /// Asked twice within a minute, with nothing answered between, it is the same occasion.
  ///
  /// - Throws: ``CollectionError`` as opening and beginning do.
  package func openAndBegin(
    _ plan: String, by pseudonym: String, now: Date
  ) async throws -> SessionInProgress {
    try await database.write { transaction in
      let recent = try transaction.occasions(of: pseudonym).last {
        $0.plan == plan && $0.isEvent && !$0.state.isFinal
          && now.timeIntervalSince($0.opens) < Self.doublePress
      }
      let isUntouched =
        try recent.flatMap { try transaction.session(ofOccasion: $0.uuid) }
        .map { try transaction.responses(ofSession: $0.uuid).isEmpty } ?? true
      if let recent, isUntouched {
        return try begin(recent.uuid, of: pseudonym, now: now, in: transaction)
      }
      let occasion = try open(plan, by: pseudonym, now: now, in: transaction)
      return try begin(occasion.uuid, of: pseudonym, now: now, in: transaction)
    }
  }
}
