package import Crypto

extension SecretKey {
  /// A key for one purpose and one salt, which tells nothing about this key (HKDF, RFC 5869).
  package func derived(for purpose: String, salt: [UInt8]) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: key, salt: salt, info: Array("longwell \(purpose)".utf8),
      outputByteCount: 32)
  }
}
