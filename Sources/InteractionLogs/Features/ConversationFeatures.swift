package import Foundation
package import LocalTime

/// What is kept of one conversation: numbers and times, no text.
///
/// What the source cannot give is nil; which that is, ``LogSource/capabilities`` says.
package struct ConversationFeatures: Hashable, Sendable {
  /// The source's id of the conversation, or where it has none 16 bytes derived from the times and
  /// lengths of its first messages. It is for the HMAC that names a donated row, and is not kept.
  package var key: [UInt8]
  /// The first and last message with a time; the conversation's own time where no message has one.
  package var start: Date?
  package var end: Date?
  /// The study day and the part of the day in which it began.
  package var day: LocalDate?
  package var dayPart: DayPart?
  /// Sums over the messages of the visible path.
  package var totals: MessageTotals
  /// Questions with their answers.
  package var turns: Int
  /// Visible places of the path, where an answer in several pieces counts each.
  package var depth: Int
  /// Answers asked for again and questions written anew, on the whole tree.
  package var regenerations: Int?
  package var edits: Int?
  /// Answers that the person stopped, on the whole tree.
  package var interruptions: Int?
  /// Messages of the path without a time.
  package var missingTimes: Int?
  /// The family of the model of most answers.
  package var model: ModelFamily?
  /// Whether it was gone on with on a later study day, after a pause that ends a session.
  package var returned: Bool?
  /// What the text measured; nil where texts were not read or are not there.
  package var measures: TextMeasures?
}
