import Crypto
package import Foundation
import GRDB
import LocalTime

/// The bytes of a link, which are what is hashed: everything about the event but its content, which
/// stands in it as a keyed hash. A bare hash of "4" would be found in five tries; with the key gone,
/// the keyed one says nothing, and the chain still verifies.
struct EventLink {
  var chain: String
  var number: Int64
  var kind: String
  var happened: Int64
  var previous: String
  var contentMAC: String

  /// What stands in place of the hash before the first event.
  static let start = String(repeating: "0", count: 64)

  /// Canonical JSON, written out: an object with sorted names, and nothing in it needs quoting.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(320)
    bytes += "{\"at\":\(happened),\"chain\":\"".utf8
    bytes += chain.utf8
    bytes += "\",\"content\":\"".utf8
    bytes += contentMAC.utf8
    bytes += "\",\"kind\":\"".utf8
    bytes += kind.utf8
    bytes += "\",\"number\":\(number),\"previous\":\"".utf8
    bytes += previous.utf8
    bytes += "\"}".utf8
    return bytes
  }

  static func hash(of bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).withUnsafeBytes { Hexadecimal.text(of: $0) }
  }

  static func mac(of content: [UInt8], key: [UInt8]) -> String {
    HMAC<SHA256>.authenticationCode(for: content, using: SymmetricKey(data: key))
      .withUnsafeBytes { Hexadecimal.text(of: $0) }
  }
}

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
    let name = chain.description
    let last = try end(ofChain: name)
    let number = (last?.number ?? 0) + 1
    let key = secrets.key(for: "event \(number) of chain \(name)")
    let bytes = content.bytes
    let link = EventLink(
      chain: name, number: number, kind: kind.rawValue, happened: now.utcMilliseconds,
      previous: last?.hash ?? EventLink.start, contentMAC: EventLink.mac(of: bytes, key: key))
    let linkBytes = link.bytes
    let hash = EventLink.hash(of: linkBytes)
    let event = try nextRow(of: "events")
    try run(
      """
      INSERT INTO events (id, chain, number, kind, happened_at, bytes, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """
    ) { values in
      values.add(event)
      values.add(name)
      values.add(number)
      values.add(link.kind)
      values.add(link.happened)
      values.add(blob: linkBytes)
      values.add(hash)
    }
    try run("INSERT INTO event_contents (event, content, key) VALUES (?, ?, ?)") { values in
      values.add(event)
      values.add(blob: bytes)
      values.add(blob: key)
    }
    memory.ends[name] = (number, hash)
    return event
  }

  /// The last event of a chain. Nobody else can append while this transaction lasts.
  private func end(ofChain name: String) throws(StorageError) -> (number: Int64, hash: String)? {
    if let known = memory.ends[name] { return known }
    // Every chain that this transaction has appended to is known.
    return try first(
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
    try append(.dataExported, to: .study, content: .object(["tables": .object(rows)]), at: now)
  }
}
