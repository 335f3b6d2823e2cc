package import Foundation
package import InteractionLogs
import Synchronization

/// Logs that participants have uploaded and not yet decided about: in memory alone, for half an hour, so many
/// and no more. A restart means uploading again.
package final class DonationShelf: Sendable {
  /// The participant uploads already, or too much arrives at once.
  package struct Crowded: Error {}

  /// A log with what its owner was shown of it, and keeps back so far.
  package struct Entry: Sendable {
    package let upload: UploadedLog
    package let keptBack: KeptBack
    package let preview: LogPreview
    package let since: Date

    package init(_ upload: UploadedLog, _ preview: LogPreview, keptBack: KeptBack, since: Date) {
      self.upload = upload
      self.preview = preview
      self.keptBack = keptBack
      self.since = since
    }
  }

  /// The largest export that is taken, in bytes: years of conversations with pictures. Larger ones are read
  /// from the disk by `longwell logs donate`.
  package static let largestExport = 256 << 20
  /// How many bytes may arrive at once, of all participants: two of the largest, or a classroom's of ten
  /// megabytes.
  static let mostArriving = 2 * largestExport
  /// For how long a log lies here, in seconds: time to look through years of days.
  package static let time: TimeInterval = 1800
  /// How many lie here at most; the oldest make room.
  static let mostLogs = 100
  /// How many rows they have at most together: some kilobytes each.
  static let mostRows = 100_000

  private struct State {
    var entries: [String: Entry] = [:]
    /// Of whom something arrives, with how many bytes.
    var arriving: [String: Int] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  // MARK: - What lies here

  /// What of a participant lies here.
  package func entry(of pseudonym: String, now: Date) -> Entry? {
    forgetOld(now: now)
    return state.withLock { $0.entries[pseudonym] }
  }

  /// Lays a log down, in the place of the participant's last one.
  package func put(_ entry: Entry) {
    change { entries in
      entries[entry.upload.pseudonym] = entry
      let oldest = entries.values.sorted { $0.since < $1.since }
      var rows = oldest.map(\.upload.rows).reduce(0, +)
      for other in oldest where rows > Self.mostRows || entries.count > Self.mostLogs {
        guard other.upload.pseudonym != entry.upload.pseudonym else { continue }
        rows -= other.upload.rows
        entries[other.upload.pseudonym] = nil
      }
    }
  }

  /// Forgets what of a participant lies here.
  package func forget(_ pseudonym: String) { change { $0[pseudonym] = nil } }

  /// Forgets what has lain here for too long.
  package func forgetOld(now: Date) {
    change { entries in
      entries = entries.filter { now.timeIntervalSince($0.value.since) < Self.time }
    }
  }

  private func change(_ body: (inout [String: Entry]) -> Void) {
    InteractionLog.forgetting { state.withLock { body(&$0.entries) } }
  }

  // MARK: - What arrives

  /// A place for an export that arrives; it is free again when it is let go of.
  ///
  /// - Parameter bytes: how many are announced; nil where that is not told.
  /// - Throws: ``Crowded``.
  package func arrival(of pseudonym: String, bytes: Int?) throws -> Arrival {
    let bytes = min(bytes ?? Self.largestExport, Self.largestExport)
    let mayArrive = state.withLock { state in
      guard state.arriving[pseudonym] == nil,
        state.arriving.values.reduce(bytes, +) <= Self.mostArriving
      else { return false }
      state.arriving[pseudonym] = bytes
      return true
    }
    guard mayArrive else { throw Crowded() }
    return Arrival(pseudonym: pseudonym, bytes: bytes, shelf: self)
  }

  /// An export that arrives, with the place that it takes meanwhile.
  package final class Arrival: Sendable {
    package let export: ArrivingExport
    private let pseudonym: String
    private let shelf: DonationShelf

    fileprivate init(pseudonym: String, bytes: Int, shelf: DonationShelf) {
      export = ArrivingExport(capacity: bytes)
      self.pseudonym = pseudonym
      self.shelf = shelf
    }

    deinit { shelf.state.withLock { _ = $0.arriving.removeValue(forKey: pseudonym) } }
  }
}
