/// What went wrong with the contacts or their key. It never carries a contact or a key.
package struct IdentityError: Error, Hashable, Sendable {
  /// The kind of failure; more may be added.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The code as text.
    package let description: String

    /// There is no key file.
    package static let keyFileMissing = Code(description: "key file missing")
    /// A key file is in the way of the one to create.
    package static let keyFileExists = Code(description: "key file exists")
    /// Others than the owner can read the key file.
    package static let keyFileExposed = Code(description: "key file exposed")
    /// The key file cannot be read or written, or holds no key.
    package static let keyFileUnusable = Code(description: "key file unusable")
    /// The database was written under another key.
    package static let wrongKey = Code(description: "wrong key")
    /// There is no database.
    package static let fileMissing = Code(description: "file missing")
    /// The file is no database of contacts.
    package static let foreignFile = Code(description: "foreign file")
    /// A commit would not be on disk when it is acknowledged.
    package static let notDurable = Code(description: "not durable")
    /// A stored field does not open under the key: it was changed, or moved to another person.
    package static let damaged = Code(description: "damaged")
    /// Any other failure of the database engine.
    package static let engine = Code(description: "engine")
  }

  /// What went wrong, to act on.
  package let code: Code
  /// A path, a pseudonym, or a rule of the schema.
  package let subject: String

  package init(_ code: Code, _ subject: String) {
    self.code = code
    self.subject = subject
  }
}

extension IdentityError: CustomStringConvertible {
  /// One line for a person: what, where, and what to do.
  package var description: String {
    switch code {
    case .keyFileMissing:
      "there is no key file at \(subject); restore it from where keys are kept"
    case .keyFileExists: "\(subject) exists already; a key is never replaced"
    case .keyFileExposed: "others can read the key file \(subject); run chmod 600 on it"
    case .keyFileUnusable: "\(subject) cannot be used as a key file; check its path and content"
    case .wrongKey: "\(subject) was written under another key; name the right key file"
    case .fileMissing:
      "there is no database of contacts at \(subject); put it back or restore a backup, or, if the contacts are lost for good, make an empty file there with chmod 600"
    case .foreignFile: "\(subject) is not a Longwell database of contacts; name another file"
    case .notDurable: "\(subject) cannot promise that a stored contact is on disk"
    case .damaged: "the contact of \(subject) does not open under the key; restore a backup"
    default: "the database of contacts failed: \(subject)"
    }
  }
}
