import Foundation
import Storage

/// How carefully a session was answered, as far as its records tell.
struct SessionQuality: Sendable {
  /// The names by which plans know it.
  enum Name: String, CaseIterable, Sendable {
    /// How many attention checks were answered otherwise than they ask.
    case failedChecks = "failed_checks"
    /// The median over items of the seconds from the answer before.
    case medianItemSeconds = "median_item_seconds"

    /// What a codebook and a report say.
    var definition: String {
      switch self {
      case .failedChecks: "attention checks answered otherwise than they ask"
      case .medianItemSeconds:
        "median over the session's items of the seconds from the answer before; answers that arrive "
          + "together share the time"
      }
    }
  }

  private var failed: [OccasionKey: Int] = [:]
  private var seconds: [OccasionKey: Double] = [:]

  init(_ data: StudyRows, study: StudyOutline) {
    let checks = AttentionChecks(study)
    var moments: [OccasionKey: [ResponseRecord]] = [:]
    for row in data.responses where row.response.reason == nil && row.response.answer != .none {
      let key = OccasionKey(participant: row.pseudonym, plan: row.plan, index: row.index)
      moments[key, default: []].append(row.response)
      if let isPassed = checks.isPassed(row.response) {
        failed[key, default: 0] += isPassed ? 0 : 1
      }
    }
    let begun = Dictionary(
      data.occasions.map { ($0.key, $0.begun) }, uniquingKeysWith: { first, _ in first })
    for (key, responses) in moments {
      seconds[key] = Self.median(of: Self.steps(responses, begun: begun[key] ?? nil))
    }
  }

  /// A value of a session; nil where its records do not tell.
  func value(_ name: Name, of key: OccasionKey) -> Double? {
    switch name {
    case .failedChecks: failed[key].map(Double.init)
    case .medianItemSeconds: seconds[key]
    }
  }

  /// Seconds an item, by the device's clock where it gave all times, else by the server's; only the
  /// server's can be held against the session's start.
  private static func steps(_ responses: [ResponseRecord], begun: Date?) -> [Double] {
    let device = responses.compactMap(\.clientTime)
    let isDevice = device.count == responses.count
    let times = (isDevice ? device : responses.map(\.serverTime)).sorted()
    var steps: [Double] = []
    var before = isDevice ? nil : begun
    var place = 0
    while place < times.count {
      let together = times[place...].prefix { $0 == times[place] }.count
      if let before {
        let share = max(0, times[place].timeIntervalSince(before)) / Double(together)
        steps += [Double](repeating: share, count: together)
      }
      before = times[place]
      place += together
    }
    return steps
  }

  private static func median(of values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

/// What attention checks ask for.
struct AttentionChecks: Sendable {
  private var expected: [String: StoredAnswer] = [:]

  init(_ study: StudyOutline) {
    for instrument in study.instruments {
      for item in instrument.items { expected["\(instrument.id).\(item.id)"] = item.expected }
    }
  }

  /// Whether an answer is what a check asks for; nil for other items.
  func isPassed(_ response: ResponseRecord) -> Bool? {
    expected["\(response.instrument).\(response.item)"].map { response.answer == $0 }
  }
}
