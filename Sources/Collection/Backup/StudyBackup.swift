import Crypto
package import Foundation
import Identities
import LocalTime
import Storage

/// A copy of a study in one encrypted file, without its keys.
///
/// It holds the research database and the contacts, each as it was at one moment while the study
/// went on, and the small files that a folder needs to be a study again. What is inside: entries of
/// a path, a size and bytes, the last of them ``BackupManifest``; outside: ``SealedFile``.
package enum StudyBackup {
  /// A small file that goes along.
  package struct Companion: Hashable, Sendable {
    /// Its path within the study's folder.
    package let path: String
    package let url: URL

    package init(path: String, url: URL) {
      self.path = path
      self.url = url
    }
  }

  static let research = "data/longwell.db"
  static let contacts = "data/identities.db"
  static let manifest = "manifest.json"

  /// Writes a backup of a study that may be under load.
  ///
  /// The research database comes first: of who enrols meanwhile there may be a contact without an
  /// enrolment, never the other way round. That a backup was made is an event of the study's chain.
  ///
  /// - Parameters:
  ///   - contacts: the database of contacts, where there is one.
  ///   - companions: files that go along; never a key.
  ///   - url: the file to write; one that exists is refused.
  /// - Throws: ``BackupError``, `StorageError`, `IdentityError`. No file is left then.
  package static func write(
    _ desk: StudyDesk, contacts: URL?, companions: [Companion], to url: URL,
    under secret: BackupSecret, now: Date
  ) async throws -> BackupManifest {
    guard !FileManager.default.fileExists(atPath: url.path) else {
      throw BackupError(.exists, url.path, detail: "a backup never replaces a file")
    }
    // Written under another name until it is whole: what has the name can be restored.
    let part = url.deletingLastPathComponent().appending(
      path: ".\(url.lastPathComponent).\(UUID().uuidString)")
    let descriptor = open(part.path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    guard descriptor >= 0 else {
      throw BackupError(.unusable, url.path, detail: String(cString: strerror(errno)))
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try await desk.database.write { try $0.recordBackup(at: now) }
      var writer = BackupWriter(try SealedWriter(to: handle, under: secret))
      let folder = desk.database.url.deletingLastPathComponent()
      try writer.append(research, try desk.database.copy(in: folder))
      if let contacts, FileManager.default.fileExists(atPath: contacts.path) {
        try writer.append(Self.contacts, try IdentityDatabase.copy(of: contacts, in: folder))
      }
      for companion in companions {
        try writer.append(companion.path, try FileHandle(forReadingFrom: companion.url))
      }
      let manifest = BackupManifest(
        format: 1, made: now.utcMilliseconds, study: desk.current.publication.studyID,
        version: desk.current.publication.version, kind: desk.database.kind.rawValue,
        files: writer.entries)
      try writer.finish(manifest)
      try handle.synchronize()
      try handle.close()
      guard link(part.path, url.path) == 0 else {
        throw BackupError(.exists, url.path, detail: String(cString: strerror(errno)))
      }
      try FileManager.default.removeItem(at: part)
      return manifest
    } catch {
      try? FileManager.default.removeItem(at: part)
      throw error
    }
  }

  /// Whether a path from a backup stays within the folder that it is restored to.
  static func isInside(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !parts.isEmpty && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
      && !path.utf8.contains(0)
  }
}

/// Writes the entries of a backup.
private struct BackupWriter {
  private var sealed: SealedWriter
  private(set) var entries: [BackupManifest.Entry] = []

  init(_ sealed: SealedWriter) { self.sealed = sealed }

  mutating func append(_ path: String, _ file: FileHandle) throws {
    let size = try file.seekToEnd()
    try file.seek(toOffset: 0)
    try begin(path, size: size)
    var hash = SHA256()
    var left = size
    while left > 0 {
      let bytes = try file.read(upToCount: Int(min(left, UInt64(SealedFile.chunkCount)))) ?? Data()
      guard !bytes.isEmpty else {
        throw BackupError(.unusable, path, detail: "it became shorter while it was read")
      }
      hash.update(data: bytes)
      try sealed.write(bytes)
      left -= UInt64(bytes.count)
    }
    entries.append(
      BackupManifest.Entry(path: path, bytes: size, sha256: hash.finalize().hexadecimal))
  }

  mutating func finish(_ manifest: BackupManifest) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = try encoder.encode(manifest)
    try begin(StudyBackup.manifest, size: UInt64(bytes.count))
    try sealed.write(bytes)
    try sealed.finish()
  }

  private mutating func begin(_ path: String, size: UInt64) throws {
    let name = Array(path.utf8)
    try sealed.write(Self.bigEndian(UInt64(name.count)) + name + Self.bigEndian(size))
  }

  private static func bigEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * UInt64($0))) }
  }
}
