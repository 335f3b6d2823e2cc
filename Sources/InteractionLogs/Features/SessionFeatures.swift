package import Foundation
package import LocalTime

/// One sitting: messages, of whichever conversations, with no pause longer than the log's gap.
package struct SessionFeatures: Hashable, Sendable {
  /// The first and last message.
  package var start: Date
  package var end: Date
  /// The study day in which it began.
  package var day: LocalDate
  /// Conversations that it touched; nil where the source does not tell them apart.
  package var conversations: Int?
  package var totals: MessageTotals
  package var hours: HourCounts

  /// From the first message to the last; 0 for a single one.
  package var minutes: Double { end.timeIntervalSince(start) / 60 }

  /// A session of an hour or more is long: twice what most of those who use companions daily report.
  package static let longMinutes = 60.0
}
