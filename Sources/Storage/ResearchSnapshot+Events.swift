package import Foundation
import GRDB
import LocalTime

/// The end of a participant's chain as the study's chain recorded it.
struct RecordedHead {
  var number: Int64
  var hash: String
  /// The number of the study's event that says so.
  var source: Int64
}

extension ResearchSnapshot {
  /// The links of one chain, in order.
  package func events(of chain: EventChain) throws(StorageError) -> [EventRecord] {
    try list(
      "SELECT number, kind, happened_at, hash FROM events WHERE chain = ? ORDER BY number",
      [chain.description]
    ) { row in
      EventRecord(
        chain: chain.description, number: row["number"], kind: try row.word("kind"),
        happened: row.date("happened_at"), hash: row["hash"])
    }
  }

  /// The last link of a chain, or `nil` before the first.
  package func head(of chain: EventChain) throws(StorageError) -> EventRecord? {
    try first(
      """
      SELECT number, kind, happened_at, hash FROM events WHERE chain = ?
      ORDER BY number DESC LIMIT 1
      """, [chain.description]
    ) { row in
      EventRecord(
        chain: chain.description, number: row["number"], kind: try row.word("kind"),
        happened: row.date("happened_at"), hash: row["hash"])
    }
  }

  /// How often something of the study was recorded since a moment, and when that was last.
  package func occurrences(
    of kind: EventKind, since moment: Date
  ) throws(StorageError) -> (count: Int, last: Date?) {
    try one(
      "events",
      """
      SELECT count(*) AS times, max(happened_at) AS last FROM events
      WHERE chain = 'study' AND kind = ? AND happened_at >= ?
      """, [kind.rawValue, moment.utcMilliseconds]
    ) { ($0["times"], $0.optionalDate("last")) }
  }

  func studyChainHolds(_ hash: String) throws(StorageError) -> Bool {
    try first("SELECT 1 FROM events WHERE chain = 'study' AND hash = ?", [hash]) { _ in true }
      ?? false
  }

  /// When the ends of the chains were last recorded in the study's chain.
  package func lastChainHeads() throws(StorageError) -> Date? {
    try first(
      """
      SELECT happened_at FROM events WHERE chain = 'study' AND kind = ?
      ORDER BY number DESC LIMIT 1
      """, [EventKind.headsRecorded.rawValue]
    ) { $0.date("happened_at") }
  }

  /// The row of the event that recorded the ends of the chains last, or `nil` before the first.
  func lastHeadsEvent() throws(StorageError) -> Int64? {
    try first(
      """
      SELECT id FROM events WHERE chain = 'study' AND kind = ? ORDER BY number DESC LIMIT 1
      """, [EventKind.headsRecorded.rawValue]
    ) { $0["id"] as Int64 }
  }

  /// The last recorded end of each participant's chain.
  func recordedHeads() throws(StorageError) -> [String: RecordedHead] {
    let records = try list(
      """
      SELECT e.number, c.content FROM events e JOIN event_contents c ON c.event = e.id
      WHERE e.chain = 'study' AND e.kind = ? ORDER BY e.number
      """, [EventKind.headsRecorded.rawValue]
    ) { ($0["number"] as Int64, $0["content"] as Data) }
    var heads: [String: RecordedHead] = [:]
    for (number, content) in records {
      // A content that cannot be read is reported by verification as altered.
      guard let parsed = try? JSONDecoder().decode(HeadsContent.self, from: content) else {
        continue
      }
      for head in parsed.heads {
        heads[head.chain] = RecordedHead(number: head.number, hash: head.hash, source: number)
      }
    }
    return heads
  }
}

/// The content of a `heads.recorded` event.
private struct HeadsContent: Decodable {
  struct Head: Decodable {
    var chain: String
    var number: Int64
    var hash: String

    init(from decoder: any Decoder) throws {
      var fields = try decoder.unkeyedContainer()
      chain = try fields.decode(String.self)
      number = try fields.decode(Int64.self)
      hash = try fields.decode(String.self)
    }
  }

  var heads: [Head]
}
