internal import Crypto
internal import Foundation
internal import LocalTime

/// Gathers what an export holds: each conversation once.
struct LogBuilder {
  let options: LogOptions
  private let clock: LocalClock
  private var results: [ConversationMeter.Result] = []
  private var places: [[UInt8]: Int] = [:]
  /// How many conversations without an id begin alike, by the key that rests on how they begin.
  private var alike: [[UInt8]: Int] = [:]
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
  ///
  /// Those without an id are one only if they agree message by message as far as the shorter goes. Others
  /// that begin alike are told apart by a number, in the order in which the file has them, which a log
  /// that is added to keeps.
  mutating func add(_ conversation: ConversationMeter.Result) {
    var result = conversation
    if !result.fingerprint.isEmpty { tellApart(&result) }
    guard let place = places[result.features.key] else {
      places[result.features.key] = results.count
      results.append(result)
      return
    }
    skip(.duplicate)
    guard Self.messages(of: results[place]) < Self.messages(of: result) else { return }
    results[place] = result
  }

  private mutating func tellApart(_ result: inout ConversationMeter.Result) {
    let key = result.features.key
    let count = alike[key, default: 0]
    for number in 0..<count {
      let other = Self.key(key, number)
      guard let place = places[other] else { continue }
      let isOne = zip(results[place].fingerprint, result.fingerprint).allSatisfy { $0 == $1 }
      if isOne {
        result.features.key = other
        return
      }
    }
    result.features.key = Self.key(key, count)
    alike[key] = count + 1
  }

  /// The key of the conversation of a number among those that begin alike; the first has the plain one.
  private static func key(_ key: [UInt8], _ number: Int) -> [UInt8] {
    guard number > 0 else { return key }
    var hash = SHA256()
    hash.update(data: key)
    withUnsafeBytes(of: UInt64(number).littleEndian) { hash.update(bufferPointer: $0) }
    return Array(hash.finalize().prefix(16))
  }

  /// Adds messages of which only the times tell what belongs together.
  mutating func addLoose(_ result: ConversationMeter.Result) { loose.append(result) }

  private static func messages(of result: ConversationMeter.Result) -> Int {
    result.features.totals.userMessages + result.features.totals.assistantMessages
  }

  /// What was added, as a log of it is put together.
  func pieces(of source: LogSource) -> LogPieces {
    var conversations = results
    for place in conversations.indices where !conversations[place].fingerprint.isEmpty {
      conversations[place].fingerprint = []
    }
    return LogPieces(
      source: source, zone: clock.zone, gapMinutes: options.gapMinutes,
      readsText: options.text != nil, conversations: conversations, loose: loose,
      givenDays: givenDays, skipped: skipped)
  }
}
