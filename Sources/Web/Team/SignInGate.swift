import Synchronization

/// Lets attempts to sign in from one network through one after another, with the pauses that failures
/// come to: who tries many passwords at once gets no further than who tries them in turn.
///
/// It is by network, never by name: nobody can keep somebody else out by failing in their name.
final class SignInGate: Sendable {
  /// As many wait already as may.
  struct Crowded: Error {}

  /// How many of one network wait at most: with the longest pause before each of them, the last is answered
  /// before its connection counts as idle.
  static let longest = 4

  private struct Line {
    var waiting: [CheckedContinuation<Void, any Error>] = []
  }

  private let lines = Mutex([String: Line]())

  /// Runs `body` when nobody else of the network is at it.
  ///
  /// - Throws: ``Crowded``, or what `body` throws.
  func pass<T: Sendable>(
    _ network: String, _ body: () async throws -> T
  ) async throws -> T {
    try await enter(network)
    defer { leave(network) }
    return try await body()
  }

  /// How many of a network wait.
  func waiting(_ network: String) -> Int { lines.withLock { $0[network]?.waiting.count ?? 0 } }

  private func enter(_ network: String) async throws {
    try await withCheckedThrowingContinuation { continuation in
      let answer = lines.withLock { lines -> Result<Void, any Error>? in
        guard let line = lines[network] else {
          lines[network] = Line()
          return .success(())
        }
        guard line.waiting.count < Self.longest else { return .failure(Crowded()) }
        lines[network]?.waiting.append(continuation)
        return nil
      }
      if let answer { continuation.resume(with: answer) }
    }
  }

  private func leave(_ network: String) {
    let next = lines.withLock { lines -> CheckedContinuation<Void, any Error>? in
      guard lines[network]?.waiting.isEmpty == false else {
        lines[network] = nil
        return nil
      }
      return lines[network]?.waiting.removeFirst()
    }
    next?.resume()
  }
}
