package import Foundation
package import Instruments
package import Storage

/// A session with what is asked in it and what has been answered so far.
package struct SessionInProgress: Sendable {
  /// The session itself.
  package let session: SessionRecord
  /// The occasion that it answers.
  package let occasion: OccasionRecord
  /// What is asked, in order.
  package let instruments: [Instrument]
  /// The answers so far, by instrument and item.
  package let answers: [String: [String: Answer]]

  /// The items of an instrument that the answers so far show, in order.
  package func shownItems(of instrument: Instrument) -> [Item] {
    instrument.shownItems(answers: answers[instrument.id] ?? [:])
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
