import Crypto
package import Foundation

/// 256 bits from the system's generator, in a file that its owner alone can read.
///
/// One file has one purpose: the key of the contacts and the seed of the allocation are kept
/// apart, because different people may hold them. A lost file cannot be made again.
package struct SecretKey: Sendable {
  /// How many bytes a key has: AES-256 and HMAC-SHA-256 take as many.
  package static let byteCount = 32

  let key: SymmetricKey

  /// A key for databases of simulated people, from a seed: worth nothing as a secret.
  package static func forRehearsal(seed: UInt64) -> SecretKey {
    SecretKey(key: SymmetricKey(data: SHA256.hash(data: Array("longwell rehearsal \(seed)".utf8))))
  }

  /// Makes a key and its file, readable by the owner only.
  ///
  /// - Throws: ``IdentityError`` `keyFileExists` rather than replace a file: a second key would
  ///   lock everything that the first one opens.
  package static func create(at url: URL) throws(IdentityError) -> SecretKey {
    let descriptor = open(url.path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    guard descriptor >= 0 else {
      throw IdentityError(errno == EEXIST ? .keyFileExists : .keyFileUnusable, url.path)
    }
    let key = SymmetricKey(size: .bits256)
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: key.withUnsafeBytes { Data($0) })
      try handle.synchronize()
    } catch {
      throw IdentityError(.keyFileUnusable, url.path)
    }
    return SecretKey(key: key)
  }

  /// Reads a key.
  ///
  /// - Throws: ``IdentityError`` when there is no file, when others can read it, or when it is
  ///   no key.
  package static func load(from url: URL) throws(IdentityError) -> SecretKey {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.path) else {
      throw IdentityError(.keyFileMissing, url.path)
    }
    let permissions = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
    guard permissions & 0o077 == 0 else { throw IdentityError(.keyFileExposed, url.path) }
    guard let bytes = try? Data(contentsOf: url), bytes.count == byteCount else {
      throw IdentityError(.keyFileUnusable, url.path)
    }
    return SecretKey(key: SymmetricKey(data: bytes))
  }

  /// A 64-bit seed for one purpose, which tells nothing about the key or about other seeds
  /// (HKDF, RFC 5869).
  package func seed(for purpose: String) -> UInt64 {
    let derived = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: key, info: Array("longwell seed \(purpose)".utf8), outputByteCount: 8)
    return derived.withUnsafeBytes { $0.reduce(0) { $0 << 8 | UInt64($1) } }
  }
}

extension SecretKey: CustomStringConvertible, CustomReflectable {
  /// A key never prints itself.
  package var description: String { "a secret key" }
  /// A key has nothing to show to a debugger's dump.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
