/// What can be added up over messages: of a conversation, a day, a window.
package struct MessageTotals: Hashable, Sendable, Codable {
  /// Messages of the person.
  package var userMessages = 0
  /// Answers, each of which may have come in several pieces.
  package var assistantMessages = 0
  package var user = TextLengths()
  package var assistant = TextLengths()
  /// Seconds from a question to the first sight of its first answer.
  package var replyLatency = Mean()
  /// Seconds from an answer to the next question, within a session.
  package var thinkTime = Mean()
  /// Messages of the person that were spoken, came with an image, came with a file.
  package var voice = 0
  package var images = 0
  package var files = 0
  /// Answers that searched, and answers of a custom assistant.
  package var searches = 0
  package var custom = 0

  package init() {}

  package static func += (one: inout MessageTotals, other: MessageTotals) {
    one.userMessages += other.userMessages
    one.assistantMessages += other.assistantMessages
    one.user += other.user
    one.assistant += other.assistant
    one.replyLatency += other.replyLatency
    one.thinkTime += other.thinkTime
    one.voice += other.voice
    one.images += other.images
    one.files += other.files
    one.searches += other.searches
    one.custom += other.custom
  }
}
