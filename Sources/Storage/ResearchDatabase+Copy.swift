package import Foundation
import GRDB

extension ResearchDatabase {
  /// A copy of the database as it is at one moment, by SQLite's online backup: who writes meanwhile
  /// neither waits nor is waited for.
  ///
  /// The copy has no name: its file is unlinked before anything is written, so that it is gone with
  /// its handle, or with the process, whatever happens.
  ///
  /// - Parameter folder: where there is room for it, and nobody else looks.
  /// - Returns: the copy, at its first byte.
  /// - Throws: ``StorageError``.
  package func copy(in folder: URL) throws(StorageError) -> FileHandle {
    let url = folder.appending(path: ".copy-\(UUID().uuidString)")
    let descriptor = Foundation.open(url.path, O_CREAT | O_EXCL | O_RDWR, 0o600)
    guard descriptor >= 0 else {
      throw StorageError(.engine, url.path, detail: String(cString: strerror(errno)))
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    defer { unlink(url.path) }
    return try StorageError.wrapping {
      var configuration = Configuration()
      configuration.prepareDatabase { database in
        // A journal would have a name, and a copy that fails is thrown away as a whole.
        try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
      }
      let copy = try DatabaseQueue(path: url.path, configuration: configuration)
      unlink(url.path)
      try pool.backup(to: copy)
      try copy.close()
      return handle
    }
  }
}
