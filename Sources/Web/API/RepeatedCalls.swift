import Collection
import Crypto
import Foundation
import Hummingbird
import Synchronization

/// Answers to calls that came with an `Idempotency-Key` (IETF draft idempotency-key-header), so that a call
/// that is sent again is done once and answered as it was.
///
/// It is kept in memory: a program that sends again after a restart of the server does what Collection makes of
/// it, which for all but opening an event comes to the same. Answers of participants need no such memory: their
/// keys are on disk.
final class RepeatedCalls: Sendable {
  /// The same call is still being done.
  struct Running: Error {}

  private struct Call {
    let fingerprint: [UInt8]
    let since: Date
    /// Nil while it is being done.
    var answer: Response?
  }

  /// For how long an answer is kept, in seconds: programs try again within minutes, and what people said is not
  /// to lie about.
  static let time: TimeInterval = 3600
  /// How many are kept at most; the oldest make room.
  static let capacity = 2_000
  /// The longest answer that is kept, in bytes.
  static let longest = 64 * 1024

  private let calls = Mutex([String: Call]())

  /// Does a call, or answers as when it was done.
  ///
  /// - Parameters:
  ///   - key: what the caller names the call; nil for a call that is done each time it comes.
  ///   - caller: whose names they are.
  /// - Throws: ``CollectionError`` `keyReused` where the name is another call's, ``Running``, or what `body`
  ///   throws, of which nothing is kept.
  func once(
    _ key: String?, of caller: String, _ request: Request, now: Date,
    _ body: (Request) async throws -> Response
  ) async throws -> Response {
    guard let key else { return try await body(request) }
    var request = request
    let sent: ByteBuffer
    do { sent = try await request.collectBody(upTo: FormFields.longest) } catch {
      throw WebProblem.tooLong
    }
    var hash = SHA256()
    hash.update(data: Array("\(request.method.rawValue) \(request.uri.path)\n".utf8))
    sent.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
    let (name, fingerprint) = ("\(caller) \(key)", Array(hash.finalize()))
    if let answer = try begin(name, fingerprint, key, now: now) { return answer }
    do {
      let answer = try await body(request)
      let isKept = (answer.body.contentLength ?? .max) <= Self.longest
      calls.withLock { isKept ? $0[name]?.answer = answer : ($0[name] = nil) }
      return answer
    } catch {
      calls.withLock { $0[name] = nil }
      throw error
    }
  }

  /// Forgets the calls of somebody who leaves: what they were answered may hold what they said.
  func forget(_ caller: String) {
    calls.withLock { calls in calls = calls.filter { !$0.key.hasPrefix(caller + " ") } }
  }

  /// - Returns: what was answered; nil for a call that is to be done.
  private func begin(
    _ name: String, _ fingerprint: [UInt8], _ key: String, now: Date
  ) throws -> Response? {
    try calls.withLock { calls in
      if let known = calls[name], now.timeIntervalSince(known.since) < Self.time {
        guard known.fingerprint == fingerprint else { throw CollectionError(.keyReused, key) }
        guard let answer = known.answer else { throw Running() }
        return answer
      }
      if calls.count >= Self.capacity {
        let newest = calls.sorted { $0.value.since > $1.value.since }.prefix(Self.capacity / 2)
        calls = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
      }
      calls[name] = Call(fingerprint: fingerprint, since: now, answer: nil)
      return nil
    }
  }
}
