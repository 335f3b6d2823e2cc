import Foundation

/// What SQLite alone takes for the rows of a database: Python's `sqlite3` writes all of them into another,
/// with the same schema, cache and durability, in one transaction and without any rule, score or hash.
enum SQLiteBound {
  /// Prints the bound beside what writing the database took.
  ///
  /// - Parameters:
  ///   - database: the database, which may be open.
  ///   - seconds: how long we took.
  static func print(ofRowsIn database: URL, besides seconds: Double) throws {
    guard let bound = try Peer.python(script(database), timed: "write()", runs: 1) else {
      return Swift.print("  bound: skipped, no python3 here")
    }
    Swift.print(
      String(
        format: "  bound: %.2f s (%.2f s of processor) for the same rows by SQLite alone; we take "
          + "%.1f ×", bound.median, bound.processorMedian, seconds / bound.median))
  }

  private static func script(_ database: URL) -> String {
    """
    import os, sqlite3
    path = '\(database.path)'
    old = sqlite3.connect(path)
    new = sqlite3.connect(path + '.bound', isolation_level=None)
    for pragma in ('journal_mode = WAL', 'synchronous = FULL', 'secure_delete = ON',
      'cache_size = -65536', 'foreign_keys = ON'): new.execute('PRAGMA ' + pragma)
    parts = old.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL "
      "AND name NOT LIKE 'sqlite_%' ORDER BY type = 'table' DESC, rowid").fetchall()
    for _, _, sql in parts: new.execute(sql)
    tables = [(name, old.execute(f'SELECT * FROM {name}').fetchall())
      for kind, name, _ in parts if kind == 'table']
    def write():
      new.execute('BEGIN')
      for name, rows in tables:
        if rows:
          marks = ','.join('?' * len(rows[0]))
          new.executemany(f'INSERT INTO {name} VALUES ({marks})', rows)
      new.execute('COMMIT')
    """
  }
}
