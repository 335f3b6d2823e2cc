import Crypto
package import Foundation
import GRDB

/// Who the pseudonyms are: the one place that knows, a file of its own with encrypted fields.
///
/// It shares nothing with the research database but pseudonyms, and does not commit together with
/// it: an enrolment is pending there until its contact is here.
///
/// Each field is sealed with AES-256-GCM (NIST SP 800-38D) under a fresh nonce, with pseudonym and
/// field name authenticated, so that a field moved to another person does not open.
package struct IdentityDatabase: Sendable {
  private let queue: DatabaseQueue
  private let key: SecretKey
  /// Where it is.
  package let url: URL

  /// Opens the database of contacts.
  ///
  /// - Parameter creating: whether to create it, readable by its owner only, where there is none.
  /// - Throws: ``IdentityError``; `wrongKey` when it was written under another key.
  package static func open(
    at url: URL, key: SecretKey, creating: Bool
  ) throws(IdentityError) -> IdentityDatabase {
    if !FileManager.default.fileExists(atPath: url.path) {
      guard creating else { throw IdentityError(.fileMissing, url.path) }
      let descriptor = Foundation.open(url.path, O_CREAT | O_EXCL | O_RDWR, 0o600)
      guard descriptor >= 0 else { throw IdentityError(.engine, url.path) }
      Foundation.close(descriptor)
    }
    return try IdentityError.wrapping {
      let queue = try DatabaseQueue(path: url.path, configuration: configuration)
      let database = IdentityDatabase(queue: queue, key: key, url: url)
      try database.prepare()
      return database
    }
  }

  /// Closes the connection.
  ///
  /// - Throws: ``IdentityError`` when a statement is still running.
  package func close() throws(IdentityError) {
    try IdentityError.wrapping { try queue.close() }
  }

  // MARK: - Contacts

  /// Stores or replaces the contact of a pseudonym; it is on disk when this returns.
  ///
  /// - Throws: ``IdentityError``.
  package func store(_ contact: ContactDetails, of pseudonym: String, at now: Date) async throws {
    let sealed = try sealed(contact, of: pseudonym, at: now)
    try await write { try sealed.store(in: $0) }
  }

  /// The contact of a pseudonym, or `nil`.
  ///
  /// - Throws: ``IdentityError`` `damaged` when a field does not open.
  package func contact(of pseudonym: String) async throws -> ContactDetails? {
    let sealed = try await write { database in
      try Row.fetchOne(
        database, sql: "SELECT name, email, phone FROM contacts WHERE pseudonym = ?",
        arguments: [pseudonym]
      ).map {
        (name: $0["name"] as Data?, email: $0["email"] as Data?, phone: $0["phone"] as Data?)
      }
    }
    guard let sealed else { return nil }
    return ContactDetails(
      name: try sealed.name.map { try unseal($0, of: pseudonym, field: "name") },
      email: try sealed.email.map { try unseal($0, of: pseudonym, field: "email") },
      phone: try sealed.phone.map { try unseal($0, of: pseudonym, field: "phone") })
  }

  /// Everybody with a contact, in order.
  ///
  /// - Throws: ``IdentityError``.
  package func pseudonyms() async throws -> [String] {
    try await write { database in
      try String.fetchAll(database, sql: "SELECT pseudonym FROM contacts ORDER BY pseudonym")
    }
  }

  /// Removes the contact of a pseudonym; the file's free pages keep nothing of it.
  ///
  /// - Returns: whether there was one.
  /// - Throws: ``IdentityError``.
  @discardableResult
  package func remove(_ pseudonym: String) async throws -> Bool {
    try await write { database in
      try database.execute(
        sql: "DELETE FROM contacts WHERE pseudonym = ?", arguments: [pseudonym])
      return database.changesCount > 0
    }
  }

  func write<T: Sendable>(_ body: @Sendable (Database) throws -> T) async throws -> T {
    do {
      return try await queue.write(body)
    } catch let error as DatabaseError {
      throw IdentityError(error)
    }
  }

  // MARK: - Sealing

  /// A contact as it is stored.
  struct SealedContact {
    var pseudonym: String
    var name, email, phone: Data?
    var stored: Int64

    func store(in database: Database) throws {
      try database.execute(
        sql: """
          INSERT INTO contacts (pseudonym, name, email, phone, stored_at) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (pseudonym) DO UPDATE SET
            name = excluded.name, email = excluded.email, phone = excluded.phone,
            stored_at = excluded.stored_at
          """, arguments: [pseudonym, name, email, phone, stored])
    }
  }

  func sealed(
    _ contact: ContactDetails, of pseudonym: String, at now: Date
  ) throws(IdentityError) -> SealedContact {
    SealedContact(
      pseudonym: pseudonym,
      name: try sealed(contact.name, of: pseudonym, field: "name"),
      email: try sealed(contact.email, of: pseudonym, field: "email"),
      phone: try sealed(contact.phone, of: pseudonym, field: "phone"),
      stored: Int64((now.timeIntervalSince1970 * 1000).rounded()))
  }

  private func sealed(
    _ text: String?, of pseudonym: String, field: String
  ) throws(IdentityError) -> Data? {
    guard let text else { return nil }
    return try seal(text, of: pseudonym, field: field)
  }

  func seal(
    _ text: String, of pseudonym: String, field: String
  ) throws(IdentityError) -> Data {
    try IdentityError.wrapping {
      let box = try AES.GCM.seal(
        Array(text.utf8), using: key.key, authenticating: Self.label(pseudonym, field))
      guard let combined = box.combined else { throw IdentityError(.engine, "sealing") }
      return combined
    }
  }

  func unseal(
    _ sealed: Data, of pseudonym: String, field: String
  ) throws(IdentityError) -> String {
    guard let box = try? AES.GCM.SealedBox(combined: sealed),
      let bytes = try? AES.GCM.open(
        box, using: key.key, authenticating: Self.label(pseudonym, field))
    else { throw IdentityError(.damaged, pseudonym) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What a sealed field is bound to. Field names hold no slash, so no two labels are the same.
  private static func label(_ pseudonym: String, _ field: String) -> [UInt8] {
    Array("\(field)/\(pseudonym)".utf8)
  }

  // MARK: - Opening

  /// "LWID", so that our databases are told from other people's.
  static let applicationID: Int32 = 0x4C57_4944

  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "identities"
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA secure_delete = ON")
      // With a rollback journal FULL is SQLite's default; it is asked for and read back all the
      // same, because builds can change it.
      try database.execute(sql: "PRAGMA synchronous = FULL")
    }
    return configuration
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 contacts") { database in
      try database.execute(
        sql: """
          CREATE TABLE contacts (
            pseudonym TEXT NOT NULL PRIMARY KEY CHECK (length(pseudonym) > 0),
            name BLOB,
            email BLOB,
            phone BLOB,
            stored_at INTEGER NOT NULL
          ) STRICT;

          CREATE TABLE log_keys (
            pseudonym TEXT NOT NULL PRIMARY KEY CHECK (length(pseudonym) > 0),
            sealed BLOB NOT NULL
          ) STRICT;

          CREATE TABLE key_check (
            one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
            sealed BLOB NOT NULL
          ) STRICT;
          """)
    }
    return migrator
  }

  /// Refuses files that are not ours.
  static func checkMark(of database: Database, at url: URL) throws {
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    let mark = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    guard mark == applicationID || (tables == 0 && mark == 0) else {
      throw IdentityError(.foreignFile, url.path)
    }
  }

  private func prepare() throws {
    try queue.read { database in
      try Self.checkMark(of: database, at: url)
      guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
        throw IdentityError(.notDurable, url.path)
      }
    }
    // Before any table: the migrator begins with one of its own, and a file left with that alone
    // could be anybody's.
    try queue.write { try $0.execute(sql: "PRAGMA application_id = \(Self.applicationID)") }
    try Self.migrator.migrate(queue)
    let proof = try seal("longwell", of: "", field: "key")
    let stored = try queue.write { database in
      try database.execute(
        sql: "INSERT INTO key_check (one, sealed) VALUES (1, ?) ON CONFLICT (one) DO NOTHING",
        arguments: [proof])
      return try Data.fetchOne(database, sql: "SELECT sealed FROM key_check")
    }
    guard let stored, (try? unseal(stored, of: "", field: "key")) == "longwell" else {
      throw IdentityError(.wrongKey, url.path)
    }
  }
}

extension IdentityError {
  init(_ error: DatabaseError) {
    let isForeign = error.resultCode == .SQLITE_NOTADB
    self.init(isForeign ? .foreignFile : .engine, error.message ?? "unknown")
  }

  /// Runs `body` and turns whatever it throws into an identity error.
  static func wrapping<T>(_ body: () throws -> T) throws(IdentityError) -> T {
    do { return try body() } catch { throw IdentityError(any: error) }
  }

  /// What was thrown, as an identity error.
  init(any error: any Error) {
    switch error {
    case let error as IdentityError: self = error
    case let error as DatabaseError: self.init(error)
    default: self.init(.engine, String(describing: type(of: error)))
    }
  }
}
