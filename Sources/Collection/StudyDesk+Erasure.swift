import Definitions
package import Foundation
import Identities
package import Storage
import Studies

/// The steps of an erasure after the wish is on record. Each can be repeated, so an erasure that was
/// interrupted anywhere is finished by going through all of them again.
enum ErasureStep: CaseIterable {
  /// The wish is noted beside the keys.
  case note
  /// Contents and rows leave the tables.
  case remove
  /// The contact goes.
  case forget
  /// Free space and log are cleared.
  case rewrite
  /// The ledger says that it is done.
  case complete
}

extension StudyDesk {
  /// Records the wish that something of a participant be erased; ``completeErasures(at:now:)`` then
  /// does it. Whoever withdraws with erasure comes by ``withdraw(_:_:now:)``; this one is for parts
  /// of the consent that are revoked. Stop first what belongs to the part.
  ///
  /// - Throws: ``CollectionError`` `unknownParticipant`; `unknownOccasion` or `unknownInstrument`
  ///   for a name that no version of the study has.
  @discardableResult
  package func requestErasure(
    _ scope: ErasureScope, of pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws -> ErasureRecord {
    guard try transaction.participant(pseudonym) != nil else {
      throw CollectionError(.unknownParticipant, quoted(pseudonym))
    }
    if case .part(_, let occasions, let instruments) = scope {
      let plans = versions.values.flatMap(\.study.occasions)
      if let unknown = occasions.subtracting(plans.map(\.id)).min() {
        throw CollectionError(.unknownOccasion, quoted(unknown))
      }
      if let unknown = instruments.subtracting(plans.flatMap(\.instruments)).min() {
        throw CollectionError(.unknownInstrument, quoted(unknown))
      }
    }
    return try transaction.requestErasure(scope, of: pseudonym, at: now.wholeMilliseconds)
  }

  /// The erasures that were asked for and are not complete, in the order of asking.
  package func pendingErasures() async throws -> [ErasureRecord] {
    try await database.read { try $0.pendingErasures() }
  }

  /// Does what is left to do of the erasures that were asked for: after a withdrawal, at start-up,
  /// and from time to time.
  ///
  /// An erasure is complete when no file of the study holds what was erased. Until then it is
  /// pending, and this can be called again; it costs one query where nothing is.
  ///
  /// - Returns: what is still pending, and why.
  /// - Throws: `StorageError` or `IdentityError` when a file cannot be read or written, the disk is
  ///   full say; what was asked for stays pending.
  @discardableResult
  package func completeErasures(
    at places: ErasurePlaces, now: Date
  ) async throws -> [PendingErasure] {
    try await completeErasures(at: places, now: now) { _ in }
  }

  /// The same, telling of each step before it is taken.
  func completeErasures(
    at places: ErasurePlaces, now: Date, before: (ErasureStep) throws -> Void
  ) async throws -> [PendingErasure] {
    let pending = try await pendingErasures()
    guard !pending.isEmpty else { return [] }
    let now = now.wholeMilliseconds
    func waiting(for obstacle: ErasureObstacle) -> [PendingErasure] {
      pending.map { PendingErasure(erasure: $0, obstacle: obstacle) }
    }
    try before(.note)
    if let ledger = places.ledger { for erasure in pending { try ledger.append(erasure) } }
    try before(.remove)
    try await database.write { transaction in
      for erasure in pending { try transaction.performErasure(erasure.uuid, at: now) }
    }
    try before(.forget)
    let people = Set(pending.filter { $0.scope == .everything }.map(\.pseudonym))
    if let contacts = places.contacts, !people.isEmpty {
      guard try await IdentityDatabase.erase(people, from: contacts) else {
        return waiting(for: .contactsBusy)
      }
    }
    let contactless = Set(pending.filter { $0.scope == .contact }.map(\.pseudonym))
      .subtracting(people)
    if let contacts = places.contacts, !contactless.isEmpty {
      guard try await IdentityDatabase.eraseContacts(of: contactless, from: contacts) else {
        return waiting(for: .contactsBusy)
      }
    }
    let donors = Set(pending.filter(\.scope.coversDonations).map(\.pseudonym))
      .subtracting(people)
    if let contacts = places.contacts, !donors.isEmpty {
      guard try await IdentityDatabase.eraseLogKeys(of: donors, from: contacts) else {
        return waiting(for: .contactsBusy)
      }
    }
    try before(.rewrite)
    guard try await database.rewrite() else { return waiting(for: .reader) }
    guard places.ledger != nil || database.kind == .simulated else {
      return waiting(for: .ledgerMissing)
    }
    try before(.complete)
    try await database.write { transaction in
      for erasure in pending { try transaction.completeErasure(erasure.uuid, at: now) }
    }
    return []
  }

  /// Erases again who was erased before: what a ledger says and a database that was restored from a
  /// backup does not know. People who are not in it are passed over; of those who were invited before the
  /// backup and joined after it, the contact is erased again.
  ///
  /// - Returns: the wishes that were new to the database; ``completeErasures(at:now:)`` does them.
  package func replay(_ wishes: [ErasureRecord], now: Date) async throws -> [ErasureRecord] {
    try await database.write { transaction in
      var replayed: [ErasureRecord] = []
      for wish in wishes {
        guard try transaction.erasure(wish.uuid) == nil else { continue }
        let participant = try transaction.participant(wish.pseudonym)
        let person = try participant?.uuid ?? transaction.invitation(wish.pseudonym)?.uuid
        guard person == wish.participant, participant != nil || wish.scope.coversContact else {
          continue
        }
        let scope = participant == nil ? .contact : wish.scope
        switch scope {
        case .everything: _ = try stop(wish.pseudonym, now: now.wholeMilliseconds, in: transaction)
        case .contact: try endReach(wish.pseudonym, now: now.wholeMilliseconds, in: transaction)
        case .part: break
        }
        replayed.append(
          try transaction.requestErasure(
            scope, of: wish.pseudonym, uuid: wish.uuid, requested: wish.requested,
            at: now.wholeMilliseconds))
      }
      return replayed
    }
  }
}
