package import Foundation
import GRDB
import LocalTime

/// What there are data of: what a later version of the study may not leave out.
package struct CollectedData: Hashable, Sendable {
  /// Occasions that somebody has begun to answer.
  package var plans: Set<String>
  /// Planned occasions that have opened for somebody, by the version that the person follows.
  package var opened: [Int: Set<String>]
  /// Instruments that somebody was asked.
  package var instruments: Set<String>
  /// Items that somebody answered, by instrument.
  package var items: [String: Set<String>]
  /// Sites that somebody belongs to, and languages that somebody reads.
  package var sites, languages: Set<String>
  /// Whether an arm has been drawn.
  package var hasAllocations: Bool
}

extension ResearchSnapshot {
  /// What there are data of, test participants included: their answers are read by the same rules.
  ///
  /// - Parameter now: what opened later has not opened.
  package func collectedData(now: Date) throws(StorageError) -> CollectedData {
    let opened = try list(
      """
      SELECT DISTINCT p.publication, o.plan
      FROM occasions o JOIN participants p ON p.id = o.participant
      WHERE o.is_event = 0 AND o.opens_at <= ?
        AND (p.status = 'enrolled' OR p.status = 'pending')
      """, [now.utcMilliseconds]
    ) { (publication: $0["publication"] as Int, plan: $0["plan"] as String) }
    let answered = try list(
      """
      SELECT DISTINCT instrument, item FROM responses
      WHERE number IS NOT NULL OR text IS NOT NULL
      """
    ) { (instrument: $0["instrument"] as String, item: $0["item"] as String) }
    return CollectedData(
      plans: try words(
        "SELECT DISTINCT o.plan FROM sessions s JOIN occasions o ON o.id = s.occasion"),
      opened: Dictionary(grouping: opened, by: \.publication).mapValues { Set($0.map(\.plan)) },
      instruments: try words("SELECT DISTINCT instrument FROM session_instruments"),
      items: Dictionary(grouping: answered, by: \.instrument).mapValues { Set($0.map(\.item)) },
      sites: try words("SELECT DISTINCT site FROM participants"),
      languages: try words("SELECT DISTINCT language FROM participants"),
      hasAllocations: try first("SELECT 1 FROM allocations LIMIT 1") { _ in true } ?? false)
  }

  private func words(_ sql: String) throws(StorageError) -> Set<String> {
    Set(try list(sql) { $0[0] as String })
  }
}
