package import Foundation

// What analysis and exports read: flat records in a stated order, under pseudonyms, without keys.

/// A participant with the arm that was drawn.
package struct ParticipantRow: Hashable, Sendable {
  package var participant: ParticipantRecord
  /// `nil` before randomisation.
  package var arm: String?
  package var allocated: Date?
}

/// An occasion with who it belongs to and what became of it; missed ones are rows too.
package struct OccasionRow: Hashable, Sendable {
  package var occasion: OccasionRecord
  package var site: String
  package var language: String
  package var enrolled: Date
  package var isTest: Bool
  /// `nil` before randomisation.
  package var arm: String?
  package var session: UUID?
  package var sessionState: SessionState?
  package var begun: Date?
  package var lastActive: Date?
  package var submitted: Date?
  /// Submitted after the window and its grace.
  package var isLate: Bool
}

/// A response with the occasion that it belongs to.
package struct ResponseRow: Hashable, Sendable {
  package var pseudonym: String
  /// The occasion's id in the study file, and its repetition from 0.
  package var plan: String
  package var index: Int
  package var sessionState: SessionState
  package var isLate: Bool
  package var instrumentVersion: String
  package var instrumentHash: String
  package var response: ResponseRecord
}

/// A current score with the occasion that it belongs to.
package struct ScoreRow: Hashable, Sendable {
  package var pseudonym: String
  /// The occasion's id in the study file, and its repetition from 0.
  package var plan: String
  package var index: Int
  package var isLate: Bool
  package var score: ScoreRecord
}
