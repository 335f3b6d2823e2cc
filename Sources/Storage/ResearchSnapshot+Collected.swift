import GRDB

/// What there are data of: what a later version of the study may not leave out.
package struct CollectedData: Hashable, Sendable {
  /// Occasions that somebody has begun to answer.
  package var plans: Set<String>
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
  package func collectedData() throws(StorageError) -> CollectedData {
    let answered = try list(
      """
      SELECT DISTINCT instrument, item FROM responses
      WHERE number IS NOT NULL OR text IS NOT NULL
      """
    ) { (instrument: $0["instrument"] as String, item: $0["item"] as String) }
    return CollectedData(
      plans: try words(
        "SELECT DISTINCT o.plan FROM sessions s JOIN occasions o ON o.id = s.occasion"),
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
