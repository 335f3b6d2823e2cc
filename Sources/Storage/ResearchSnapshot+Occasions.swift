package import Foundation
import GRDB
import LocalTime

extension ResearchSnapshot {
  private static let occasionColumns = """
    SELECT o.uuid, p.pseudonym, o.plan, o.number, o.opens_at, o.opens_local, o.offset_seconds,
      o.zone, o.zone_data_version, o.closes_at, o.grace_ends_at, o.instruments, o.is_event,
      o.publication, o.state, o.state_since, o.id, p.uuid AS person
    FROM occasions o JOIN participants p ON p.id = o.participant
    """

  static func occasion(_ row: Row) throws -> OccasionRecord {
    OccasionRecord(
      uuid: try row.uuid("uuid"), pseudonym: row["pseudonym"], plan: row["plan"],
      index: row["number"], opens: row.date("opens_at"), opensLocal: row["opens_local"],
      offsetSeconds: row["offset_seconds"], zone: row["zone"],
      zoneDataVersion: row["zone_data_version"], closes: row.date("closes_at"),
      graceEnds: row.date("grace_ends_at"), instruments: try row.texts("instruments"),
      isEvent: row.truth("is_event"), publication: row["publication"],
      state: try row.word("state"), stateSince: row.date("state_since"))
  }

  /// The occasions of a participant in the order of opening.
  package func occasions(of pseudonym: String) throws(StorageError) -> [OccasionRecord] {
    try list(
      "\(Self.occasionColumns) WHERE p.pseudonym = ? ORDER BY o.opens_at, o.plan, o.number",
      [pseudonym], Self.occasion)
  }

  /// Reads at once all occasions that nobody has begun and that open before a moment: whoever will ask
  /// for most of them one by one need not wait for each.
  package func readAhead(occasionsOpeningBefore end: Date) throws(StorageError) {
    _ = try list(
      """
      \(Self.occasionColumns)
      WHERE o.state IN ('planned', 'open') AND o.state = 'planned' AND o.opens_at < ?
      """, [end.utcMilliseconds]
    ) { row in
      let occasion = try Self.occasion(row)
      memory.occasions[occasion.uuid] = (row["id"], .participant(try row.uuid("person")))
      memory.planned[occasion.uuid] = occasion
    }
  }

  /// One occasion, or `nil`.
  package func occasion(_ uuid: UUID) throws(StorageError) -> OccasionRecord? {
    if let known = memory.planned[uuid] { return known }
    let found = try first("\(Self.occasionColumns) WHERE o.uuid = ?", [uuid.text]) { row in
      (record: try Self.occasion(row), id: row["id"] as Int64, person: try row.uuid("person"))
    }
    guard let found else { return nil }
    memory.occasions[uuid] = (found.id, .participant(found.person))
    return found.record
  }

  /// One occasion by its identity, or `nil`.
  package func occasion(
    of pseudonym: String, plan: String, index: Int
  ) throws(StorageError) -> OccasionRecord? {
    try first(
      "\(Self.occasionColumns) WHERE p.pseudonym = ? AND o.plan = ? AND o.number = ?",
      [pseudonym, plan, index], Self.occasion)
  }

  /// How many occasions of a plan a participant has, opened within a stretch of time.
  package func occasionCount(
    of pseudonym: String, plan: String, opening: Range<Date>
  ) throws(StorageError) -> Int {
    let bounds = opening.lowerBound.utcMilliseconds..<opening.upperBound.utcMilliseconds
    return try openings(of: plan, by: pseudonym).values.count { bounds.contains($0) }
  }

  /// When the occasions of a plan opened, by their numbers.
  private func openings(
    of plan: String, by pseudonym: String
  ) throws(StorageError) -> [Int: Int64] {
    let key = TransactionMemory.PlanOfPerson(pseudonym: pseudonym, plan: plan)
    if let known = memory.openings[key] { return known }
    let found = try list(
      """
      SELECT o.number, o.opens_at FROM occasions o JOIN participants p ON p.id = o.participant
      WHERE p.pseudonym = ? AND o.plan = ?
      """, [pseudonym, plan], isUntouched: isUntouched(pseudonym)
    ) { ($0[0] as Int, $0[1] as Int64) }
    let openings = Dictionary(uniqueKeysWithValues: found)
    memory.openings[key] = openings
    return openings
  }

  /// Occasions whose window has begun and that nobody has begun to answer, of the given plans.
  ///
  /// - Parameter pseudonym: one participant, or `nil` for everybody.
  package func unansweredOccasions(
    at now: Date, plans: Set<String>, of pseudonym: String? = nil
  ) throws(StorageError) -> [OccasionRecord] {
    guard !plans.isEmpty else { return [] }
    return try list(
      """
      \(Self.occasionColumns)
      WHERE o.state IN ('planned', 'open') AND o.state = 'planned' AND o.opens_at <= ?
        \(Self.only(pseudonym))
      ORDER BY o.opens_at, p.pseudonym, o.plan, o.number
      """, [now.utcMilliseconds] + Self.arguments(pseudonym), Self.occasion
    ).filter { plans.contains($0.plan) }
  }

  /// What enrolled participants can answer now: in its window, or begun in it and within grace.
  ///
  /// - Parameter pseudonym: one participant, or `nil` for everybody.
  /// - Returns: occasions in the order of closing, then by pseudonym and plan.
  package func answerableOccasions(
    at now: Date, of pseudonym: String? = nil
  ) throws(StorageError) -> [OccasionRecord] {
    let moment = now.utcMilliseconds
    return try list(
      """
      \(Self.occasionColumns)
      WHERE o.state IN ('planned', 'open') AND p.status = 'enrolled' AND o.opens_at <= ?
        AND (o.closes_at > ? OR (o.state = 'open' AND o.grace_ends_at > ?))
        \(Self.only(pseudonym))
      ORDER BY o.closes_at, p.pseudonym, o.plan, o.number
      """, [moment, moment, moment] + Self.arguments(pseudonym),
      Self.occasion)
  }

  /// Occasions that ended without a submission and still say planned or open: planned ones when
  /// the window has passed, begun ones when the grace has.
  ///
  /// - Parameter pseudonym: one participant, or `nil` for everybody.
  /// - Returns: occasions in the order of closing, then by pseudonym and plan.
  package func overdueOccasions(
    at now: Date, of pseudonym: String? = nil
  ) throws(StorageError) -> [OccasionRecord] {
    let moment = now.utcMilliseconds
    return try list(
      """
      \(Self.occasionColumns)
      WHERE o.state IN ('planned', 'open') AND o.opens_at < ?
        AND (CASE WHEN o.state = 'open' THEN o.grace_ends_at ELSE o.closes_at END) <= ?
        \(Self.only(pseudonym))
      ORDER BY o.closes_at, p.pseudonym, o.plan, o.number
      """, [moment, moment] + Self.arguments(pseudonym), Self.occasion)
  }

  /// A further condition that keeps the rows of one participant. By the row of the participant, so that
  /// SQLite looks up theirs alone.
  private static func only(_ pseudonym: String?) -> String {
    pseudonym == nil
      ? "" : "AND o.participant = (SELECT id FROM participants WHERE pseudonym = ?)"
  }

  private static func arguments(_ pseudonym: String?) -> Values { pseudonym.map { [$0] } ?? [] }
}
