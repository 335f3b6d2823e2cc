import Foundation
import GRDB

/// What went wrong in a database: a code to act on, where, and what to do about it.
///
/// An error never carries a stored value: no answer, no text, no key.
package struct StorageError: Error, Hashable, Sendable {
  /// The kind of failure; more may be added.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The code as text.
    package let description: String

    /// There is no file to open.
    package static let fileMissing = Code(description: "file missing")
    /// A file is in the way of the one to create.
    package static let fileExists = Code(description: "file exists")
    /// The file is no database of this toolkit.
    package static let foreignFile = Code(description: "foreign file")
    /// The file was made and never filled: whoever made it was interrupted before the first commit.
    package static let unfinished = Code(description: "unfinished")
    /// The database was written by a later version, with tables that this one does not know.
    package static let newerSchema = Code(description: "newer schema")
    /// The database is real where a simulated one was asked for, or the other way round.
    package static let wrongKind = Code(description: "wrong kind")
    /// A commit would not be on disk when it is acknowledged.
    package static let notDurable = Code(description: "not durable")
    /// Seeded secrets were offered to a database of real people.
    package static let seededSecrets = Code(description: "seeded secrets")
    /// Another process kept the database locked for longer than the busy timeout.
    package static let busy = Code(description: "busy")
    /// The disk is full; nothing of the transaction was kept.
    package static let diskFull = Code(description: "disk full")
    /// A row would break a rule of the schema.
    package static let constraint = Code(description: "constraint")
    /// A record that was named does not exist.
    package static let unknownRecord = Code(description: "unknown record")
    /// A stored value is not one that this toolkit writes.
    package static let damaged = Code(description: "damaged")
    /// Any other failure of the database engine.
    package static let engine = Code(description: "engine")
  }

  /// What went wrong, to act on.
  package let code: Code
  /// What it happened to: a path, a table, a rule of the schema.
  package let subject: String
  /// What was found and what was expected, when that says more than the code.
  package let detail: String?

  package init(_ code: Code, _ subject: String, detail: String? = nil) {
    self.code = code
    self.subject = subject
    self.detail = detail
  }
}

extension StorageError: CustomStringConvertible {
  /// One line for a person: what, where, and what to do.
  package var description: String {
    let what =
      switch code {
      case .fileMissing: "there is no database at \(subject); create it first"
      case .fileExists: "\(subject) exists already; open it, or choose another place"
      case .foreignFile: "\(subject) is not a Longwell database; name another file"
      case .unfinished:
        "\(subject) was made and never filled; nothing is in it, it can be made again"
      case .newerSchema:
        "\(subject) was written by a later version of Longwell; use that version or a newer one"
      case .wrongKind: "\(subject) cannot be used for this"
      case .notDurable: "\(subject) cannot promise that an acknowledged answer is on disk"
      case .seededSecrets:
        "\(subject) holds real people; secrets from a seed are for simulated databases only"
      case .busy: "\(subject) is locked by another process; try again when it has finished"
      case .diskFull: "the disk is full; nothing of the last change to \(subject) was kept"
      case .constraint: "a rule of the database was broken: \(subject)"
      case .unknownRecord: "there is no \(subject)"
      case .damaged: "\(subject) holds a value that Longwell never writes; run verify"
      default: "the database engine failed: \(subject)"
      }
    return detail.map { "\(what) (\($0))" } ?? what
  }
}

extension StorageError {
  /// The engine's error without its statement: statements can be long, and arguments are answers.
  init(_ error: DatabaseError) {
    let message = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self.init(.busy, "the database")
    case .SQLITE_FULL: self.init(.diskFull, "the database")
    case .SQLITE_CONSTRAINT: self.init(.constraint, message)
    case .SQLITE_NOTADB: self.init(.foreignFile, "the file")
    default: self.init(.engine, message)
    }
  }

  /// Whether nothing more can be done in the transaction that met it.
  var isFatalToTransaction: Bool { code == .diskFull || code == .engine || code == .busy }

  /// Runs `body` and turns whatever it throws into a storage error.
  static func wrapping<T>(_ body: () throws -> T) throws(StorageError) -> T {
    do {
      return try body()
    } catch let error as StorageError {
      throw error
    } catch let error as DatabaseError {
      throw StorageError(error)
    } catch {
      throw StorageError(.engine, String(describing: type(of: error)))
    }
  }
}
