import Definitions
package import Foundation
package import LocalTime
package import Storage
package import Studies

extension StudyDesk {
  /// Moves a participant to another time zone from now on, and plans anew what has not opened.
  ///
  /// - Throws: ``CollectionError`` when the participant or the zone is unknown.
  @discardableResult
  package func move(
    _ pseudonym: String, to zone: String, now: Date
  ) async throws -> PlanChange {
    try await database.write { try move(pseudonym, to: zone, now: now, in: $0) }
  }

  /// The same within a transaction; see ``move(_:to:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func move(
    _ pseudonym: String, to zone: String, now: Date, in transaction: ResearchTransaction
  ) throws -> PlanChange {
    var participant = try takingPart(pseudonym, in: transaction)
    let name: String
    do throws(ZoneProblem) { name = try timeZone(named: zone).identifier } catch {
      throw CollectionError(
        .unknownZone, quoted(zone), detail: error.suggestion.map { "did you mean \($0)?" })
    }
    guard name != participant.zone else { return PlanChange() }
    let now = now.wholeMilliseconds
    try transaction.setZone(
      ZoneRecord(since: now, zone: name, dataVersion: zoneDataVersion), of: pseudonym)
    participant.zone = name
    return try replan(participant, now: now, in: transaction)
  }

  /// Lets a participant read another language of the study from now on. A session that was begun goes on
  /// in its own.
  ///
  /// - Throws: ``CollectionError`` when the participant is unknown or the study does not speak it.
  package func choose(
    language: String, for pseudonym: String, now: Date
  ) async throws {
    try await database.write { transaction in
      let participant = try takingPart(pseudonym, in: transaction)
      let language = try checked(
        language: language, in: try version(participant.publication).study)
      guard language != participant.language else { return }
      try transaction.setLanguage(language, of: pseudonym, at: now.wholeMilliseconds)
    }
  }

  /// Lets a participant choose the hours in which random prompts come, from now on.
  ///
  /// - Throws: ``CollectionError`` when the study lets nobody choose, or the hours have no room for
  ///   the prompts of a day, or quiet hours would keep some from being announced.
  @discardableResult
  package func choose(
    _ hours: DayHours, of pseudonym: String, now: Date
  ) async throws -> PlanChange {
    try await database.write { try choose(hours, of: pseudonym, now: now, in: $0) }
  }

  /// The same within a transaction; see ``choose(_:of:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func choose(
    _ hours: DayHours, of pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws -> PlanChange {
    let participant = try takingPart(pseudonym, in: transaction)
    let study = try version(participant.publication).study
    let chosen = study.occasions.compactMap {
      plan -> (plan: OccasionPlan, prompts: PromptTiming)? in
      guard case .random(let prompts) = plan.timing, prompts.isWakingChosen else { return nil }
      return (plan, prompts)
    }
    guard !chosen.isEmpty else {
      throw CollectionError(
        .hoursRefused, pseudonym, detail: "the study has no prompts whose hours people choose")
    }
    for (_, prompts) in chosen where !prompts.fits(hours) {
      throw CollectionError(
        .hoursRefused, pseudonym,
        detail: "\(prompts.perDay) prompts \(Span(seconds: prompts.apart)) apart need "
          + "\(Span(seconds: (prompts.perDay - 1) * prompts.apart)) and as much before the next day's;"
          + " between \(hours.from) and \(hours.to) there are \(Span(seconds: hours.seconds))")
    }
    if let quiet = study.quietHours, study.messages[.opening] != nil {
      for (plan, _) in chosen {
        guard let silent = plan.silence(in: quiet, choosing: hours) else { continue }
        throw CollectionError(
          .hoursRefused, pseudonym,
          detail: "no message is sent until \(quiet.hours.to), by when what opens between "
            + "\(silent.from) and \(silent.to) has closed")
      }
    }
    let now = now.wholeMilliseconds
    try transaction.insert(
      WakingRecord(
        since: now, wakes: hours.from.fullDescription, sleeps: hours.to.fullDescription),
      of: pseudonym)
    return try replan(participant, now: now, in: transaction)
  }

  /// Pauses a participant for some days: nothing opens on those local dates. What has opened can
  /// still be answered.
  ///
  /// - Throws: ``CollectionError`` when the participant does not take part.
  @discardableResult
  package func pause(
    _ pseudonym: String, on dates: ClosedRange<LocalDate>, now: Date
  ) async throws -> PlanChange {
    try await database.write { try pause(pseudonym, on: dates, now: now, in: $0) }
  }

  /// The same within a transaction; see ``pause(_:on:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func pause(
    _ pseudonym: String, on dates: ClosedRange<LocalDate>, now: Date,
    in transaction: ResearchTransaction
  ) throws -> PlanChange {
    let participant = try takingPart(pseudonym, in: transaction)
    let now = now.wholeMilliseconds
    try transaction.insert(
      PauseRecord(
        firstDay: dates.lowerBound.description, lastDay: dates.upperBound.description,
        decided: now),
      of: pseudonym)
    return try replan(participant, now: now, in: transaction)
  }
}
