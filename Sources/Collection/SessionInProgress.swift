package import Foundation
package import Instruments
package import Storage

/// A session with what is asked in it and what has been answered so far.
package struct SessionInProgress: Sendable {
  /// The session itself.
  package internal(set) var session: SessionRecord
  /// The occasion that it answers.
  package internal(set) var occasion: OccasionRecord
  /// What is asked, in order.
  package let instruments: [Instrument]
  /// The answers so far, by instrument and item.
  package internal(set) var answers: [String: [String: Answer]]
  /// What stands from before, by instrument: answers to items that are asked once, and what instruments
  /// use of answers to others, such as the participant's own goals.
  package let carried: [String: [String: Answer]]

  /// The items of an instrument that the answers so far show, in the order drawn for this session.
  package func shownItems(of instrument: Instrument) -> [Item] {
    instrument.shownItems(
      answers: answers[instrument.id] ?? [:], carried: carried[instrument.id] ?? [:],
      order: session.instruments.first { $0.id == instrument.id }?.itemOrder)
  }

  /// The items that the answers so far show, by instrument.
  var shownItems: [String: [Item]] {
    Dictionary(
      instruments.map { ($0.id, shownItems(of: $0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// What can still be answered, in order: where an unfinished session goes on.
  package var unanswered: [(instrument: String, item: String)] {
    instruments.flatMap { instrument in
      shownItems(of: instrument)
        .filter { $0.valueType != nil && answers[instrument.id]?[$0.id] == nil }
        .map { (instrument.id, $0.id) }
    }
  }
}

/// An occasion that can be answered now.
package struct DueOccasion: Hashable, Sendable {
  /// The occasion that it answers.
  package let occasion: OccasionRecord
  /// The session that was begun on it, if one was.
  package let session: UUID?

  /// Until when it can be submitted.
  package var until: Date { session == nil ? occasion.closes : occasion.graceEnds }
}
