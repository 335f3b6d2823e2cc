package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Puts a message into the outbox, to go out at once by the first channel that there is.
  ///
  /// - Throws: ``StorageError`` `constraint` when there is one of its name.
  package func queue(_ message: MessageRecord, at now: Date) throws(StorageError) {
    let event = try append(
      .messageQueued, to: .participant(message.person), content: EventContent.claim(of: message),
      at: now)
    try run(
      """
      INSERT INTO messages (uuid, person, occasion, kind, number, channel, due_at, expires_at,
        state, attempts, claimed_at, settled_at, next_at, failure, event)
      VALUES (?, ?, (SELECT id FROM occasions WHERE uuid = ?), ?, ?, ?, ?, ?, 'waiting', 0, NULL, ?,
        ?, NULL, ?)
      """,
      [
        message.uuid.text, message.person.text, message.occasion?.text, message.kind.rawValue,
        message.number, message.channel, message.due.utcMilliseconds,
        message.expires.utcMilliseconds, now.utcMilliseconds, message.due.utcMilliseconds, event,
      ])
  }

  /// Claims a message for sending: a new one, or one that waits for an attempt.
  ///
  /// The channel is that of the message handed in: what was queued for any has one from here on.
  ///
  /// - Returns: the message as it is now, or `nil` when it is not to be sent: it was claimed, sent or
  ///   given up before.
  package func claim(
    _ message: MessageRecord, at now: Date
  ) throws(StorageError) -> MessageRecord? {
    var claimed = message
    if let standing = try self.message(like: message) {
      guard standing.state == .waiting else { return nil }
      claimed = standing
      if standing.channel == MessageRecord.anyChannel { claimed.channel = message.channel }
    }
    claimed.attempts += 1
    (claimed.state, claimed.claimed, claimed.settled) = (.claimed, now, nil)
    (claimed.next, claimed.failure) = (nil, nil)
    let event = try append(
      .messageClaimed, to: .participant(claimed.person), content: EventContent.claim(of: claimed),
      at: now)
    try run(
      """
      INSERT INTO messages (uuid, person, occasion, kind, number, channel, due_at, expires_at,
        state, attempts, claimed_at, settled_at, next_at, failure, event)
      VALUES (?, ?, (SELECT id FROM occasions WHERE uuid = ?), ?, ?, ?, ?, ?, 'claimed', ?, ?, NULL,
        NULL, NULL, ?)
      ON CONFLICT (uuid) DO UPDATE SET state = 'claimed', channel = excluded.channel,
        attempts = excluded.attempts, claimed_at = excluded.claimed_at, settled_at = NULL,
        next_at = NULL, failure = NULL, event = excluded.event
      """,
      [
        claimed.uuid.text, claimed.person.text, claimed.occasion?.text, claimed.kind.rawValue,
        claimed.number, claimed.channel, claimed.due.utcMilliseconds,
        claimed.expires.utcMilliseconds, claimed.attempts, now.utcMilliseconds, event,
      ])
    return claimed
  }

  /// Says what became of a message.
  ///
  /// - Parameters:
  ///   - next: when it is tried again; exactly where it is waiting.
  ///   - failure: why it did not go out, in a few words without anything personal.
  package func settle(
    _ message: MessageRecord, as state: MessageState, next: Date? = nil, failure: String? = nil,
    at now: Date
  ) throws(StorageError) {
    let event = try append(
      .messageSettled, to: .participant(message.person),
      content: EventContent.settling(of: message.uuid, as: state, next: next, failure: failure),
      at: now)
    try run(
      """
      UPDATE messages SET state = ?, settled_at = ?, next_at = ?, failure = ?, event = ?
      WHERE uuid = ?
      """,
      [
        state.rawValue, now.utcMilliseconds, next?.utcMilliseconds, failure, event,
        message.uuid.text,
      ])
  }

  /// Notes that the clock was moved, in the study's chain.
  package func recordClockJump(from expected: Date, to found: Date) throws(StorageError) {
    try append(
      .clockJumped, to: .study, content: EventContent.clockJump(from: expected, to: found),
      at: found)
  }
}
