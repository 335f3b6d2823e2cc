package import Foundation
import GRDB
import LocalTime

/// An analysis plan that was locked: what it said, and how much had been seen by then.
///
/// It is an event of the study's chain and nothing else, so that nobody can lock a plan afterwards for an earlier day.
package struct PlanLock: Hashable, Sendable {
  /// The plan's id.
  package var plan: String
  /// SHA-256 of the plan's file, in hexadecimal.
  package var hash: String
  /// The plan's file.
  package var source: String
  package var locked: Date
  /// What the database held: people enrolled, sessions submitted, exports made. Test participants do not count.
  package var participants, submissions, exports: Int

  package init(
    plan: String, hash: String, source: String, locked: Date, participants: Int,
    submissions: Int, exports: Int
  ) {
    self.plan = plan
    self.hash = hash
    self.source = source
    self.locked = locked
    self.participants = participants
    self.submissions = submissions
    self.exports = exports
  }
}

extension ResearchTransaction {
  /// Locks a plan as it is.
  ///
  /// - Parameters:
  ///   - plan: its id.
  ///   - source: its file, whose hash is given beside it.
  package func lock(
    _ plan: String, hash: String, source: String, at now: Date
  ) throws(StorageError) -> PlanLock {
    let counts = try one(
      "participants",
      """
      SELECT (SELECT count(*) FROM participants WHERE is_test = 0
          AND status NOT IN ('pending', 'undone')) AS people,
        (SELECT count(*) FROM sessions s JOIN occasions o ON o.id = s.occasion
          JOIN participants p ON p.id = o.participant
          WHERE s.submitted_at IS NOT NULL AND p.is_test = 0) AS submissions,
        (SELECT count(*) FROM events WHERE chain = 'study' AND kind = ?) AS exports
      """, [EventKind.dataExported.rawValue]
    ) { ($0["people"] as Int, $0["submissions"] as Int, $0["exports"] as Int) }
    let lock = PlanLock(
      plan: plan, hash: hash, source: source, locked: now, participants: counts.0,
      submissions: counts.1, exports: counts.2)
    try append(
      .planLocked, to: .study,
      content: .object([
        "plan": .text(plan), "hash": .text(hash), "source": .text(source),
        "participants": .integer(Int64(lock.participants)),
        "submissions": .integer(Int64(lock.submissions)),
        "exports": .integer(Int64(lock.exports)),
      ]), at: now)
    return lock
  }
}

extension ResearchSnapshot {
  /// The locks of all plans, oldest first.
  package func planLocks() throws(StorageError) -> [PlanLock] {
    try list(
      """
      SELECT e.happened_at, c.content FROM events e JOIN event_contents c ON c.event = e.id
      WHERE e.chain = 'study' AND e.kind = ? ORDER BY e.number
      """, [EventKind.planLocked.rawValue]
    ) { row in
      let fields = CanonicalJSON.parse(Array(row["content"] as Data))?.fields ?? [:]
      func count(_ name: String) -> Int {
        guard case .integer(let value) = fields[name] else { return 0 }
        return Int(value)
      }
      return PlanLock(
        plan: fields["plan"]?.string ?? "", hash: fields["hash"]?.string ?? "",
        source: fields["source"]?.string ?? "", locked: row.date("happened_at"),
        participants: count("participants"), submissions: count("submissions"),
        exports: count("exports"))
    }
  }
}
