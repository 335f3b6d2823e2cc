package import Foundation

/// The answers of one page on their way in: several items of one instrument, sent together.
package struct PageToSave: Hashable, Sendable {
  /// One item of the page.
  package struct Entry: Hashable, Sendable {
    /// The item's id.
    package var item: String
    /// `.none` takes an earlier answer back.
    package var answer: StoredAnswer
    /// When the participant's device says that it was answered.
    package var clientTime: Date?

    package init(item: String, answer: StoredAnswer, clientTime: Date? = nil) {
      self.item = item
      self.answer = answer
      self.clientTime = clientTime
    }
  }

  /// The session's UUID.
  package var session: UUID
  /// The instrument's id.
  package var instrument: String
  /// Each item at most once.
  package var entries: [Entry]
  /// The name that the sender gave to this save, so that sending it twice saves it once.
  package var clientKey: String?

  package init(session: UUID, instrument: String, entries: [Entry], clientKey: String? = nil) {
    self.session = session
    self.instrument = instrument
    self.entries = entries
    self.clientKey = clientKey
  }
}
