package import Foundation
package import LocalTime

extension SessionFeatures {
  /// A session that was kept and is counted with again.
  package init(
    keptFrom start: Date, to end: Date, day: LocalDate, conversations: Int?, totals: MessageTotals,
    hours: HourCounts
  ) {
    self.init(
      start: start, end: end, day: day, conversations: conversations, totals: totals, hours: hours)
  }
}

extension ConversationFeatures {
  /// A conversation that was kept and is counted with again; of its features, those that exposure uses.
  package init(keptFrom start: Date?, to end: Date?, day: LocalDate?, measures: TextMeasures?) {
    self.init(
      key: [], start: start, end: end, day: day, totals: MessageTotals(), turns: 0, depth: 0,
      measures: measures)
  }
}
