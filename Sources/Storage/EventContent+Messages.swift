import Foundation
import LocalTime

extension EventContent {
  static func claim(of message: MessageRecord) -> CanonicalJSON {
    .object([
      "attempts": .integer(Int64(message.attempts)), "channel": .text(message.channel),
      "due_at": .integer(message.due.utcMilliseconds),
      "expires_at": .integer(message.expires.utcMilliseconds), "kind": .text(message.kind.rawValue),
      "number": .integer(Int64(message.number)), "occasion": .optional(message.occasion?.text),
      "person": .text(message.person.text), "uuid": .text(message.uuid.text),
    ])
  }

  static func settling(
    of message: UUID, as state: MessageState, next: Date?, failure: String?
  ) -> CanonicalJSON {
    .object([
      "failure": .optional(failure), "next_at": .optional(next?.utcMilliseconds),
      "state": .text(state.rawValue), "uuid": .text(message.text),
    ])
  }

  /// - Parameters:
  ///   - expected: what the clock should have shown, by the time that went by.
  static func clockJump(from expected: Date, to found: Date) -> CanonicalJSON {
    .object([
      "expected_at": .integer(expected.utcMilliseconds),
      "found_at": .integer(found.utcMilliseconds),
    ])
  }
}
