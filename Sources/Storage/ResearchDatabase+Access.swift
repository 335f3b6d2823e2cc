package import Foundation
import GRDB

extension ResearchDatabase {
  /// Runs `body` in one transaction, which is on disk when this returns.
  ///
  /// Bodies run one after another; see ``sharingCommits()`` for sharing a transaction. If `body` throws, nothing of it is kept and its error is
  /// rethrown.
  ///
  /// - Throws: what `body` throws, or ``StorageError``.
  package func write<T: Sendable>(
    _ body: @escaping @Sendable (ResearchTransaction) throws -> T
  ) async throws -> T {
    if let commits { return try await commits.write(on: self, body) }
    return try await writeAlone(body)
  }

  /// Runs `body` in one transaction as ``write(_:)`` does, with the writes done by a second thread while
  /// `body` goes on: for whoever writes much at once. What comes of it is the same.
  ///
  /// - Throws: what `body` throws, or ``StorageError``, which may come later than what it is about.
  package func writeBehind<T: Sendable>(
    _ body: @escaping @Sendable (ResearchTransaction) throws -> T
  ) async throws -> T {
    try await writeAlone(isBehind: true, body)
  }

  private func writeAlone<T: Sendable>(
    isBehind: Bool = false, _ body: @Sendable (ResearchTransaction) throws -> T
  ) async throws -> T {
    let secrets = secrets
    do {
      return try await pool.write { database in
        let transaction = ResearchTransaction(database, secrets: secrets, isBehind: isBehind)
        let outcome = Result { try body(transaction) }
        // Whatever came of the body: nothing may use the connection once this is over.
        let settling = Result { try transaction.settle() }
        let value = try outcome.get()
        try settling.get()
        return value
      }
    } catch let error as DatabaseError {
      throw StorageError(error)
    }
  }

  /// Runs several bodies in one transaction, each in a savepoint: they share one sync of the disk.
  ///
  /// A body that throws undoes itself and nothing else. When the commit fails, or the engine fails
  /// within a body (a full disk may end the whole transaction), all have failed.
  ///
  /// - Returns: what became of each body, in order.
  /// - Throws: ``StorageError`` when the transaction as a whole could not be kept.
  package func write<T: Sendable>(
    batch bodies: [@Sendable (ResearchTransaction) throws -> T]
  ) async throws -> [Result<T, any Error>] {
    try await writeAlone { transaction in
      try bodies.map { body in
        do {
          return .success(try transaction.savepoint { try body(transaction) })
        } catch let error as StorageError where error.isFatalToTransaction {
          throw error
        } catch {
          return .failure(error)
        }
      }
    }
  }

  /// Runs `body` on the database as it is now, whatever is written meanwhile.
  ///
  /// - Throws: what `body` throws, or ``StorageError``.
  package func read<T: Sendable>(
    _ body: @Sendable (ResearchSnapshot) throws -> T
  ) async throws -> T {
    do {
      return try await pool.read { try body(ResearchSnapshot($0)) }
    } catch let error as DatabaseError {
      throw StorageError(error)
    }
  }

  /// Records in the study's chain that data left the database.
  ///
  /// - Parameter tables: how many rows of each table were exported, by its name.
  /// - Throws: ``StorageError``.
  package func recordExport(of tables: [String: Int], at now: Date) async throws {
    try await write { try $0.recordExport(of: tables, at: now) }
  }

  /// Recomputes every chain of events and compares the rows with what the events say.
  ///
  /// - Returns: what is wrong; empty when all is well.
  /// - Throws: ``StorageError`` when the database cannot be read.
  package func verify() async throws -> [ChainFinding] {
    try await report().findings
  }

  /// What ``verify()`` finds, with the end of the study's chain.
  ///
  /// - Parameter kept: the hash of an earlier end, kept elsewhere; it must still be in the chain.
  /// - Throws: ``StorageError`` when the database cannot be read.
  package func report(expecting kept: String? = nil) async throws -> ChainReport {
    try await read { snapshot in
      var findings = try ChainVerification(snapshot).findings()
      if let kept, try !snapshot.studyChainHolds(kept) {
        findings.append(ChainFinding(kind: .headUnknown, chain: EventChain.study.description))
      }
      return ChainReport(
        findings: findings, erasures: try snapshot.erasures(), head: try snapshot.head(of: .study))
    }
  }
}
