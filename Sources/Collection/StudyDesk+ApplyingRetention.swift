package import Foundation
import Storage

/// What carrying out the study's retention did.
package struct RetentionReceipt: Hashable, Sendable {
  package let at: Date
  /// Whose contact was erased alone.
  package let contacts: [String]
  /// Of whom everything was erased.
  package let data: [String]
  /// What of it is not complete, and why.
  package let pending: [PendingErasure]
}

extension StudyDesk {
  /// Erases what the study says should be gone by now: contacts, whose answers stay, or the answers of
  /// everybody. It is an event of the study's chain, and each erasure one of its person's.
  ///
  /// - Parameter kinds: what of it; the rest stays due.
  /// - Returns: what was erased; nothing, and no event, where nothing is due.
  /// - Throws: ``CollectionError``, `StorageError`, `IdentityError`.
  package func applyRetention(
    to kinds: Set<RetentionDue.Kind>, now: Date, at places: ErasurePlaces
  ) async throws -> RetentionReceipt {
    let now = now.wholeMilliseconds
    let due = try await retentionDue(now: now, contacts: places.contacts)
      .filter { kinds.contains($0.kind) }
    guard !due.isEmpty else {
      return RetentionReceipt(at: now, contacts: [], data: [], pending: [])
    }
    let (contacts, data) = try await database.write { transaction in
      let data =
        due.contains { $0.kind == .data }
        ? try transaction.participants().filter {
          $0.status.hasJoined && $0.status != .erased
        }.map(\.pseudonym) : []
      for pseudonym in data {
        try withdraw(pseudonym, .stopAndErase, now: now, in: transaction)
      }
      let contacts = Set(due.compactMap(\.pseudonym)).subtracting(data).sorted()
      for pseudonym in contacts {
        try endReach(pseudonym, now: now, in: transaction)
        _ = try transaction.requestErasure(.contact, of: pseudonym, at: now)
      }
      try transaction.recordRetention(contacts: contacts, data: data, at: now)
      return (contacts, data)
    }
    return RetentionReceipt(
      at: now, contacts: contacts, data: data,
      pending: try await completeErasures(at: places, now: now))
  }
}
