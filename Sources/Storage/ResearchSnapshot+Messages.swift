package import Foundation
import GRDB
import LocalTime

extension ResearchSnapshot {
  private static let messageColumns = """
    SELECT m.uuid, m.person, o.uuid AS occasion, m.kind, m.number, m.channel, m.due_at,
      m.expires_at, m.state, m.attempts, m.claimed_at, m.settled_at, m.next_at, m.failure
    FROM messages m LEFT JOIN occasions o ON o.id = m.occasion
    """

  private static func message(_ row: Row) throws -> MessageRecord {
    MessageRecord(
      uuid: try row.uuid("uuid"), person: try row.uuid("person"),
      occasion: (row["occasion"] as String?) == nil ? nil : try row.uuid("occasion"),
      kind: try row.word("kind"), number: row["number"], channel: row["channel"],
      due: row.date("due_at"), expires: row.date("expires_at"), state: try row.word("state"),
      attempts: row["attempts"], claimed: row.optionalDate("claimed_at"),
      settled: row.optionalDate("settled_at"), next: row.optionalDate("next_at"),
      failure: row["failure"])
  }

  /// One message, or `nil`.
  package func message(_ uuid: UUID) throws(StorageError) -> MessageRecord? {
    try first("\(Self.messageColumns) WHERE m.uuid = ?", [uuid.text], Self.message)
  }

  /// The message with the same person, occasion, kind, number and channel, or `nil`.
  func message(like other: MessageRecord) throws(StorageError) -> MessageRecord? {
    // What was queued is known by its name: only its claim says by which channel it goes.
    if let queued = try message(other.uuid) { return queued }
    return try first(
      """
      \(Self.messageColumns)
      WHERE m.occasion = (SELECT id FROM occasions WHERE uuid = ?) AND m.kind = ? AND m.number = ?
        AND m.channel = ?
      """, [other.occasion?.text, other.kind.rawValue, other.number, other.channel], Self.message)
  }

  /// The message of a kind about an occasion, whatever its channel and state, or `nil`.
  package func message(
    _ kind: MessageRecord.Kind, about occasion: UUID
  ) throws(StorageError) -> MessageRecord? {
    try first(
      """
      \(Self.messageColumns) WHERE m.kind = ? AND o.uuid = ? ORDER BY m.id LIMIT 1
      """, [kind.rawValue, occasion.text], Self.message)
  }

  /// All messages, or those in some states, oldest first.
  package func messages(
    in states: Set<MessageState> = Set(MessageState.allCases)
  ) throws(StorageError) -> [MessageRecord] {
    try list("\(Self.messageColumns) ORDER BY m.due_at, m.id", [], Self.message)
      .filter { states.contains($0.state) }
  }

  /// The messages that were claimed and not settled, or wait for another attempt.
  package func unsettledMessages() throws(StorageError) -> [MessageRecord] {
    try list(
      "\(Self.messageColumns) WHERE m.state IN ('claimed', 'waiting') ORDER BY m.next_at, m.id",
      [], Self.message)
  }

  private static let announced = """
    SELECT o.uuid, p.uuid AS person, p.pseudonym, o.plan, o.opens_at, o.closes_at,
      o.grace_ends_at, o.zone, o.state, o.state_since, o.is_event, p.zone AS home, o.publication,
      p.publication AS following,
      (SELECT group_concat(m.kind || ' ' || m.number || ' ' || m.channel, char(10))
        FROM messages m WHERE m.occasion = o.id) AS known
    FROM occasions o CROSS JOIN participants p ON p.id = o.participant
    """

  private static func occasionToAnnounce(_ row: Row) throws -> OccasionToAnnounce {
    let known = (row["known"] as String?)?.split(separator: "\n") ?? []
    return OccasionToAnnounce(
      occasion: try row.uuid("uuid"), person: try row.uuid("person"), pseudonym: row["pseudonym"],
      plan: row["plan"], opens: row.date("opens_at"), closes: row.date("closes_at"),
      graceEnds: row.date("grace_ends_at"), zone: row["zone"], state: try row.word("state"),
      stateSince: row.date("state_since"), isEvent: row.truth("is_event"), homeZone: row["home"],
      publication: row["publication"], following: row["following"],
      known: Set(
        try known.map { line in
          let words = line.split(separator: " ", maxSplits: 2).map(String.init)
          guard words.count == 3, let kind = MessageRecord.Kind(rawValue: words[0]),
            let number = Int(words[1])
          else { throw StorageError(.damaged, "messages") }
          return OccasionToAnnounce.Key(kind: kind, number: number, channel: words[2])
        }))
  }

