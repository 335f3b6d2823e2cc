import Crypto
import CryptoExtras
import Dispatch
import Foundation
import Storage
import Synchronization

/// How long a guess at a password takes.
package struct PasswordCost: Hashable, Sendable {
  /// scrypt's N as a power of two.
  package let exponent: Int

  package init(exponent: Int) { self.exponent = exponent }

  /// N = 2¹⁷, with r = 8 and p = 1: 128 MiB and some tenths of a second (OWASP's first choice).
  package static let standard = PasswordCost(exponent: 17)
}

/// Hashes passwords with scrypt (RFC 7914), two at a time and away from the threads that answer
/// requests: each takes 128 MiB, and a crowd at the door must not take the memory of the study.
package final class PasswordWork: Sendable {
  private struct State {
    var running = 0
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private static let atOnce = 2
  private static let salt = 16
  private let state = Mutex(State())
  /// What new passwords cost; those that are stored say what they cost.
  package let cost: PasswordCost

  package init(cost: PasswordCost = .standard) { self.cost = cost }

  /// A password as it is stored: `scrypt$17$8$1$`, the salt and the hash in Base64.
  package func stored(_ password: String) async throws -> String {
    let salt = Array(Secrets.system.key(for: "salt").prefix(Self.salt))
    let hash = try await hash(password, salt: salt, exponent: cost.exponent)
    return Self.text(exponent: cost.exponent, salt: salt, hash: hash)
  }

  /// Whether a password is the one that is stored. Where nothing is stored it takes as long, and is no.
  package func fits(_ password: String, _ stored: String?) async throws -> Bool {
    let unknown = Self.text(
      exponent: cost.exponent, salt: Array(repeating: 0, count: Self.salt),
      hash: Array(repeating: 0, count: 32))
    let parts = (stored ?? unknown).split(separator: "$").map(String.init)
    guard parts.count == 6, parts[0] == "scrypt", parts[2] == "8", parts[3] == "1",
      let exponent = Int(parts[1]), (1...20).contains(exponent),
      let salt = Data(base64Encoded: parts[4]), let known = Data(base64Encoded: parts[5])
    else { throw CollectionError(.unreadableStudy, "a researcher's password") }
    let found = try await hash(password, salt: Array(salt), exponent: exponent)
    return ConstantTime.areEqual(found, Array(known)) && stored != nil
  }

  private static func text(exponent: Int, salt: [UInt8], hash: [UInt8]) -> String {
    "scrypt$\(exponent)$8$1$\(Data(salt).base64EncodedString())$"
      + Data(hash).base64EncodedString()
  }

  private func hash(_ password: String, salt: [UInt8], exponent: Int) async throws -> [UInt8] {
    await enter()
    defer { leave() }
    let words = Array(password.precomposedStringWithCanonicalMapping.utf8)
    return try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global(qos: .utility).async {
        continuation.resume(
          with: Result {
            try KDF.Scrypt.deriveKey(
              from: words, salt: salt, outputByteCount: 32, rounds: 1 << exponent, blockSize: 8,
              parallelism: 1
            ).withUnsafeBytes { Array($0) }
          })
      }
    }
  }

  private func enter() async {
    await withCheckedContinuation { continuation in
      let mayGo = state.withLock { state in
        guard state.running < Self.atOnce else {
          state.waiting.append(continuation)
          return false
        }
        state.running += 1
        return true
      }
      if mayGo { continuation.resume() }
    }
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.running -= 1
      return nil
    }
    next?.resume()
  }
}

/// Comparing secrets without telling by the time it takes where they differ.
package enum ConstantTime {
  /// Whether two lists of bytes are the same; their lengths are no secret.
  package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
