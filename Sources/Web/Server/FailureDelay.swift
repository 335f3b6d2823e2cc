import Foundation
import Synchronization

/// Makes guessing slow, and nothing else: who fails waits longer each time, and nobody is ever locked
/// out. Who has a right token or password never waits, whatever others at the same address do.
final class FailureDelay: Sendable {
  private struct Count {
    var failures: Int
    var last: Date
  }

  /// The pause after the first failure, in seconds; each further one doubles it.
  static let first: TimeInterval = 0.1
  /// The longest pause, in seconds: guesses are hopeless long before, and connections are not kept.
  static let longest: TimeInterval = 5
  /// After how many seconds without a failure an address starts anew.
  static let memory: TimeInterval = 900
  /// How many addresses are remembered; beyond, the oldest are forgotten, so that an attack from many
  /// fills no memory.
  static let capacity = 10_000

  private let counts = Mutex([String: Count]())

  /// Counts a failure.
  ///
  /// - Returns: how long to wait before answering, in seconds.
  func failure(of key: String, now: Date) -> TimeInterval {
    counts.withLock { counts in
      if counts.count >= Self.capacity { Self.forget(&counts, now: now) }
      var count = counts[key] ?? Count(failures: 0, last: now)
      if now.timeIntervalSince(count.last) > Self.memory { count.failures = 0 }
      count.failures = min(count.failures + 1, 16)
      count.last = now
      counts[key] = count
      return min(Self.longest, Self.first * pow(2, Double(count.failures - 1)))
    }
  }

  private static func forget(_ counts: inout [String: Count], now: Date) {
    counts = counts.filter { now.timeIntervalSince($0.value.last) <= memory }
    guard counts.count >= capacity else { return }
    let newest = counts.sorted { $0.value.last > $1.value.last }.prefix(capacity / 2)
    counts = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
  }
}
