import Definitions
package import Foundation
import Storage

extension StudyDesk {
  /// What was collected of a participant, for the participant to take along. Both doors hand it out;
  /// that it was handed out is an event of the participant's chain.
  ///
  /// Whoever has withdrawn and let the data be kept can still have them.
  ///
  /// - Throws: ``CollectionError`` `unknownParticipant`, or `notTakingPart` after erasure.
  package func ownData(of pseudonym: String, now: Date) async throws -> OwnData {
    try await database.write { transaction in
      guard let participant = try transaction.participant(pseudonym) else {
        throw CollectionError(.unknownParticipant, quoted(pseudonym))
      }
      guard participant.status != .erased else {
        throw CollectionError(.notTakingPart, pseudonym, detail: "erased")
      }
      let now = now.wholeMilliseconds
      let document = try OwnDataDocument(of: participant, at: self, now: now, in: transaction)
      try transaction.recordOwnData(of: pseudonym, at: now)
      return try OwnData(document)
    }
  }
}
