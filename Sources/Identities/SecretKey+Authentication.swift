import Crypto

extension SecretKey {
  /// An authentication code of a message (HMAC-SHA-256, RFC 2104): 32 bytes that only holders of the
  /// key can make.
  package func authenticationCode(for message: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
  }
}
