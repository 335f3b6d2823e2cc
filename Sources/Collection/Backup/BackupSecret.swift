import Crypto
import CryptoExtras
import Foundation
package import Identities

/// What a backup is encrypted under.
package enum BackupSecret: Sendable {
  /// A key file, kept apart from the backups.
  case key(SecretKey)
  /// Words that somebody remembers. They are stretched by scrypt (RFC 7914) with N = 2¹⁷, r = 8,
  /// p = 1: 128 MiB and some tenths of a second for each guess.
  case passphrase(String)

  /// How the key of a file comes from a secret, as its header says.
  enum Derivation: UInt8 {
    case keyFile = 1
    case passphrase = 2
  }

  var derivation: Derivation {
    switch self {
    case .key: .keyFile
    case .passphrase: .passphrase
    }
  }

  /// The key of one file: no two files share one, so chunks may be numbered from 0 in each.
  func fileKey(salt: [UInt8]) throws -> SymmetricKey {
    switch self {
    case .key(let key): return key.derived(for: "backup", salt: salt)
    case .passphrase(let words):
      return try KDF.Scrypt.deriveKey(
        from: Array(words.precomposedStringWithCanonicalMapping.utf8), salt: salt,
        outputByteCount: 32, rounds: 1 << 17, blockSize: 8, parallelism: 1)
    }
  }
}
