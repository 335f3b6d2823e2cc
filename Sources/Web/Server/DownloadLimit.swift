import Foundation
import Synchronization

/// How often somebody may download all that is known of them: each time is work, and on record.
final class DownloadLimit: Sendable {
  /// How many in ``time``: each file a few times.
  static let most = 20
  /// In seconds.
  static let time: TimeInterval = 3600

  private let times = Mutex([String: [Date]]())

  /// Counts a download.
  ///
  /// - Throws: ``WebProblem`` `tooOften`.
  func count(_ pseudonym: String, now: Date) throws(WebProblem) {
    let mayGo = times.withLock { times in
      times = times.compactMapValues { list in
        let recent = list.filter { now.timeIntervalSince($0) < Self.time }
        return recent.isEmpty ? nil : recent
      }
      guard times[pseudonym, default: []].count < Self.most else { return false }
      times[pseudonym, default: []].append(now)
      return true
    }
    guard mayGo else { throw .tooOften }
  }
}
