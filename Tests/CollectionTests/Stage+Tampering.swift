import Foundation

extension Stage {
  static let canTamper = ["/usr/bin/python3", "/usr/local/bin/python3", "/bin/python3"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Changes the database as somebody with an SQLite shell would.
  func tamper(_ sql: String) throws {
    let process = Process()
    let script = """
      import sqlite3, sys
      database = sqlite3.connect(sys.argv[1])
      database.executescript("PRAGMA foreign_keys = OFF;" + sys.argv[2])
      database.commit()
      """
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", script, folder.appendingPathComponent("longwell.db").path, sql,
    ]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
