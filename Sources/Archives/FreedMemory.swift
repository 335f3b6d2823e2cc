internal import CArchive
internal import Synchronization

/// Memory that libraries free.
///
/// libarchive and CLD2 hold pieces of what people donate in buffers of their own, and free them as they are. The C
/// library can be told to overwrite what is freed (mallopt(3), M_PERTURB).
package enum FreedMemory {
  /// How many are at it, in any thread: it is a setting of the process.
  private static let users = Mutex(0)
  private static let overwriting: Int32 = 0xFF

  /// Does something, meanwhile overwriting what is freed.
  package static func overwritten<Result>(_ body: () -> Result) -> Result {
    beginOverwriting()
    defer { endOverwriting() }
    return body()
  }

  /// From here on what is freed is overwritten, until every beginning has had its end.
  package static func beginOverwriting() {
    users.withLock { count in
      if count == 0 { _ = mallopt(M_PERTURB, overwriting) }
      count += 1
    }
  }

  /// Ends what ``beginOverwriting()`` began.
  package static func endOverwriting() {
    users.withLock { count in
      count -= 1
      if count == 0 { _ = mallopt(M_PERTURB, 0) }
    }
  }
}
