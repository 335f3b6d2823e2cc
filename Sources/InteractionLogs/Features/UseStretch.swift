/// Messages of one conversation with no long pause between them, on one study day.
///
/// Sessions and days are put together from these, so that messages themselves are not kept.
struct UseStretch: Sendable {
  /// The conversation's place in the order of reading.
  var conversation: Int
  /// Seconds since 1970 of the first and last message.
  var start: Double
  var end: Double
  /// Day number of the study day.
  var day: Int
  var totals = MessageTotals()
  /// Messages of the person by hour of the local clock.
  var hours = HourCounts()
  var models: Set<ModelFamily> = []
}

/// Counts by hour of the local day.
package struct HourCounts: Hashable, Sendable, Codable {
  /// 24 counts, from midnight on.
  package private(set) var counts = [Int](repeating: 0, count: 24)

  package init() {}

  /// Counts by hour, 24 of them.
  package init?(_ counts: [Int]) {
    guard counts.count == 24 else { return nil }
    self.counts = counts
  }

  package mutating func add(hour: Int) { counts[hour] += 1 }

  package static func += (one: inout HourCounts, other: HourCounts) {
    for hour in 0..<24 { one.counts[hour] += other.counts[hour] }
  }

  package var total: Int { counts.reduce(0, +) }

  /// The share of a part of the day; nil over nothing.
  package func share(of part: DayPart) -> Double? {
    let all = total
    guard all > 0 else { return nil }
    let some = counts.indices.filter { DayPart(hour: $0) == part }.map { counts[$0] }.reduce(0, +)
    return Double(some) / Double(all)
  }
}
