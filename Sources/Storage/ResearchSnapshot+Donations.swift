import Foundation
import GRDB
import LocalTime

extension ResearchSnapshot {
  /// The donations of a participant, or of everybody with all that is kept, in order.
  package func donations(of pseudonym: String) throws(StorageError) -> [DonationRecord] {
    guard !memory.newcomers.contains(pseudonym) else { return [] }
    return try list(
      """
      SELECT d.uuid, d.source, d.account, d.is_daily, d.zone, d.covered_from, d.covered_until,
        d.consent_version, d.consent_part, d.lists, d.donated_at
      FROM log_donations d JOIN participants p ON p.id = d.participant
      WHERE p.pseudonym = ? ORDER BY d.id
      """, [pseudonym]
    ) { row in
      let lists = CanonicalJSON.parse(Array((row["lists"] as String).utf8))?.values ?? []
      return DonationRecord(
        uuid: try row.uuid("uuid"), source: row["source"], account: row["account"],
        isDaily: row.truth("is_daily"), zone: row["zone"],
        coveredFrom: row.optionalDate("covered_from"), coveredUntil: row.date("covered_until"),
        consentVersion: row["consent_version"], consentPart: row["consent_part"],
        lists: lists.map { list in
          let parts = list.values.compactMap(\.string) + ["", "", ""]
          return ListReference(name: parts[0], version: parts[1], hash: parts[2])
        }, donated: row.date("donated_at"))
    }
  }

  /// All that is kept of a participant's logs, in the order of time.
  package func interactionRows(of pseudonym: String) throws(StorageError) -> InteractionRows {
    func rows<T>(
      _ table: InteractionTable, _ order: String, _ make: (Row) throws -> T
    ) throws(StorageError) -> [T] {
      try list(
        """
        SELECT d.uuid, i.* FROM participants p JOIN \(table.name) i ON i.participant = p.id
        JOIN log_donations d ON d.id = i.donation WHERE p.pseudonym = ? ORDER BY \(order)
        """, [pseudonym], make)
    }
    func numbers(_ row: Row, _ table: InteractionTable) -> [InteractionNumber: Double] {
      var numbers: [InteractionNumber: Double] = [:]
      for number in table.numbers { numbers[number] = row[number.rawValue] as Double? }
      return numbers
    }
    return InteractionRows(
      conversations: try rows(.conversations, "i.started_at IS NULL, i.started_at, i.token") {
        row in
        guard !row.truth("is_withheld") else {
          return ConversationRow(withheld: row["token"], donation: try row.uuid("uuid"))
        }
        return ConversationRow(
          donation: try row.uuid("uuid"), token: row["token"],
          started: row.optionalDate("started_at"), ended: row.optionalDate("ended_at"),
          day: row["day"], dayPart: row["day_part"], model: row["model"], language: row["language"],
          numbers: numbers(row, .conversations))
      },
      sessions: try rows(.sessions, "i.started_at, d.uuid") { row in
        InteractionSessionRow(
          donation: try row.uuid("uuid"), started: row.date("started_at"),
          ended: row.date("ended_at"), numbers: numbers(row, .sessions))
      },
      days: try rows(.days, "i.day, d.uuid") { row in
        guard !row.truth("is_withheld") else {
          return InteractionDayRow(withheld: row["day"], donation: try row.uuid("uuid"))
        }
        return InteractionDayRow(
          donation: try row.uuid("uuid"), day: row["day"], numbers: numbers(row, .days))
      })
  }

  /// Everybody who has donated, by pseudonym.
  package func donors() throws(StorageError) -> [String] {
    try list(
      """
      SELECT DISTINCT p.pseudonym FROM participants p
      JOIN log_donations d ON d.participant = p.id ORDER BY p.pseudonym
      """
    ) { $0["pseudonym"] }
  }
}
