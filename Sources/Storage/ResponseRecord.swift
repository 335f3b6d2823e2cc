package import Foundation

/// Why an item has no answer.
package enum MissingReason: String, Hashable, Sendable, CaseIterable {
  case leftBlank = "left_blank"
  case notShown = "not_shown"
  case partialSession = "partial_session"
  case expired
  case withdrawn
}

/// What a response holds: a number, a text, or nothing.
package enum StoredAnswer: Hashable, Sendable {
  case number(Double)
  case text(String)
  case none

  /// The number, if it is one.
  package var number: Double? {
    guard case .number(let value) = self else { return nil }
    return value
  }

  /// The text, if it is one.
  package var text: String? {
    guard case .text(let value) = self else { return nil }
    return value
  }
}

/// The answer to one item in one session.
package struct ResponseRecord: Hashable, Sendable {
  /// The session's UUID.
  package var session: UUID
  /// The instrument's id.
  package var instrument: String
  /// The item's id.
  package var item: String
  /// What was answered.
  package var answer: StoredAnswer
  /// Why it is missing; an item that ended up hidden keeps what was answered before.
  package var reason: MissingReason?
  /// When the participant's device says that it was answered.
  package var clientTime: Date?
  /// When it arrived, by the server's clock.
  package var serverTime: Date
  /// How often an answer that was already given was replaced by a different one.
  package var changes: Int

  package init(
    session: UUID, instrument: String, item: String, answer: StoredAnswer,
    reason: MissingReason? = nil, clientTime: Date? = nil, serverTime: Date, changes: Int = 0
  ) {
    self.session = session
    self.instrument = instrument
    self.item = item
    self.answer = answer
    self.reason = reason
    self.clientTime = clientTime
    self.serverTime = serverTime
    self.changes = changes
  }
}

/// An answer on its way in.
package struct ResponseToSave: Hashable, Sendable {
  /// The session's UUID.
  package var session: UUID
  /// The instrument's id.
  package var instrument: String
  /// The item's id.
  package var item: String
  /// `.none` takes an earlier answer back.
  package var answer: StoredAnswer
  /// The name that the sender gave to this save, so that sending it twice saves it once.
  package var clientKey: String?
  /// When the participant's device says that it was answered.
  package var clientTime: Date?

  package init(
    session: UUID, instrument: String, item: String, answer: StoredAnswer,
    clientKey: String? = nil, clientTime: Date? = nil
  ) {
    self.session = session
    self.instrument = instrument
    self.item = item
    self.answer = answer
    self.clientKey = clientKey
    self.clientTime = clientTime
  }
}

/// What a save came to.
package enum SaveOutcome: Hashable, Sendable {
  /// The answer is new or replaced another; it is stored when the transaction commits.
  case saved
  /// The same key with the same answer was saved before; nothing was done.
  case repeated
  /// The same key was used before for something else; nothing was done.
  case keyReused
}