  /// The occasions in their windows that are not submitted, of enrolled participants who want
  /// messages, in the order of opening.
  package func occasionsToAnnounce(at now: Date) throws(StorageError) -> [OccasionToAnnounce] {
    let moment = now.utcMilliseconds
    return try list(
      """
      \(Self.announced)
      WHERE o.state IN ('planned', 'open') AND o.opens_at <= ? AND o.closes_at > ?
        AND p.status = 'enrolled' AND p.wants_reminders = 1
      ORDER BY o.opens_at, o.id
      """, [moment, moment], Self.occasionToAnnounce)
  }

  /// The occasions that were submitted here since a moment, of enrolled participants who want messages,
  /// in the order of submission.
  package func occasionsToThankFor(
    since: Date, until now: Date
  ) throws(StorageError) -> [OccasionToAnnounce] {
    try list(
      """
      \(Self.announced)
      WHERE o.state = 'submitted' AND o.state_since > ? AND o.state_since <= ?
        AND NOT EXISTS (
          SELECT 1 FROM sessions i WHERE i.occasion = o.id AND i.imported_at IS NOT NULL)
        AND p.status = 'enrolled' AND p.wants_reminders = 1
      ORDER BY o.state_since, o.id
      """, [since.utcMilliseconds, now.utcMilliseconds], Self.occasionToAnnounce)
  }

  /// The occasions that opened in a stretch of time and were neither skipped nor cancelled, of
  /// enrolled participants who want messages, and about which none has been written, in the order of
  /// opening.
  package func occasionsUnannounced(
    openedFrom first: Date, through last: Date
  ) throws(StorageError) -> [OccasionToAnnounce] {
    try list(
      """
      \(Self.announced)
      WHERE o.opens_at >= ? AND o.opens_at <= ? AND o.is_event = 0
        AND o.state NOT IN ('skipped', 'cancelled')
        AND p.status = 'enrolled' AND p.wants_reminders = 1
        AND NOT EXISTS (
          SELECT 1 FROM messages m WHERE m.occasion = o.id AND m.kind IN ('opening', 'reminder'))
      ORDER BY o.opens_at, o.id
      """, [first.utcMilliseconds, last.utcMilliseconds], Self.occasionToAnnounce)
  }

  /// One occasion as ``occasionsToAnnounce(at:)`` and ``occasionsToThankFor(since:until:)`` list it,
  /// whatever its window, or `nil` where its participant is to get nothing.
  package func occasionToAnnounce(_ uuid: UUID) throws(StorageError) -> OccasionToAnnounce? {
    try first(
      """
      \(Self.announced)
      WHERE o.uuid = ? AND p.status = 'enrolled' AND p.wants_reminders = 1
      """, [uuid.text], Self.occasionToAnnounce)
  }

  /// The next moment after `now` at which an occasion opens, or one that has opened closes.
  package func nextOccasionMoment(after now: Date) throws(StorageError) -> Date? {
    let moment = now.utcMilliseconds
    let opening =
      try first(
        """
        SELECT min(opens_at) FROM occasions WHERE state IN ('planned', 'open') AND opens_at > ?
        """, [moment]
      ) { $0[0] as Int64? } ?? nil
    let closing =
      try first(
        """
        SELECT min(CASE WHEN state = 'open' THEN grace_ends_at ELSE closes_at END) FROM occasions
        WHERE state IN ('planned', 'open') AND opens_at <= ?
          AND (CASE WHEN state = 'open' THEN grace_ends_at ELSE closes_at END) > ?
        """, [moment, moment]
      ) { $0[0] as Int64? } ?? nil
    return [opening, closing].compactMap(\.self).min().map(Date.init(utcMilliseconds:))
  }
}
