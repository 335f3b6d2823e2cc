package import Foundation

/// How a sitting ended, if it did.
package enum SessionState: String, Hashable, Sendable, CaseIterable {
  case open
  case submitted
  /// Its window passed with some answers and no submission.
  case partial
  /// Its window passed without an answer.
  case expired
  /// The participant withdrew while it was open.
  case withdrawn
}

/// An instrument as one session asked it.
package struct SessionInstrument: Hashable, Sendable {
  /// The instrument's id.
  package var id: String
  /// The version that its file states.
  package var version: String
  /// The hash of what the participant could see and of what scoring uses.
  package var contentHash: String
  /// The language that the participant read it in, a BCP 47 tag.
  package var language: String
  /// Whose words these were; `nil` for the instrument's own.
  package var overlay: SessionOverlay?
  /// The items in the order drawn for the session; `nil` where the file's order holds.
  package var itemOrder: [String]?

  package init(
    id: String, version: String, contentHash: String, language: String = "en",
    overlay: SessionOverlay? = nil, itemOrder: [String]? = nil
  ) {
    self.id = id
    self.version = version
    self.contentHash = contentHash
    self.language = language
    self.overlay = overlay
    self.itemOrder = itemOrder
  }
}

/// The wording that one session read in place of the instrument's own.
package struct SessionOverlay: Hashable, Sendable {
  /// Its community, instrument and language: `longwell/needs-6.nl`.
  package var id: String
  /// The version that its file states.
  package var version: String
  /// The SHA-256 of its file.
  package var hash: String
  /// Whether somebody besides its author had reviewed it.
  package var isReviewed: Bool

  package init(id: String, version: String, hash: String, isReviewed: Bool) {
    self.id = id
    self.version = version
    self.hash = hash
    self.isReviewed = isReviewed
  }
}

/// One sitting: a participant answering one occasion. An occasion has at most one.
package struct SessionRecord: Hashable, Sendable {
  /// Its name outside the database.
  package var uuid: UUID
  /// The UUID of the occasion that it answers.
  package var occasion: UUID
  /// The participant's name in research data.
  package var pseudonym: String
  /// What became of it so far.
  package var state: SessionState
  /// When the session was begun.
  package var begun: Date
  /// When the last answer or the submission arrived.
  package var lastActive: Date
  /// When the session was submitted.
  package var submitted: Date?
  /// Submitted after the window and its grace: kept, flagged, excluded by default.
  package var isLate: Bool
  /// When it was brought in, where it was answered elsewhere; `nil` for what was answered here.
  package var imported: Date?
  /// The publication that it was begun on and finishes on.
  package var publication: Int
  /// What it asks, in order.
  package var instruments: [SessionInstrument]

  package init(
    uuid: UUID, occasion: UUID, pseudonym: String, state: SessionState = .open, begun: Date,
    lastActive: Date, submitted: Date? = nil, isLate: Bool = false, imported: Date? = nil,
    publication: Int, instruments: [SessionInstrument]
  ) {
    self.uuid = uuid
    self.occasion = occasion
    self.pseudonym = pseudonym
    self.state = state
    self.begun = begun
    self.lastActive = lastActive
    self.submitted = submitted
    self.isLate = isLate
    self.imported = imported
    self.publication = publication
    self.instruments = instruments
  }
}
