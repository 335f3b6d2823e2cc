import GRDB

/// The tables of the research database, one frozen step per release.
///
/// A step that has shipped never changes, and speaks in strings only: renaming a Swift type must
/// not rename a column in somebody's data.
enum Schema {
  /// "LWRD", so that `file` and we can tell our databases from other people's.
  static let applicationID: Int32 = 0x4C57_5244

  /// Says whose file it is, in a commit of its own before any table: the first step of a migrator makes
  /// a table, and a file left with that alone could be anybody's.
  static func mark(_ database: Database) throws {
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
  }

  /// All steps in order.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 first tables") { database in
      try database.execute(sql: version1Study)
      try database.execute(sql: version1Participants)
      try database.execute(sql: version1Answers)
      try database.execute(sql: version1Links)
      try database.execute(sql: version1Invitations)
      try database.execute(sql: version1Messages)
      try database.execute(sql: version1Erasures)
      try database.execute(sql: version1Logs)
      try database.execute(sql: version1Researchers)
    }
    return migrator
  }
}
