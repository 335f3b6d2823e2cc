package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Adds a participant with a first time zone.
  ///
  /// - Parameter recorded: when the record is made, where that is not when they joined.
  /// - Throws: ``StorageError`` `constraint` when the pseudonym or UUID is taken.
  package func insert(
    _ participant: ParticipantRecord, zoneDataVersion: String, recorded: Date? = nil
  ) throws(StorageError) {
    let zone = ZoneRecord(
      since: participant.enrolled, zone: participant.zone, dataVersion: zoneDataVersion)
    let chain = EventChain.participant(participant.uuid)
    let event = try append(
      .participantEnrolled, to: chain, content: EventContent.enrolment(participant),
      at: recorded ?? participant.enrolled)
    let id = try nextRow(of: "participants")
    try run(
      """
      INSERT INTO participants (id, uuid, pseudonym, site, language, status, is_test,
        wants_reminders, enrolled_at, ended_at, zone, publication, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        id, participant.uuid.text, participant.pseudonym, participant.site, participant.language,
        participant.status.rawValue, participant.isTest ? 1 : 0,
        participant.wantsReminders ? 1 : 0, participant.enrolled.utcMilliseconds,
        participant.ended.map(\.utcMilliseconds), participant.zone, participant.publication, event,
      ])
    try insertZone(zone, participant: id)
    try append(
      .zoneChanged, to: chain, content: EventContent.zone(zone),
      at: recorded ?? participant.enrolled)
    memory.participants[participant.pseudonym] = (id, chain)
    memory.people[participant.pseudonym] = participant.stored
    memory.consents[participant.pseudonym] = []
    memory.zones[participant.pseudonym] = [zone.stored]
    memory.newcomers.insert(participant.pseudonym)
  }

  /// Ends the pending state of an enrolment whose contact is stored.
  ///
  /// - Returns: whether it was pending.
  @discardableResult
  package func confirmEnrolment(of pseudonym: String, at now: Date) throws(StorageError) -> Bool {
    let (id, chain) = try key(of: pseudonym)
    let changed = try change(
      "UPDATE participants SET status = 'enrolled' WHERE id = ? AND status = 'pending'", [id],
      changing: pseudonym)
    guard changed > 0 else { return false }
    try append(.participantConfirmed, to: chain, content: .object([:]), at: now)
    return true
  }

  /// Gives up an enrolment whose contact was never stored: the person has not joined.
  ///
  /// - Returns: whether it was pending.
  @discardableResult
  package func undoEnrolment(of pseudonym: String, at now: Date) throws(StorageError) -> Bool {
    let (id, chain) = try key(of: pseudonym)
    let changed = try change(
      """
      UPDATE participants SET status = 'undone', ended_at = ?, wants_reminders = 0
      WHERE id = ? AND status = 'pending'
      """, [now.utcMilliseconds, id], changing: pseudonym)
    guard changed > 0 else { return false }
    // Who was invited has not come yet: the invitation is as good as before.
    try run(
      """
      UPDATE invitations SET state = 'open', state_since = ? WHERE uuid = ? AND state = 'accepted'
      """, [now.utcMilliseconds, chain.description])
    try append(.enrolmentUndone, to: chain, content: .object([:]), at: now)
    return true
  }

  /// Marks a participant as withdrawn; what was collected is kept.
  ///
  /// - Returns: whether the participant was not withdrawn before.
  package func withdraw(_ pseudonym: String, at now: Date) throws(StorageError) -> Bool {
    let (id, chain) = try key(of: pseudonym)
    let changed = try change(
      """
      UPDATE participants SET status = 'withdrawn', ended_at = ?, wants_reminders = 0
      WHERE id = ? AND status IN ('pending', 'enrolled')
      """, [now.utcMilliseconds, id], changing: pseudonym)
    guard changed > 0 else { return false }
    try append(.participantWithdrawn, to: chain, content: .object([:]), at: now)
    return true
  }

  /// Stops messages to a participant who goes on taking part.
  ///
  /// - Returns: whether messages had not been stopped before.
  package func stopReminders(for pseudonym: String, at now: Date) throws(StorageError) -> Bool {
    let (id, chain) = try key(of: pseudonym)
    let changed = try change(
      "UPDATE participants SET wants_reminders = 0 WHERE id = ? AND wants_reminders = 1", [id],
      changing: pseudonym)
    guard changed > 0 else { return false }
    try append(.remindersStopped, to: chain, content: .object([:]), at: now)
    return true
  }

  /// Lets messages go again to a participant who had stopped them.
  ///
  /// - Returns: whether they had been stopped, by somebody who takes part.
  package func resumeReminders(for pseudonym: String, at now: Date) throws(StorageError) -> Bool {
    let (id, chain) = try key(of: pseudonym)
    let changed = try change(
      """
      UPDATE participants SET wants_reminders = 1
      WHERE id = ? AND wants_reminders = 0 AND status = 'enrolled'
      """, [id], changing: pseudonym)
    guard changed > 0 else { return false }
    try append(.remindersResumed, to: chain, content: .object([:]), at: now)
    return true
  }

  /// Moves a participant to another time zone from a moment on.
  package func setZone(_ zone: ZoneRecord, of pseudonym: String) throws(StorageError) {
    let (id, chain) = try key(of: pseudonym)
    memory.zones[pseudonym] = nil
    try insertZone(zone, participant: id)
    try run(
      "UPDATE participants SET zone = ? WHERE id = ?", [zone.zone, id], changing: pseudonym)
    try append(.zoneChanged, to: chain, content: EventContent.zone(zone), at: zone.since)
  }

  /// Changes the language that a participant reads.
  package func setLanguage(
    _ language: String, of pseudonym: String, at now: Date
  ) throws(StorageError) {
    let (id, chain) = try key(of: pseudonym)
    try run(
      "UPDATE participants SET language = ? WHERE id = ?", [language, id], changing: pseudonym)
    try append(
      .languageChanged, to: chain, content: .object(["language": .text(language)]), at: now)
  }

  /// Records the hours that a participant chose for prompts, from a moment on.
  package func insert(_ waking: WakingRecord, of pseudonym: String) throws(StorageError) {
    let (id, chain) = try key(of: pseudonym)
    memory.newcomers.remove(pseudonym)
    try run(
      """
      INSERT INTO waking_history (participant, since, wakes, sleeps) VALUES (?, ?, ?, ?)
      ON CONFLICT (participant, since)
      DO UPDATE SET wakes = excluded.wakes, sleeps = excluded.sleeps
      """, [id, waking.since.utcMilliseconds, waking.wakes, waking.sleeps])
    try append(.wakingChosen, to: chain, content: EventContent.waking(waking), at: waking.since)
  }

  /// Records days on which a participant is asked nothing; a decision made twice is one.
  package func insert(_ pause: PauseRecord, of pseudonym: String) throws(StorageError) {
    let (id, chain) = try key(of: pseudonym)
    memory.newcomers.remove(pseudonym)
    let changed = try change(
      """
      INSERT INTO pauses (participant, first_day, last_day, decided_at) SELECT ?1, ?2, ?3, ?4
      WHERE NOT EXISTS (SELECT 1 FROM pauses
        WHERE participant = ?1 AND first_day = ?2 AND last_day = ?3 AND decided_at = ?4)
      """, [id, pause.firstDay, pause.lastDay, pause.decided.utcMilliseconds])
    guard changed > 0 else { return }
    try append(.participantPaused, to: chain, content: EventContent.pause(pause), at: pause.decided)
  }

  private func insertZone(_ zone: ZoneRecord, participant: Int64) throws(StorageError) {
    try run(
      """
      INSERT INTO zone_history (participant, since, zone, data_version) VALUES (?, ?, ?, ?)
      ON CONFLICT (participant, since)
      DO UPDATE SET zone = excluded.zone, data_version = excluded.data_version
      """, [participant, zone.since.utcMilliseconds, zone.zone, zone.dataVersion])
  }

  /// Adds a decision about one part of a consent.
  package func insert(_ consent: ConsentRecord, of pseudonym: String) throws(StorageError) {
    let (id, chain) = try key(of: pseudonym)
    let event = try append(
      .consentRecorded, to: chain, content: EventContent.consent(consent), at: consent.decided)
    try run(
      """
      INSERT INTO consents
        (participant, version, part, is_agreed, text_hash, language, decided_at, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        id, consent.version, consent.part, consent.isAgreed ? 1 : 0, consent.textHash,
        consent.language, consent.decided.utcMilliseconds, event,
      ])
    memory.consents[pseudonym]?.append(consent.stored)
  }

  /// Records the draw of a participant's arm.
  ///
  /// - Throws: ``StorageError`` `constraint` when the participant has an arm or the draw is taken.
  package func insert(_ allocation: AllocationRecord) throws(StorageError) {
    let (id, chain) = try key(of: allocation.pseudonym)
    let event = try append(
      .allocationDrawn, to: chain, content: EventContent.allocation(allocation),
      at: allocation.drawn)
    try run(
      """
      INSERT INTO allocations (participant, arm, method, stratum, draw, drawn_at, event)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        id, allocation.arm, allocation.method, allocation.stratum, allocation.draw,
        allocation.drawn.utcMilliseconds, event,
      ])
  }
}

// Times are kept in milliseconds: what is remembered is what would be read.

extension ParticipantRecord {
  fileprivate var stored: ParticipantRecord {
    var record = self
    record.enrolled = enrolled.stored
    record.ended = ended?.stored
    return record
  }
}

extension ZoneRecord {
  fileprivate var stored: ZoneRecord {
    var record = self
    record.since = since.stored
    return record
  }
}

extension ConsentRecord {
  fileprivate var stored: ConsentRecord {
    var record = self
    record.decided = decided.stored
    return record
  }
}

extension Date {
  /// What would be read if it were written.
  var stored: Date { Date(utcMilliseconds: utcMilliseconds) }
}
