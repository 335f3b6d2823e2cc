package import Foundation
package import LocalTime

/// What is kept of one study day, 04:00 to 04:00 by the person's clocks.
///
/// Only days with something on them have a row; whether a day without one was covered is the log's
/// to say. What the source cannot give is nil.
package struct DayFeatures: Hashable, Sendable {
  package var date: LocalDate
  /// Conversations with a message on the day, and those that began on it.
  package var conversations: Int?
  package var begun: Int?
  package var totals: MessageTotals?
  /// The sum of the sessions that began on the day.
  package var minutes: Double?
  package var sessions: Int?
  package var longSessions: Int?
  /// Messages of the person by hour.
  package var hours: HourCounts?
  package var firstUse: Date?
  package var lastUse: Date?
  /// Families of models that answered, in order of name.
  package var models: [ModelFamily]?
  /// Branches of the conversations that began on the day.
  package var regenerations: Int?
  package var edits: Int?
  package var interruptions: Int?
  /// Text measures of the conversations that began on the day.
  package var measures: TextMeasures?
  /// Conversations with a message on the day that were left out of the log. On a day with no others
  /// all of the numbers above are nil.
  package var leftOut = 0

  /// The share of the person's messages between 00:00 and 04:00.
  package var nightShare: Double? { hours?.share(of: .night) }

  /// A day with nothing said of it yet.
  package init(date: LocalDate) { self.date = date }
}
