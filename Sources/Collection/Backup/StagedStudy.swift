import Crypto
package import Foundation
import LocalTime
package import Storage

/// A study out of a backup, in a folder of its own until it is found to be whole and everybody who
/// was erased since is erased again.
package struct StagedStudy: Sendable {
  /// Where it is for the time being.
  package let folder: URL
  /// What the backup says of itself.
  package let manifest: BackupManifest

  /// What became of a backup.
  package struct Settlement: Hashable, Sendable {
    /// What verification found; empty when all chains hold.
    package let findings: [ChainFinding]
    /// The erasures that the backup did not know of.
    package let replayed: [ErasureRecord]
    /// Those that are not complete.
    package let pending: [PendingErasure]
  }

  /// Whether it holds people or simulated people.
  package var isSimulated: Bool { manifest.kind == DatabaseKind.simulated.rawValue }

  /// Decrypts a backup beside the place where it is to go.
  ///
  /// Every chunk is authenticated before anything of it is written, every file compared with its
  /// hash at the end. What an earlier attempt left half-done here is removed.
  ///
  /// - Parameter place: the study's folder, which may exist.
  /// - Throws: ``BackupError``; nothing is left then.
  package static func open(
    _ file: URL, under secret: BackupSecret, for place: URL
  ) throws -> StagedStudy {
    guard let handle = try? FileHandle(forReadingFrom: file) else {
      throw BackupError(.unusable, file.path, detail: "it cannot be read")
    }
    let parent = place.deletingLastPathComponent()
    let prefix = ".restoring-\(place.lastPathComponent)-"
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: parent.path)
    where name.hasPrefix(prefix) {
      try FileManager.default.removeItem(at: parent.appending(path: name))
    }
    var reader = try SealedReader(from: handle, path: file.path, under: secret)
    let folder = parent.appending(
      path: prefix + UUID().uuidString, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    do {
      let manifest = try unpack(&reader, from: file, into: folder)
      return StagedStudy(folder: folder, manifest: manifest)
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw error
    }
  }

  /// Verifies the chains, erases again who was erased after the backup, and records the restoration, so
  /// that messages which may have gone out since the backup are not sent again by themselves.
  ///
  /// - Parameters:
  ///   - wishes: what ledgers from after the backup say.
  ///   - noted: the names of the wishes in ledgers beside keys, which must have every erasure that is
  ///     known to be complete; nil where there is none, and that was said.
  ///   - ledger: the ledger beside the keys.
  /// - Throws: ``BackupError`` `ledgerShort`, `StorageError`, `IdentityError`, ``CollectionError``.
  package func settle(
    _ wishes: [ErasureRecord], noted: Set<UUID>? = nil, ledger: ErasureLedger?, now: Date
  ) async throws -> Settlement {
    let database = try ResearchDatabase.open(
      at: folder.appending(path: StudyBackup.research), mode: .existing)
    let findings = try await database.verify()
    if let noted, !isSimulated {
      let known = Set(
        (try await database.read { try $0.erasures() } + wishes)
          .filter { $0.completed != nil }.map(\.uuid))
      let lacking = known.subtracting(noted).count
      guard lacking == 0 else {
        throw BackupError(.ledgerShort, "\(lacking) of \(known.count)")
      }
    }
    let desk = try await StudyDesk.open(database, allocationSeed: 0, now: now)
    let replayed = try await desk.replay(wishes, now: now)
    let pending = try await desk.completeErasures(
      at: ErasurePlaces(
        contacts: folder.appending(path: StudyBackup.contacts), ledger: ledger), now: now)
    try await database.write { transaction in
      try transaction.recordRestoration(
        ofBackupFrom: Date(utcMilliseconds: manifest.made), at: now.wholeMilliseconds)
    }
    try database.close()
    return Settlement(findings: findings, replayed: replayed, pending: pending)
  }

  /// Puts the study into its place. Definitions that are there already stay as they are.
  ///
  /// - Parameter isReplacing: whether data that are there may be put aside.
  /// - Returns: where data that were there are now; `nil` when there were none.
  /// - Throws: ``BackupError`` `exists` when there are data in the way.
  package func move(to place: URL, replacing isReplacing: Bool, now: Date) throws -> URL? {
    let files = FileManager.default
    guard files.fileExists(atPath: place.path) else {
      try files.moveItem(at: folder, to: place)
      return nil
    }
    let data = place.appending(path: "data", directoryHint: .isDirectory)
    var aside: URL?
    if files.fileExists(atPath: data.path) {
      guard isReplacing else { throw Self.inTheWay(place) }
      let old = place.appending(path: "data-before-\(now.utcMilliseconds)")
      try files.moveItem(at: data, to: old)
      aside = old
    }
    for name in try files.contentsOfDirectory(atPath: folder.path).sorted() {
      let target = place.appending(path: name)
      guard !files.fileExists(atPath: target.path) else { continue }
      try files.moveItem(at: folder.appending(path: name), to: target)
    }
    discard()
    return aside
  }

  /// Removes it again.
  package func discard() { try? FileManager.default.removeItem(at: folder) }

  /// The refusal to restore over a study.
  package static func inTheWay(_ place: URL) -> BackupError {
    BackupError(
      .exists, place.path,
      detail: "it holds a study's data; restore elsewhere, or say --replace to put them aside")
  }

  // MARK: - Unpacking

  private static func unpack(
    _ reader: inout SealedReader, from file: URL, into folder: URL
  ) throws -> BackupManifest {
    var entries: [BackupManifest.Entry] = []
    while true {
      let name = try reader.read(Int(clamping: min(try number(&reader), 4096)))
      let path = String(decoding: name, as: UTF8.self)
      let size = try number(&reader)
      guard path != StudyBackup.manifest else {
        guard size < 1 << 24 else { throw BackupError(.damaged, file.path) }
        let bytes = try reader.read(Int(size))
        try reader.expectEnd()
        guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: Data(bytes)),
          manifest.files == entries
        else {
          throw BackupError(.damaged, file.path, detail: "its files are not those of its manifest")
        }
        guard manifest.format == 1 else { throw BackupError(.newerFormat, file.path) }
        return manifest
      }
      guard StudyBackup.isInside(path) else {
        throw BackupError(.damaged, file.path, detail: "a path leads out of the folder")
      }
      entries.append(
        try write(path, size: size, from: &reader, to: folder.appending(path: path)))
    }
  }

  private static func write(
    _ path: String, size: UInt64, from reader: inout SealedReader, to url: URL
  ) throws -> BackupManifest.Entry {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    let descriptor = Foundation.open(url.path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    guard descriptor >= 0 else {
      throw BackupError(.unusable, url.path, detail: String(cString: strerror(errno)))
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var hash = SHA256()
    var left = size
    while left > 0 {
      let bytes = try reader.read(Int(min(left, UInt64(SealedFile.chunkCount))))
      hash.update(data: bytes)
      try handle.write(contentsOf: bytes)
      left -= UInt64(bytes.count)
    }
    try handle.synchronize()
    try handle.close()
    return BackupManifest.Entry(path: path, bytes: size, sha256: hash.finalize().hexadecimal)
  }

  private static func number(_ reader: inout SealedReader) throws -> UInt64 {
    try reader.read(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
