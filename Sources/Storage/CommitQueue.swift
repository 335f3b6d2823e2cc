import Synchronization

/// Writes that wait for each other, so that all of them share one transaction and one sync of the
/// disk.
///
/// Whoever comes while nothing is written is written at once, alone. Whoever comes while a
/// transaction is under way waits for it to end, with all others who come meanwhile, and is written
/// with them: the busier it is, the more share a sync, and nobody waits for a timer.
final class CommitQueue: Sendable {
  /// One write: what it does, and whom to tell once it is on disk.
  private struct Job: Sendable {
    let body: @Sendable (ResearchTransaction) throws -> Void
    let finish: @Sendable (Result<Void, any Error>) -> Void
  }

  private struct State {
    var waiting: [Job] = []
    var isWriting = false
  }

  /// How many share a transaction at most: one that lasts long keeps the first of them waiting, and 64
  /// make the sync a small part of it.
  static let longest = 64

  private let state = Mutex(State())

  /// Runs `body` in a savepoint of a transaction that is on disk when this returns.
  ///
  /// - Throws: what `body` throws, or ``StorageError`` when the transaction could not be kept.
  func write<T: Sendable>(
    on database: ResearchDatabase, _ body: @escaping @Sendable (ResearchTransaction) throws -> T
  ) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      let outcome = Outcome<T>()
      let job = Job {
        outcome.store(try body($0))
      } finish: { result in
        switch (result, outcome.load()) {
        case (.success, let value?): continuation.resume(returning: value)
        case (.success, nil): continuation.resume(throwing: StorageError(.engine, "a transaction"))
        case (.failure(let error), _): continuation.resume(throwing: error)
        }
      }
      let isFirst = state.withLock { state in
        state.waiting.append(job)
        defer { state.isWriting = true }
        return !state.isWriting
      }
      if isFirst { Task { await drain(into: database) } }
    }
  }

  private func drain(into database: ResearchDatabase) async {
    while true {
      let jobs = state.withLock { state in
        let jobs = Array(state.waiting.prefix(Self.longest))
        state.waiting.removeFirst(jobs.count)
        if jobs.isEmpty { state.isWriting = false }
        return jobs
      }
      guard !jobs.isEmpty else { return }
      do {
        let results = try await database.write(batch: jobs.map(\.body))
        for (job, result) in zip(jobs, results) { job.finish(result) }
      } catch {
        for job in jobs { job.finish(.failure(error)) }
      }
    }
  }

  /// What a body gave, kept until it is on disk.
  private final class Outcome<T: Sendable>: Sendable {
    private let value = Mutex<T?>(nil)
    func store(_ new: T) { value.withLock { $0 = new } }
    func load() -> T? { value.withLock { $0 } }
  }
}

extension ResearchDatabase {
  /// The same database, whose writes share transactions with those that come at about the same time:
  /// for a server with many participants. A write that has returned is on disk all the same.
  package func sharingCommits() -> ResearchDatabase {
    ResearchDatabase(pool: pool, secrets: secrets, commits: CommitQueue(), kind: kind, url: url)
  }
}
