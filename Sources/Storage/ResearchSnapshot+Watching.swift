package import Foundation
import GRDB

/// A session that was submitted, with what is needed to judge how it was answered.
package struct SubmittedSession: Hashable, Sendable {
  package var uuid: UUID
  package var pseudonym: String
  /// The occasion's id in the study file, and its repetition from 0.
  package var plan: String
  package var index: Int
  package var begun: Date
  package var submitted: Date
  /// Answered elsewhere and brought in: its times say nothing.
  package var isImported: Bool
  package var publication: Int
}

/// The mean of a score over all who submitted one occasion, whatever their arm.
package struct ScoreMean: Hashable, Sendable {
  package var instrument: String
  package var name: String
  /// The occasion's id in the study file, and its repetition from 0.
  package var plan: String
  package var index: Int
  /// How many have a value.
  package var people: Int
  package var mean: Double
}

/// A donation with whose it is.
package struct DonationRow: Hashable, Sendable {
  package var pseudonym: String
  package var source: String
  package var coveredFrom: Date?
  package var coveredUntil: Date
  package var donated: Date
  /// How many days and conversations it has brought, as they stand; those kept back are not counted.
  package var days: Int
  package var conversations: Int
}

/// What whoever watches over a study looks at, a page at a time. Sites are those of which rows are
/// wanted; nil for all.
extension ResearchSnapshot {
  private static func list(of sites: Set<String>?) -> String? {
    sites.map { CanonicalJSON.texts($0.sorted()).text }
  }

  /// Participants by pseudonym.
  ///
  /// - Parameter pseudonym: those after this one; nil from the first.
  package func participants(
    at sites: Set<String>?, after pseudonym: String? = nil, limit: Int
  ) throws(StorageError) -> [ParticipantRecord] {
    let found = try list(
      """
      SELECT pseudonym FROM participants
      WHERE (?1 IS NULL OR site IN (SELECT value FROM json_each(?1))) AND pseudonym > ?2
      ORDER BY pseudonym LIMIT ?3
      """, [Self.list(of: sites), pseudonym ?? "", limit]
    ) { $0["pseudonym"] as String }
    var records: [ParticipantRecord] = []
    for pseudonym in found {
      if let record = try participant(pseudonym) { records.append(record) }
    }
    return records
  }

  /// The latest submissions, test participants' too, newest first.
  package func submittedSessions(
    at sites: Set<String>?, limit: Int
  ) throws(StorageError) -> [SubmittedSession] {
    try list(
      """
      SELECT s.uuid, p.pseudonym, o.plan, o.number, s.begun_at, s.submitted_at, s.imported_at,
        s.publication
      FROM sessions s JOIN occasions o ON o.id = s.occasion JOIN participants p ON p.id = o.participant
      WHERE s.state = 'submitted' AND (?1 IS NULL OR p.site IN (SELECT value FROM json_each(?1)))
      ORDER BY s.submitted_at DESC, s.id DESC LIMIT ?2
      """, [Self.list(of: sites), limit]
    ) { row in
      SubmittedSession(
        uuid: try row.uuid("uuid"), pseudonym: row["pseudonym"], plan: row["plan"],
        index: row["number"], begun: row.date("begun_at"), submitted: row.date("submitted_at"),
        isImported: row.optionalDate("imported_at") != nil, publication: row["publication"])
    }
  }

  /// The mean of each score on each occasion, late submissions and test participants apart, by
  /// instrument and name in the order of first opening.
  package func scoreMeans(at sites: Set<String>?) throws(StorageError) -> [ScoreMean] {
    try list(
      """
      SELECT c.instrument, c.name, o.plan, o.number, count(c.value) AS people,
        avg(c.value) AS mean, min(o.opens_at) AS first
      FROM scores c JOIN sessions s ON s.id = c.session JOIN occasions o ON o.id = s.occasion
      JOIN participants p ON p.id = o.participant
      WHERE c.is_current = 1 AND c.value IS NOT NULL AND s.is_late = 0 AND p.is_test = 0
        AND (?1 IS NULL OR p.site IN (SELECT value FROM json_each(?1)))
      GROUP BY c.instrument, c.name, o.plan, o.number
      ORDER BY c.instrument, c.name, first, o.plan, o.number
      """, [Self.list(of: sites)]
    ) {
      ScoreMean(
        instrument: $0["instrument"], name: $0["name"], plan: $0["plan"], index: $0["number"],
        people: $0["people"], mean: $0["mean"])
    }
  }

