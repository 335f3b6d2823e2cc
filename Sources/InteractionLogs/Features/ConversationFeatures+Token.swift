internal import Crypto

extension ConversationFeatures {
  /// A name for the conversation in what its owner looks at: 32 hexadecimal digits, the same for the
  /// same conversation in every export.
  ///
  /// It is no pseudonym: a donated row is named by an HMAC under the participant's own key.
  package var previewToken: String {
    var hash = SHA256()
    hash.update(data: Array("longwell interaction log preview".utf8))
    hash.update(data: key)
    return hash.finalize().prefix(16).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }.joined()
  }
}
