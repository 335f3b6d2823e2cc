internal import Foundation
internal import LocalTime

/// Gathers what an export holds: each conversation once.
struct LogBuilder {
  let options: LogOptions
  private let clock: LocalClock
  private var results: [ConversationMeter.Result] = []
  private var places: [[UInt8]: Int] = [:]
  private(set) var skipped: [SkipReason: Int] = [:]
  /// Stretches of messages that belong to no known conversation.
  private var loose: [ConversationMeter.Result] = []
  /// Rows of a log of days, which has nothing else.
  var givenDays: [LocalDate: DayFeatures] = [:]

  init(options: LogOptions, clock: LocalClock) {
    self.options = options
    self.clock = clock
  }

  /// The place that the next conversation will have.
  var count: Int { results.count }

  mutating func skip(_ reason: SkipReason, count: Int = 1) {
    guard count > 0 else { return }
    skipped[reason, default: 0] += count
  }

  /// Adds a conversation; of two with one key, the one with more messages counts.
  mutating func add(_ result: ConversationMeter.Result) {
    guard let place = places[result.features.key] else {
      places[result.features.key] = results.count
      results.append(result)
      return
    }
    skip(.duplicate)
    guard Self.messages(of: results[place]) < Self.messages(of: result) else { return }
    results[place] = result
  }

  /// Adds messages of which only the times tell what belongs together.
  mutating func addLoose(_ result: ConversationMeter.Result) { loose.append(result) }

  private static func messages(of result: ConversationMeter.Result) -> Int {
    result.features.totals.userMessages + result.features.totals.assistantMessages
  }

  /// What was added, as a log of it is put together.
  func pieces(of source: LogSource) -> LogPieces {
    LogPieces(
      source: source, zone: clock.zone, gapMinutes: options.gapMinutes,
      readsText: options.text != nil,
      conversations: results, loose: loose, givenDays: givenDays, skipped: skipped)
  }
}
