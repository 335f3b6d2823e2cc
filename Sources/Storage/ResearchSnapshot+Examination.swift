package import Foundation
import GRDB
import LocalTime

/// A moment at which the clock was moved, as far as the record shows.
package struct ClockJump: Hashable, Sendable {
  /// The chain that shows it.
  package var chain: String
  /// What the clock should have shown at least.
  package var expected: Date
  /// What it did show.
  package var found: Date
}

/// Questions about the whole of a study that have one right answer: none.
extension ResearchSnapshot {
  /// Messages of which there are two of one kind and number for one occasion and channel, or that
  /// were handed out again after they had been sent.
  package func messagesSentTwice() throws(StorageError) -> [UUID] {
    let twins = try list(
      """
      SELECT m.uuid FROM messages m
      WHERE EXISTS (SELECT 1 FROM messages n WHERE n.id < m.id AND n.person = m.person
        AND n.occasion IS m.occasion AND n.kind = m.kind AND n.number = m.number
        AND n.channel = m.channel)
      """
    ) { try $0.uuid("uuid") }
    let repeated = try list(
      """
      SELECT json_extract(CAST(c.content AS TEXT), '$.uuid') AS uuid
      FROM events e JOIN event_contents c ON c.event = e.id
      WHERE e.kind = ? AND json_extract(CAST(c.content AS TEXT), '$.state') = 'sent'
      GROUP BY 1 HAVING count(*) > 1
      """, [EventKind.messageSettled.rawValue]
    ) { try $0.uuid("uuid") }
    return Array(Set(twins + repeated)).sorted { $0.uuidString < $1.uuidString }
  }

  /// Occasions with a session that was begun outside its window, or submitted after its grace without
  /// being marked as late. What was answered elsewhere was in no window of ours.
  package func occasionsAnsweredOutside() throws(StorageError) -> [OccasionRecord] {
    let uuids = try list(
      """
      SELECT o.uuid FROM sessions s JOIN occasions o ON o.id = s.occasion
      WHERE s.imported_at IS NULL
        AND (s.begun_at < o.opens_at OR s.begun_at >= o.closes_at
          OR (s.submitted_at >= o.grace_ends_at AND s.is_late = 0))
      ORDER BY o.id
      """
    ) { try $0.uuid("uuid") }
    var records: [OccasionRecord] = []
    for uuid in uuids { if let record = try occasion(uuid) { records.append(record) } }
    return records
  }

  /// Where the clock was moved since a moment: what a scheduler noted, and events that are older than
  /// the one before in their chain by more than a tolerance.
  ///
  /// - Parameter tolerance: seconds; servers that correct their clocks, and events of one sitting that
  ///   are written together, differ by less.
  package func clockJumps(
    since moment: Date, tolerance: TimeInterval
  ) throws(StorageError) -> [ClockJump] {
    let noted = try list(
      """
      SELECT json_extract(CAST(c.content AS TEXT), '$.expected_at') AS expected, e.happened_at
      FROM events e JOIN event_contents c ON c.event = e.id
      WHERE e.chain = 'study' AND e.kind = ? AND e.happened_at >= ? ORDER BY e.number
      """, [EventKind.clockJumped.rawValue, moment.utcMilliseconds]
    ) {
      ClockJump(chain: "study", expected: $0.date("expected"), found: $0.date("happened_at"))
    }
    let shown = try list(
      """
      SELECT e.chain, f.happened_at AS before, e.happened_at FROM events e
      JOIN events f ON f.chain = e.chain AND f.number = e.number - 1
      WHERE f.happened_at - e.happened_at > ? AND f.happened_at >= ?
      ORDER BY e.chain, e.number
      """, [Int64(tolerance * 1000), moment.utcMilliseconds]
    ) {
      ClockJump(chain: $0["chain"], expected: $0.date("before"), found: $0.date("happened_at"))
    }
    return noted + shown
  }

  /// The moment of the latest event, or `nil` in an empty database.
  package func lastEventMoment() throws(StorageError) -> Date? {
    try first("SELECT max(happened_at) AS last FROM events") { $0.optionalDate("last") } ?? nil
  }
}
