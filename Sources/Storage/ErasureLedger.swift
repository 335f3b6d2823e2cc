package import Foundation
import LocalTime

/// The ledger of erasures as a file outside of the study's folder, beside its keys.
///
/// A backup knows nothing of what was erased after it. When the folder is lost and the backup is
/// restored, this file is what remembers; so it must not be lost together with the folder. It names
/// participants by pseudonym and UUID, and says nothing else about them.
///
/// Each line is a JSON object. A wish is appended, and on disk, before its erasure counts as
/// complete; nothing is ever taken out.
package struct ErasureLedger: Hashable, Sendable {
  /// Where it is.
  package let url: URL

  package init(at url: URL) { self.url = url }

  /// The wishes, in the order of writing; none where there is no file yet.
  ///
  /// - Throws: ``StorageError`` `damaged` for a line that is no wish.
  package func wishes() throws(StorageError) -> [ErasureRecord] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    guard let bytes = try? Data(contentsOf: url) else {
      throw StorageError(.engine, url.path, detail: "it cannot be read")
    }
    var seen: Set<UUID> = []
    var wishes: [ErasureRecord] = []
    for (index, line) in Self.wholeLines(Array(bytes)).enumerated() {
      guard let wish = Self.wish(CanonicalJSON.parse(Array(line))) else {
        throw StorageError(.damaged, "\(url.path), line \(index + 1)")
      }
      if seen.insert(wish.uuid).inserted { wishes.append(wish) }
    }
    return wishes
  }

  /// Whether there is a file.
  package var exists: Bool { FileManager.default.fileExists(atPath: url.path) }

  /// Makes the file, with no wish in it; one that is there stays as it is.
  ///
  /// - Throws: ``StorageError`` when it cannot be written.
  package func create() throws(StorageError) {
    let descriptor = open(url.path, O_CREAT | O_RDWR | O_APPEND, 0o600)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure() }
  }

  /// Appends a wish, unless it is there; it is on disk when this returns.
  ///
  /// - Throws: ``StorageError`` when the file cannot be read or written.
  package func append(_ erasure: ErasureRecord) throws(StorageError) {
    guard try !wishes().contains(where: { $0.uuid == erasure.uuid }) else { return }
    let descriptor = open(url.path, O_CREAT | O_RDWR | O_APPEND, 0o600)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    // Two processes may note wishes at once; each cuts off what a crash left of a line.
    guard flock(descriptor, LOCK_EX) == 0 else { throw failure() }
    guard let bytes = try? Data(contentsOf: url) else { throw failure() }
    let whole = Self.wholeLines(Array(bytes)).reduce(0) { $0 + $1.count + 1 }
    guard ftruncate(descriptor, off_t(whole)) == 0 else { throw failure() }
    let line = Self.line(erasure).bytes + [UInt8(ascii: "\n")]
    guard
      line.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) })
        == line.count, fsync(descriptor) == 0
    else { throw failure() }
  }

  private func failure() -> StorageError {
    StorageError(
      errno == ENOSPC ? .diskFull : .engine, url.path, detail: String(cString: strerror(errno)))
  }

  // MARK: - Lines

  /// The lines that end; what follows the last end was being written when the machine stopped.
  private static func wholeLines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
  }

  private static func line(_ erasure: ErasureRecord) -> CanonicalJSON {
    .object([
      "erasure": .text(erasure.uuid.text), "participant": .text(erasure.participant.text),
      "pseudonym": .text(erasure.pseudonym),
      "requested_at": .integer(erasure.requested.utcMilliseconds), "scope": erasure.scope.json,
    ])
  }

  private static func wish(_ json: CanonicalJSON?) -> ErasureRecord? {
    guard let json, let uuid = UUID(uuidString: json["erasure"]?.string ?? ""),
      let participant = UUID(uuidString: json["participant"]?.string ?? ""),
      case .text(let pseudonym)? = json["pseudonym"],
      case .integer(let requested)? = json["requested_at"], let scope = ErasureScope(json["scope"])
    else { return nil }
    return ErasureRecord(
      uuid: uuid, pseudonym: pseudonym, participant: participant, scope: scope,
      requested: Date(utcMilliseconds: requested))
  }
}
