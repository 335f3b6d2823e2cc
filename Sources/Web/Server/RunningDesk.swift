import Collection
import Synchronization

/// The study as it is now: another process may publish a new version of it while the server runs.
final class RunningDesk: Sendable {
  private let latest: Mutex<StudyDesk>

  init(_ desk: StudyDesk) { latest = Mutex(desk) }

  /// The study with every version that has been published.
  ///
  /// - Throws: `StorageError`, or `CollectionError` for a version that cannot be read.
  func current() async throws -> StudyDesk {
    let fresh = try await known.refreshed()
    latest.withLock { $0 = fresh }
    return fresh
  }

  /// The study as it was when somebody last looked.
  var known: StudyDesk { latest.withLock { $0 } }
}
