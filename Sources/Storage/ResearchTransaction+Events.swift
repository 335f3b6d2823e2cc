package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Appends an event to a chain.
  ///
  /// The end of the chain is read here, inside the write transaction, so that two writers cannot
  /// follow the same link.
  ///
  /// - Returns: the event's row, for the record that it accounts for.
  @discardableResult
  func append(
    _ kind: EventKind, to chain: EventChain, content: CanonicalJSON, at now: Date
  ) throws(StorageError) -> Int64 {
    try append(kind, to: chain, at: now) { content }
  }

  /// The same with a content that is not made before the event is sealed.
  @discardableResult
  func append(
    _ kind: EventKind, to chain: EventChain, at now: Date,
    content: @escaping @Sendable () -> CanonicalJSON
  ) throws(StorageError) -> Int64 {
    let name = chain.description
    var previous: String?
    var last = memory.ends[name]
    if last == nil {
      let end = try end(ofChain: name)
      previous = end?.hash ?? EventLink.start
      last = end?.number
    }
    let event = EventToSeal(
      row: try nextRow(of: "events"), chain: name, number: (last ?? 0) + 1, kind: kind.rawValue,
      happened: now.utcMilliseconds, previous: previous, content: content)
    do throws(StorageError) { try seal(event) } catch {
      // What comes after it follows what is in the database.
      memory.ends[name] = nil
      throw error
    }
    memory.ends[name] = event.number
    return event.row
  }

  /// The last event of a chain that this transaction has not appended to.
  private func end(ofChain name: String) throws(StorageError) -> (number: Int64, hash: String)? {
    try first(
      "SELECT number, hash FROM events WHERE chain = ? ORDER BY number DESC LIMIT 1", [name],
      isUntouched: true
    ) { (number: $0["number"] as Int64, hash: $0["hash"] as String) }
  }

  /// Writes the end of every participant's chain into the study's chain, so that a chain that is
  /// cut later shows. Does nothing when no chain has grown since.
  ///
  /// - Returns: how many chains had grown.
  @discardableResult
  package func recordChainHeads(at now: Date) throws(StorageError) -> Int {
    // Row ids grow with each event, whatever its chain: a chain has grown since the last record
    // exactly when it has an event after it. NOT INDEXED keeps SQLite to the new events, where the
    // index over all chains would look cheaper to it.
    let grown = try list(
      """
      SELECT e.chain, e.number, e.hash FROM events e
      JOIN (
        SELECT chain, max(number) AS number FROM events NOT INDEXED
        WHERE id > ? AND chain <> 'study' GROUP BY chain
      ) last ON last.chain = e.chain AND last.number = e.number
      ORDER BY e.chain
      """, [try lastHeadsEvent() ?? 0]
    ) { ($0["chain"] as String, $0["number"] as Int64, $0["hash"] as String) }
    guard !grown.isEmpty else { return 0 }
    let content = CanonicalJSON.object([
      "heads": .list(grown.map { .list([.text($0.0), .integer($0.1), .text($0.2)]) })
    ])
    try append(.headsRecorded, to: .study, content: content, at: now)
    return grown.count
  }

  /// Records that a backup is being made.
  package func recordBackup(at now: Date) throws(StorageError) {
    try append(.backupMade, to: .study, content: .object([:]), at: now)
  }

  /// Records that the study goes on from a backup.
  ///
  /// - Parameter made: when the backup was made: what happened after it is lost.
  package func recordRestoration(ofBackupFrom made: Date, at now: Date) throws(StorageError) {
    try append(
      .studyRestored, to: .study,
      content: .object(["backup_made_at": .integer(made.utcMilliseconds)]), at: now)
  }

  /// Records that a participant was given what was collected of them.
  package func recordOwnData(of pseudonym: String, at now: Date) throws(StorageError) {
    let (_, chain) = try key(of: pseudonym)
    try append(.ownDataGiven, to: chain, content: .object([:]), at: now)
  }

  /// Records that data left the database: which tables, with how many rows each.
  package func recordExport(of tables: [String: Int], at now: Date) throws(StorageError) {
    let rows = tables.mapValues { CanonicalJSON.integer(Int64($0)) }
    try append(
      .dataExported, to: .study, content: .object(["tables": .object(.init(rows))]), at: now)
  }
}
