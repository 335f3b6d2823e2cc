package import Foundation
import GRDB

extension ResearchSnapshot {
  private static let participantColumns = """
    SELECT uuid, pseudonym, site, language, status, is_test, wants_reminders, enrolled_at,
      ended_at, zone, publication
    FROM participants
    """

  private static func participant(_ row: Row) throws -> ParticipantRecord {
    ParticipantRecord(
      uuid: try row.uuid("uuid"), pseudonym: row["pseudonym"], site: row["site"],
      language: row["language"], status: try row.word("status"), isTest: row.truth("is_test"),
      wantsReminders: row.truth("wants_reminders"), enrolled: row.date("enrolled_at"),
      ended: row.optionalDate("ended_at"), zone: row["zone"], publication: row["publication"])
  }

  /// Everybody, test participants too, by pseudonym.
  package func participants() throws(StorageError) -> [ParticipantRecord] {
    try list("\(Self.participantColumns) ORDER BY pseudonym", [], Self.participant)
  }

  /// One participant, or `nil`.
  package func participant(_ pseudonym: String) throws(StorageError) -> ParticipantRecord? {
    if let known = memory.people[pseudonym] { return known }
    let found = try first(
      "\(Self.participantColumns) WHERE pseudonym = ?", [pseudonym],
      isUntouched: isUntouched(pseudonym), Self.participant)
    memory.people[pseudonym] = found
    return found
  }

  /// Whether somebody has a pseudonym, or is invited under it.
  package func isTaken(_ pseudonym: String) throws(StorageError) -> Bool {
    if memory.people[pseudonym] != nil { return true }
    let joined = try first(
      "SELECT 1 FROM participants WHERE pseudonym = ?", [pseudonym],
      isUntouched: isUntouched(pseudonym)
    ) { _ in true }
    let invited = try first("SELECT 1 FROM invitations WHERE pseudonym = ?", [pseudonym]) { _ in
      true
    }
    return joined ?? invited ?? false
  }

  /// One participant by UUID, or `nil`.
  package func participant(_ uuid: UUID) throws(StorageError) -> ParticipantRecord? {
    try first("\(Self.participantColumns) WHERE uuid = ?", [uuid.text], Self.participant)
  }

  /// How many have enrolled, or are about to, whatever became of them; test participants and enrolments
  /// that were undone aside.
  package func enrolmentCount() throws(StorageError) -> Int {
    try first("SELECT count(*) FROM participants WHERE is_test = 0 AND status <> 'undone'") {
      $0[0] as Int
    } ?? 0
  }

  /// The time zones of a participant, oldest first.
  package func zoneHistory(of pseudonym: String) throws(StorageError) -> [ZoneRecord] {
    if let known = memory.zones[pseudonym] { return known }
    let found = try list(
      """
      SELECT z.since, z.zone, z.data_version FROM zone_history z
      JOIN participants p ON p.id = z.participant WHERE p.pseudonym = ? ORDER BY z.since
      """, [pseudonym], isUntouched: isUntouched(pseudonym)
    ) { ZoneRecord(since: $0.date("since"), zone: $0["zone"], dataVersion: $0["data_version"]) }
    memory.zones[pseudonym] = found
    return found
  }

  /// The hours that a participant chose for prompts, oldest first.
  package func wakingHistory(of pseudonym: String) throws(StorageError) -> [WakingRecord] {
    guard !memory.newcomers.contains(pseudonym) else { return [] }
    return try list(
      """
      SELECT w.since, w.wakes, w.sleeps FROM waking_history w
      JOIN participants p ON p.id = w.participant WHERE p.pseudonym = ? ORDER BY w.since
      """, [pseudonym], isUntouched: isUntouched(pseudonym)
    ) { WakingRecord(since: $0.date("since"), wakes: $0["wakes"], sleeps: $0["sleeps"]) }
  }

  /// The pauses of a participant, in the order of deciding.
  package func pauses(of pseudonym: String) throws(StorageError) -> [PauseRecord] {
    guard !memory.newcomers.contains(pseudonym) else { return [] }
    return try list(
      """
      SELECT s.first_day, s.last_day, s.decided_at FROM pauses s
      JOIN participants p ON p.id = s.participant WHERE p.pseudonym = ? ORDER BY s.id
      """, [pseudonym], isUntouched: isUntouched(pseudonym)
    ) {
      PauseRecord(
        firstDay: $0["first_day"], lastDay: $0["last_day"], decided: $0.date("decided_at"))
    }
  }

  /// Every decision about consent that a participant made, oldest first.
  package func consents(of pseudonym: String) throws(StorageError) -> [ConsentRecord] {
    if let known = memory.consents[pseudonym] { return known }
    let found = try list(
      """
      SELECT c.version, c.part, c.is_agreed, c.text_hash, c.language, c.decided_at
      FROM consents c JOIN participants p ON p.id = c.participant
      WHERE p.pseudonym = ? ORDER BY c.id
      """, [pseudonym], isUntouched: isUntouched(pseudonym)
    ) { row in
      ConsentRecord(
        version: row["version"], part: row["part"], isAgreed: row.truth("is_agreed"),
        textHash: row["text_hash"], language: row["language"], decided: row.date("decided_at"))
    }
    memory.consents[pseudonym] = found
    return found
  }

  private static let allocationColumns = """
    SELECT p.pseudonym, a.arm, a.method, a.stratum, a.draw, a.drawn_at
    FROM allocations a JOIN participants p ON p.id = a.participant
    """

  private static func allocation(_ row: Row) -> AllocationRecord {
    AllocationRecord(
      pseudonym: row["pseudonym"], arm: row["arm"], method: row["method"],
      stratum: row["stratum"], draw: row["draw"], drawn: row.date("drawn_at"))
  }

  /// The arm of a participant, or `nil` before randomisation.
  package func allocation(of pseudonym: String) throws(StorageError) -> AllocationRecord? {
    try first("\(Self.allocationColumns) WHERE p.pseudonym = ?", [pseudonym], Self.allocation)
  }

  /// Every allocation in the order of drawing.
  package func allocations() throws(StorageError) -> [AllocationRecord] {
    try list("\(Self.allocationColumns) ORDER BY a.draw", [], Self.allocation)
  }

  /// How often each arm was given, by stratum and arm.
  package func allocationCounts() throws(StorageError) -> [String: [String: Int]] {
    var counts: [String: [String: Int]] = [:]
    _ = try list("SELECT stratum, arm, count(*) AS times FROM allocations GROUP BY stratum, arm") {
      counts[$0["stratum"], default: [:]][$0["arm"]] = $0["times"] as Int
    }
    return counts
  }

  /// The row of a participant, for use inside Storage only.
  func key(of pseudonym: String) throws(StorageError) -> (id: Int64, chain: EventChain) {
    if let known = memory.participants[pseudonym] { return known }
    let key = try one(
      "participant \(pseudonym)", "SELECT id, uuid FROM participants WHERE pseudonym = ?",
      [pseudonym], isUntouched: true
    ) { (id: $0["id"] as Int64, chain: EventChain.participant(try $0.uuid("uuid"))) }
    memory.participants[pseudonym] = key
    return key
  }
}
