import GRDB

extension ResearchDatabase {
  /// Whether a study was published into it. A beginning that was interrupted before leaves tables with
  /// nothing in them, and can begin again.
  ///
  /// - Throws: ``StorageError`` when it cannot be read.
  package func holdsStudy() throws(StorageError) -> Bool {
    try StorageError.wrapping { try pool.read(Self.holdsStudy) }
  }

  static func holdsStudy(_ database: Database) throws -> Bool {
    try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM publications)") ?? false
  }
}
