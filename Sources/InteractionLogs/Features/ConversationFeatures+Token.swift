package import Crypto

extension ConversationFeatures {
  /// A name for the conversation in what its owner looks at: 32 hexadecimal digits.
  ///
  /// It tells nothing to whom the key is unknown, and is no pseudonym: a donated row is named otherwise.
  package func previewToken(under key: SymmetricKey) -> String {
    HMAC<SHA256>.authenticationCode(for: self.key, using: key).prefix(16).hexadecimal
  }

  /// A random key, for tokens that mean something in one output only.
  package static func passingKey() -> SymmetricKey { SymmetricKey(size: .bits256) }
}
