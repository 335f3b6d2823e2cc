package import Foundation
package import Storage

extension StudyDesk {
  /// Locks an analysis plan: from now on every report of it says whether it was carried out as it is now.
  ///
  /// - Parameters:
  ///   - plan: its id.
  ///   - source: its file.
  ///   - hash: the file's SHA-256, in hexadecimal.
  /// - Returns: the lock, and whether it was there already: the same file is locked once.
  package func lockPlan(
    _ plan: String, source: String, hash: String, now: Date
  ) async throws -> (lock: PlanLock, isNew: Bool) {
    try await database.write { transaction in
      if let last = try transaction.planLocks().last(where: { $0.plan == plan }), last.hash == hash
      {
        return (last, false)
      }
      let lock = try transaction.lock(plan, hash: hash, source: source, at: now.wholeMilliseconds)
      return (lock, true)
    }
  }
}
