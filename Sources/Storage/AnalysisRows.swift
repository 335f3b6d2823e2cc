package import Foundation

// What analysis and exports read: flat records in a stated order, under pseudonyms, without keys.

/// A participant with the arm that was drawn.
package struct ParticipantRow: Hashable, Sendable {
  /// Who it is.
  package var participant: ParticipantRecord
  /// `nil` before randomisation.
  package var arm: String?
  /// When the arm was drawn; `nil` before randomisation.
  package var allocated: Date?

  package init(participant: ParticipantRecord, arm: String?, allocated: Date?) {
    self.participant = participant
    self.arm = arm
    self.allocated = allocated
  }
}

/// An occasion with who it belongs to and what became of it; missed ones are rows too.
package struct OccasionRow: Hashable, Sendable {
  /// What was planned and what became of it.
  package var occasion: OccasionRecord
  /// The centre that the participant belongs to.
  package var site: String
  /// The language that the participant reads, a BCP 47 tag.
  package var language: String
  /// When the participant joined.
  package var enrolled: Date
  /// Whether it is a try-out that no analysis counts.
  package var isTest: Bool
  /// `nil` before randomisation.
  package var arm: String?
  /// The session's UUID, if one was begun.
  package var session: UUID?
  /// How the session ended, if it did.
  package var sessionState: SessionState?
  /// When the session was begun.
  package var begun: Date?
  /// When the last answer or the submission arrived.
  package var lastActive: Date?
  /// When the session was submitted.
  package var submitted: Date?
  /// Submitted after the window and its grace.
  package var isLate: Bool
  /// Answered elsewhere and brought in.
  package var isImported = false

  package init(
    occasion: OccasionRecord, site: String, language: String, enrolled: Date, isTest: Bool,
    arm: String?, session: UUID?, sessionState: SessionState?, begun: Date?, lastActive: Date?,
    submitted: Date?, isLate: Bool, isImported: Bool = false
  ) {
    self.occasion = occasion
    self.site = site
    self.language = language
    self.enrolled = enrolled
    self.isTest = isTest
    self.arm = arm
    self.session = session
    self.sessionState = sessionState
    self.begun = begun
    self.lastActive = lastActive
    self.submitted = submitted
    self.isLate = isLate
    self.isImported = isImported
  }
}

/// A response with the occasion that it belongs to.
package struct ResponseRow: Hashable, Sendable {
  /// The participant's name in research data.
  package var pseudonym: String
  /// The occasion's id in the study file, and its repetition from 0.
  package var plan: String
  /// Which repetition, from 0.
  package var index: Int
  /// How the session ended, if it did.
  package var sessionState: SessionState
  /// Submitted after the window and its grace.
  package var isLate: Bool
  /// The version that the instrument's file states.
  package var instrumentVersion: String
  /// The content hash of the instrument as it was asked.
  package var instrumentHash: String
  /// The answer, or why there is none.
  package var response: ResponseRecord
}

/// A score with the occasion that it belongs to.
package struct ScoreRow: Hashable, Sendable {
  /// The participant's name in research data.
  package var pseudonym: String
  /// The occasion's id in the study file, and its repetition from 0.
  package var plan: String
  /// Which repetition, from 0.
  package var index: Int
  /// Submitted after the window and its grace.
  package var isLate: Bool
  /// Whether it is the one that analyses use; others were computed under earlier versions.
  package var isCurrent: Bool
  /// The score and how many items it rests on.
  package var score: ScoreRecord
}

/// An instrument as one session asked it: in which words and which order.
package struct SessionInstrumentRow: Hashable, Sendable {
  /// The participant's name in research data.
  package var pseudonym: String
  /// The occasion's id in the study file, and its repetition from 0.
  package var plan: String
  /// Which repetition, from 0.
  package var index: Int
  /// What was asked.
  package var instrument: SessionInstrument

  package init(pseudonym: String, plan: String, index: Int, instrument: SessionInstrument) {
    self.pseudonym = pseudonym
    self.plan = plan
    self.index = index
    self.instrument = instrument
  }
}
