package import Foundation
import Identities
import Storage

extension StudyDesk {
  /// For how long an enrolment may be under way before it counts as abandoned, in seconds.
  ///
  /// Another process may be between the two databases at this moment. Each waits 5 s for a lock at
  /// most; ten minutes leave room for a stopped clock or a sleeping laptop, and are short beside
  /// the days in which somebody would miss the participant.
  static let enrolmentTime: TimeInterval = 600

  /// Finishes enrolments whose contact is stored, and undoes old ones whose contact is not: at
  /// start-up, after a crash between the two databases.
  ///
  /// - Returns: who is enrolled now and who was undone.
  /// - Throws: ``CollectionError`` `noIdentities` when somebody is pending and there are no
  ///   contacts at hand to tell.
  package func settlePendingEnrolments(
    now: Date
  ) async throws -> (finished: [String], undone: [String]) {
    let pending = try await database.read { snapshot in
      try snapshot.participants().filter { $0.status == .pending }
    }
    guard let first = pending.first else { return ([], []) }
    guard let identities else { throw CollectionError(.noIdentities, first.pseudonym) }
    let stored = Set(try await identities.pseudonyms())
    let finished = pending.map(\.pseudonym).filter(stored.contains)
    let undone = pending.filter {
      !stored.contains($0.pseudonym) && now.timeIntervalSince($0.enrolled) > Self.enrolmentTime
    }.map(\.pseudonym)
    try await database.write { transaction in
      for pseudonym in finished { try transaction.confirmEnrolment(of: pseudonym, at: now) }
      for pseudonym in undone { try undoEnrolment(of: pseudonym, now: now, in: transaction) }
    }
    return (finished, undone)
  }

  /// Gives up an enrolment that was broken off: the person has not joined, and is counted nowhere.
  private func undoEnrolment(
    of pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws {
    let now = now.wholeMilliseconds
    guard try transaction.undoEnrolment(of: pseudonym, at: now) else { return }
    for occasion in try transaction.occasions(of: pseudonym) where !occasion.state.isFinal {
      try cancel(occasion, now: now, in: transaction)
    }
  }
}
