package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Enters a wish into the ledger. Nothing is removed yet.
  ///
  /// - Parameters:
  ///   - uuid: the wish's name; a new one by default, an old one where a ledger is replayed.
  ///   - requested: when it was made; now by default.
  /// - Returns: the wish; the earlier one where this one, or the erasure of everything, was made
  ///   before.
  /// - Throws: ``StorageError`` `unknownRecord` for a pseudonym that nobody has.
  package func requestErasure(
    _ scope: ErasureScope, of pseudonym: String, uuid: UUID? = nil, requested: Date? = nil,
    at now: Date
  ) throws(StorageError) -> ErasureRecord {
    let person = try person(pseudonym)
    if let uuid, let earlier = try erasure(uuid) { return earlier }
    if let earlier = try fullErasure(of: pseudonym) { return earlier }
    if scope == .contact, let earlier = try contactErasure(of: pseudonym) { return earlier }
    let count = try first("SELECT count(*) FROM erasures") { $0[0] as Int } ?? 0
    let erasure = ErasureRecord(
      uuid: uuid ?? secrets.uuid(for: "erasure \(count + 1) of \(pseudonym)"),
      pseudonym: pseudonym, participant: person, scope: scope,
      requested: Date(utcMilliseconds: (requested ?? now).utcMilliseconds))
    let event = try append(
      .erasureRequested, to: .participant(person), content: EventContent.request(of: erasure),
      at: now)
    try run(
      "INSERT INTO erasures (uuid, person, scope, requested_at, event) VALUES (?, ?, ?, ?, ?)",
      [
        erasure.uuid.text, person.text, scope.json.text, erasure.requested.utcMilliseconds, event,
      ])
    return erasure
  }

  /// Removes from the tables what a wish names: contents with the keys of their events, and rows.
  ///
  /// The chain goes on: links without content verify as before. Bytes may be left in free space of
  /// the file and in the log until ``ResearchDatabase/rewrite()`` has succeeded.
  ///
  /// - Returns: the entry of the ledger; done before, nothing is done again.
  /// - Throws: ``StorageError`` `unknownRecord` when the ledger has no such wish.
  @discardableResult
  package func performErasure(_ uuid: UUID, at now: Date) throws(StorageError) -> ErasureRecord {
    guard let erasure = try erasure(uuid) else {
      throw StorageError(.unknownRecord, "erasure \(uuid.text)")
    }
    guard erasure.removed == nil else { return erasure }
    // Rows that it has names of may go.
    memory = TransactionMemory()
    let counts =
      switch erasure.scope {
      case .everything: try eraseEverything(erasure, at: now)
      case .contact: try eraseReach(erasure, at: now)
      case .part(let part, let occasions, let instruments):
        try erasePart(
          part, erasure, occasions: occasions, instruments: instruments, at: now)
      }
    try run(
      "UPDATE erasures SET removed_at = ?, counts = ? WHERE uuid = ?",
      [now.utcMilliseconds, EventContent.counts(counts).text, uuid.text])
    return try self.erasure(uuid) ?? erasure
  }

  /// Says that no file of the study holds any more what was erased.
  ///
  /// - Throws: ``StorageError`` `constraint` when the content was not removed yet.
  package func completeErasure(_ uuid: UUID, at now: Date) throws(StorageError) {
    guard let erasure = try erasure(uuid), erasure.completed == nil else { return }
    try run(
      "UPDATE erasures SET completed_at = ? WHERE uuid = ?", [now.utcMilliseconds, uuid.text])
    try append(
      .erasureCompleted, to: .participant(erasure.participant),
      content: EventContent.completion(of: uuid), at: now)
  }

  // MARK: - Everything

  /// - Returns: how many rows of each table were removed.
  private func eraseEverything(
    _ erasure: ErasureRecord, at now: Date
  ) throws(StorageError) -> [String: Int] {
    let (id, chain) = try key(of: erasure.pseudonym)
    let events = try contents(of: chain).filter { EventKind.erasing($0.kind) != .kept }
    try deleteContents(of: events.map(\.id))
    var counts: [String: Int] = [:]
    for entry in TableErasure.all {
      guard case .removed(let condition) = entry.deed else { continue }
      let count = try change("DELETE FROM \(entry.table) WHERE \(condition)", [id])
      if count > 0 { counts[entry.table] = count }
    }
    // Language and time zone become the codes for "undetermined" (ISO 639-2) and "unknown" (CLDR).
    try run(
      """
      UPDATE participants SET status = 'erased', ended_at = coalesce(ended_at, ?),
        wants_reminders = 0, language = 'und', zone = 'Etc/Unknown'
      WHERE id = ?
      """, [now.utcMilliseconds, id])
    let row = try one(
      "participant \(erasure.pseudonym)", ChainTable.participants.sql, [chain.description]
    ) { $0.fields }
    try append(
      .erasurePerformed, to: chain,
      content: EventContent.performance(
        of: erasure.uuid, counts: counts, events: events.map(\.number), participant: row), at: now)
    return counts
  }

  // MARK: - The contact

  /// What tells how somebody was reached who never joined; a participant's links and messages are part of
  /// what was collected, and stay.
  ///
  /// - Returns: how many rows of each table were removed.
  private func eraseReach(
    _ erasure: ErasureRecord, at now: Date
  ) throws(StorageError) -> [String: Int] {
    let chain = EventChain.participant(erasure.participant)
    let isInvited = try participant(erasure.participant) == nil
    var counts: [String: Int] = [:]
    var events: [EventContentRow] = []
    if isInvited {
      events = try contents(of: chain).filter { Self.reach.contains($0.kind) }
      try deleteContents(of: events.map(\.id))
      for table in ["links", "messages"] {
        let count = try change(
          "DELETE FROM \(table) WHERE person = ?", [erasure.participant.text])
        if count > 0 { counts[table] = count }
      }
    }
    try append(
      .erasurePerformed, to: chain,
      content: EventContent.performance(
        of: erasure.uuid, counts: counts, events: events.map(\.number), participant: nil,
        hasReach: isInvited), at: now)
    return counts
  }

  private static let reach = Set(
    [EventKind.linkMade, .messageQueued, .messageClaimed, .messageSettled].map(\.rawValue))

  // MARK: - Contents of events

  struct EventContentRow {
    var id: Int64
    var number: Int64
    var kind: String
    var content: Data
  }

  /// The contents that a chain still has, in order.
  func contents(of chain: EventChain) throws(StorageError) -> [EventContentRow] {
    try list(
      """
      SELECT e.id, e.number, e.kind, c.content FROM events e
      JOIN event_contents c ON c.event = e.id WHERE e.chain = ? ORDER BY e.number
      """, [chain.description]
    ) {
      EventContentRow(
        id: $0["id"], number: $0["number"], kind: $0["kind"], content: $0["content"])
    }
  }

  func deleteContents(of events: [Int64]) throws(StorageError) {
    for event in events { try run("DELETE FROM event_contents WHERE event = ?", [event]) }
  }
}

extension EventKind {
  /// What erasure does to an event by the name of its kind; one that is not known has content.
  static func erasing(_ kind: String) -> Erasing { EventKind(rawValue: kind)?.erasing ?? .content }
}
