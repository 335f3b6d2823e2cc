package import Foundation

/// Where a participant stands in the study.
package enum ParticipantStatus: String, Hashable, Sendable, CaseIterable {
  /// Enrolled here, while the contact is not yet stored in the other database.
  case pending
  case enrolled
  /// Stopped; what was collected is kept.
  case withdrawn
  /// Stopped; what was collected is gone.
  case erased
  /// Never joined: the enrolment was broken off before its contact was stored. It is counted nowhere.
  case undone

  /// Whether the enrolment came about, whatever became of the person since.
  package var hasJoined: Bool { self != .pending && self != .undone }
}

/// A person as research data knows them: a pseudonym, a site, a status.
package struct ParticipantRecord: Hashable, Sendable {
  /// Its name outside the database.
  package var uuid: UUID
  /// The name used in every table and page, such as `P-7K3M9Q`.
  package var pseudonym: String
  /// The centre that the participant belongs to.
  package var site: String
  /// The language that the participant reads, a BCP 47 tag.
  package var language: String
  /// Where the participant stands.
  package var status: ParticipantStatus
  /// A try-out in a real study: excluded from every analysis.
  package var isTest: Bool
  /// Whether messages may be sent.
  package var wantsReminders: Bool
  /// When the participant joined.
  package var enrolled: Date
  /// When the participant withdrew or was erased.
  package var ended: Date?
  /// The present time zone, an IANA name.
  package var zone: String
  /// The number of the publication that the participant answers.
  package var publication: Int

  package init(
    uuid: UUID, pseudonym: String, site: String = "main", language: String = "en",
    status: ParticipantStatus = .enrolled, isTest: Bool = false, wantsReminders: Bool = true,
    enrolled: Date, ended: Date? = nil, zone: String, publication: Int
  ) {
    self.uuid = uuid
    self.pseudonym = pseudonym
    self.site = site
    self.language = language
    self.status = status
    self.isTest = isTest
    self.wantsReminders = wantsReminders
    self.enrolled = enrolled
    self.ended = ended
    self.zone = zone
    self.publication = publication
  }
}

/// A stretch of a participant's life in one time zone.
package struct ZoneRecord: Hashable, Sendable {
  /// When the stretch begins.
  package var since: Date
  /// An IANA name.
  package var zone: String
  /// The version of the zone data that planned with it, such as `2026b`.
  package var dataVersion: String

  package init(since: Date, zone: String, dataVersion: String) {
    self.since = since
    self.zone = zone
    self.dataVersion = dataVersion
  }
}

/// Hours that a participant chose for prompts.
package struct WakingRecord: Hashable, Sendable {
  package var since: Date
  /// A time of day, `09:00:00`.
  package var wakes: String
  /// A time of day; one that is not after `wakes` is of the next date.
  package var sleeps: String

  package init(since: Date, wakes: String, sleeps: String) {
    self.since = since
    self.wakes = wakes
    self.sleeps = sleeps
  }
}

/// Local dates on which a participant is asked nothing.
package struct PauseRecord: Hashable, Sendable {
  /// ISO 8601, `2027-03-10`.
  package var firstDay: String
  /// The last day of the pause, which may be the first.
  package var lastDay: String
  package var decided: Date

  package init(firstDay: String, lastDay: String, decided: Date) {
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.decided = decided
  }
}
