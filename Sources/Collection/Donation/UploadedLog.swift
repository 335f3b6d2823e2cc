package import Foundation
package import InteractionLogs
package import LocalTime
import Studies

/// A participant's log as it was read from an upload: numbers and times, no text, in memory alone, until
/// the participant has decided about it.
package struct UploadedLog: Sendable {
  package let pseudonym: String
  /// Which of the person's accounts with the service, from 1.
  package let account: Int
  /// The day on which the export was made, as far as its owner said.
  package let exported: LocalDate?
  package let log: InteractionLog
  package let lists: [ListVersion]

  package init(
    pseudonym: String, account: Int = 1, exported: LocalDate? = nil, log: InteractionLog,
    lists: [ListVersion]
  ) {
    self.pseudonym = pseudonym
    self.account = account
    self.exported = exported
    self.log = log
    self.lists = lists
  }

  /// The zone whose clocks its days go by.
  package var zone: TimeZone { log.zone }
  /// How many rows it has for its owner to look at.
  package var rows: Int { (log.conversations?.count ?? 0) + (log.days?.count ?? 0) }
}

extension InteractionLog {
  /// When an export was made of which the day is known: the beginning of that day, or the last message where
  /// that is later on the same day.
  package func moment(exportedOn day: LocalDate) -> Date {
    let start = resolve(day, ClockTime(secondOfDay: 0), in: zone).instant
    let end = resolve(day.adding(days: 1), ClockTime(secondOfDay: 0), in: zone).instant
    return max(start, min(to ?? start, end))
  }
}

extension LogPlan {
  /// What people call the services whose exports are taken, in the order of the file.
  package var titles: [String] { sources.compactMap { LogSource(rawValue: $0)?.title } }
}