  /// Donated logs, latest first.
  package func donations(at sites: Set<String>?) throws(StorageError) -> [DonationRow] {
    try list(
      """
      SELECT p.pseudonym, d.source, d.covered_from, d.covered_until, d.donated_at,
        (SELECT count(*) FROM interaction_days i WHERE i.donation = d.id AND i.is_withheld = 0) AS days,
        (SELECT count(*) FROM interaction_conversations i
          WHERE i.donation = d.id AND i.is_withheld = 0) AS conversations
      FROM log_donations d JOIN participants p ON p.id = d.participant
      WHERE (?1 IS NULL OR p.site IN (SELECT value FROM json_each(?1)))
      ORDER BY d.donated_at DESC, d.id DESC
      """, [Self.list(of: sites)]
    ) {
      DonationRow(
        pseudonym: $0["pseudonym"], source: $0["source"],
        coveredFrom: $0.optionalDate("covered_from"), coveredUntil: $0.date("covered_until"),
        donated: $0.date("donated_at"), days: $0["days"], conversations: $0["conversations"])
    }
  }

  /// The site of whoever a message is to.
  private static let siteOfMessage = """
    coalesce((SELECT site FROM participants WHERE uuid = m.person),
      (SELECT site FROM invitations WHERE uuid = m.person))
    """

  /// Messages with whom they are to, latest first.
  ///
  /// - Parameter message: those before this one; nil from the latest.
  package func messages(
    at sites: Set<String>?, before message: UUID? = nil, limit: Int
  ) throws(StorageError) -> [(pseudonym: String, record: MessageRecord)] {
    let found = try list(
      """
      SELECT m.uuid, coalesce((SELECT pseudonym FROM participants WHERE uuid = m.person),
        (SELECT pseudonym FROM invitations WHERE uuid = m.person)) AS pseudonym
      FROM messages m
      WHERE (?1 IS NULL OR \(Self.siteOfMessage) IN (SELECT value FROM json_each(?1)))
        AND (?2 IS NULL OR (m.due_at, m.uuid) < (SELECT due_at, uuid FROM messages WHERE uuid = ?2))
      ORDER BY m.due_at DESC, m.uuid DESC LIMIT ?3
      """, [Self.list(of: sites), message?.text, limit]
    ) { (pseudonym: $0["pseudonym"] as String?, uuid: try $0.uuid("uuid")) }
    var messages: [(pseudonym: String, record: MessageRecord)] = []
    for (pseudonym, uuid) in found {
      if let record = try self.message(uuid) { messages.append((pseudonym ?? "", record)) }
    }
    return messages
  }

  /// How many occasions there are, by plan in the order of first opening, then by state; those of test
  /// participants apart.
  package func occasionCounts(
    at sites: Set<String>? = nil
  ) throws(StorageError) -> [OccasionCount] {
    try list(
      """
      SELECT o.plan, o.state, count(*) AS occasions, min(min(o.opens_at)) OVER (PARTITION BY o.plan)
        AS first
      FROM occasions o JOIN participants p ON p.id = o.participant
      WHERE p.is_test = 0 AND (?1 IS NULL OR p.site IN (SELECT value FROM json_each(?1)))
      GROUP BY o.plan, o.state ORDER BY first, o.plan, o.state
      """, [Self.list(of: sites)]
    ) {
      OccasionCount(
        plan: $0["plan"], state: try $0.word("state"), occasions: $0["occasions"])
    }
  }

  /// How many messages are in each state.
  package func messageCounts(
    at sites: Set<String>? = nil
  ) throws(StorageError) -> [MessageState: Int] {
    Dictionary(
      try list(
        """
        SELECT m.state, count(*) AS messages FROM messages m
        WHERE (?1 IS NULL OR \(Self.siteOfMessage) IN (SELECT value FROM json_each(?1)))
        GROUP BY m.state
        """, [Self.list(of: sites)]
      ) { (try $0.word("state") as MessageState, $0["messages"] as Int) }, uniquingKeysWith: +)
  }
}
