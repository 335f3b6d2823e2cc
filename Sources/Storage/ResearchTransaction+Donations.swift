import GRDB
import LocalTime

extension ResearchTransaction {
  /// Records a donation, and all that is kept of the participant's logs since: what was there before is
  /// replaced as a whole, so that nothing is in it twice.
  ///
  /// - Parameter rows: merged by the caller; each names this donation or an earlier one.
  /// - Throws: ``StorageError`` `constraint` for a row that the schema refuses, two of one name say.
  package func record(
    _ donation: DonationRecord, keeping rows: InteractionRows, of pseudonym: String
  ) throws(StorageError) {
    let (id, chain) = try key(of: pseudonym)
    memory.newcomers.remove(pseudonym)
    let event = try append(
      .logsDonated, to: chain, content: EventContent.donation(donation, keeping: rows),
      at: donation.donated)
    for table in ["conversations", "sessions", "days"] {
      try run("DELETE FROM interaction_\(table) WHERE participant = ?", [id])
    }
    try run(
      """
      INSERT INTO log_donations (uuid, participant, source, account, is_daily, zone, covered_from,
        covered_until, consent_version, consent_part, lists, donated_at, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        donation.uuid.text, id, donation.source, donation.account, donation.isDaily ? 1 : 0,
        donation.zone, donation.coveredFrom?.utcMilliseconds,
        donation.coveredUntil.utcMilliseconds, donation.consentVersion, donation.consentPart,
        donation.listsText, donation.donated.utcMilliseconds, event,
      ])
    let donations = Dictionary(
      try list("SELECT uuid, id FROM log_donations WHERE participant = ?", [id]) {
        ($0["uuid"] as String, $0["id"] as Int64)
      }, uniquingKeysWith: { $1 })
    for table in InteractionTable.allCases {
      let columns = ["participant", "event"] + table.columns
      let sql = """
        INSERT INTO \(table.name) (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        """
      for fields in table.rows(of: rows) {
        var values: Values = [id, event]
        for (column, field) in zip(table.columns, fields) {
          values.append(column == "donation" ? donations[field.string] : field.databaseValue)
        }
        try run(sql, values)
      }
    }
  }

  /// Removes all donations that rest on a part of the consent, with everything that is kept of logs.
  ///
  /// - Returns: how many rows of each table were removed.
  func deleteDonations(
    of participant: Int64, on part: String
  ) throws(StorageError) -> [String: Int] {
    let donations = try first(
      "SELECT count(*) FROM log_donations WHERE participant = ? AND consent_part = ?",
      [participant, part]
    ) { $0[0] as Int }
    guard let donations, donations > 0 else { return [:] }
    var counts: [String: Int] = [:]
    for table in InteractionTable.allCases.map(\.name) + ["log_donations"] {
      counts[table] = try change("DELETE FROM \(table) WHERE participant = ?", [participant])
    }
    return counts.filter { $0.value > 0 }
  }
}

/// The three tables of rows, each with its columns but those of owner and event.
enum InteractionTable: String, CaseIterable {
  case conversations, sessions, days

  var name: String { "interaction_\(rawValue)" }

  var numbers: [InteractionNumber] {
    switch self {
    case .conversations: InteractionNumber.ofConversation
    case .sessions: InteractionNumber.ofSession
    case .days: InteractionNumber.ofDay
    }
  }

  var columns: [String] {
    let first =
      switch self {
      case .conversations:
        [
          "donation", "token", "is_withheld", "started_at", "ended_at", "day", "day_part", "model",
          "language",
        ]
      case .sessions: ["donation", "started_at", "ended_at"]
      case .days: ["donation", "day", "is_withheld"]
      }
    return first + numbers.map(\.rawValue)
  }

  /// The rows as the chain has them, in the order of ``columns``.
  func rows(of rows: InteractionRows) -> [[CanonicalJSON]] {
    func numbers(_ values: [InteractionNumber: Double]) -> [CanonicalJSON] {
      self.numbers.map { .optional(values[$0]) }
    }
    return switch self {
    case .conversations:
      rows.conversations.map { row in
        [
          .text(row.donation.text), .text(row.token), .truth(row.isWithheld),
          .optional(row.started?.utcMilliseconds), .optional(row.ended?.utcMilliseconds),
          .optional(row.day), .optional(row.dayPart), .optional(row.model), .optional(row.language),
        ] + numbers(row.numbers)
      }
    case .sessions:
      rows.sessions.map { row in
        [
          .text(row.donation.text), .integer(row.started.utcMilliseconds),
          .integer(row.ended.utcMilliseconds),
        ] + numbers(row.numbers)
      }
    case .days:
      rows.days.map { row in
        [.text(row.donation.text), .text(row.day), .truth(row.isWithheld)] + numbers(row.numbers)
      }
    }
  }
}

extension DonationRecord {
  /// Its lists as the database has them.
  var listsText: String {
    CanonicalJSON.list(lists.map { .texts([$0.name, $0.version, $0.hash]) }).text
  }
}
