package import Foundation
import GRDB

extension IdentityDatabase {
  /// A copy of the contacts as they are at one moment, sealed as they are: no key is needed.
  ///
  /// The copy has no name: its file is unlinked before anything is written, so that it is gone with
  /// its handle, or with the process.
  ///
  /// - Parameters:
  ///   - url: the database.
  ///   - folder: where there is room for the copy, and nobody else looks.
  /// - Returns: the copy, at its first byte.
  /// - Throws: ``IdentityError``.
  package static func copy(of url: URL, in folder: URL) throws(IdentityError) -> FileHandle {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw IdentityError(.fileMissing, url.path)
    }
    let place = folder.appending(path: ".copy-\(UUID().uuidString)")
    let descriptor = Foundation.open(place.path, O_CREAT | O_EXCL | O_RDWR, 0o600)
    guard descriptor >= 0 else { throw IdentityError(.engine, place.path) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    defer { unlink(place.path) }
    return try IdentityError.wrapping {
      let source = try DatabaseQueue(path: url.path, configuration: configuration)
      try source.read { try checkMark(of: $0, at: url) }
      var plain = Configuration()
      plain.prepareDatabase { database in
        try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
      }
      let copy = try DatabaseQueue(path: place.path, configuration: plain)
      unlink(place.path)
      try source.backup(to: copy)
      try copy.close()
      try source.close()
      return handle
    }
  }
}
