import GRDB

extension ChainVerification {
  /// What the database is made of, against what this version makes: a planted trigger could change
  /// answers as they arrive, and a table without its rules could hold anything.
  func schemaFindings() throws(StorageError) -> [ChainFinding] {
    let found = try StorageError.wrapping { try Self.objects(of: snapshot.database) }
    let expected = try StorageError.wrapping {
      let fresh = try DatabaseQueue()
      try Schema.migrator.migrate(fresh)
      return try fresh.read { try Self.objects(of: $0) }
    }
    return Set(found.keys).union(expected.keys).sorted()
      .filter { found[$0] != expected[$0] }
      .map { finding(.schemaDiffers, EventChain.study.description, nil, $0) }
  }

  /// The statement of each object by its type and name.
  private static func objects(of database: Database) throws -> [String: String] {
    let rows = try Row.fetchAll(database, sql: "SELECT type, name, sql FROM sqlite_master")
    return Dictionary(
      rows.map { ("\($0["type"] as String) \($0["name"] as String)", $0["sql"] as String? ?? "") },
      uniquingKeysWith: { $1 })
  }
}
