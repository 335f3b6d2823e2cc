/// One file of a study, byte by byte: what the database keeps so that a running study never depends
/// on what happens to the folder.
package struct StudyDocument: Hashable, Sendable {
  /// What a file is to a study.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The study file.
    case study
    /// An instrument.
    case instrument
    /// An instrument in other words.
    case overlay
    /// A consent text in one language.
    case consent
    /// Another text in one language.
    case text
  }

  /// What the file is.
  package let kind: Kind
  /// The study's, the instrument's or the overlay's id; a text's path inside the study folder.
  package let id: String
  /// The version that the study, the instrument, the overlay or the consent states; the study's for other texts.
  package let version: String
  /// The file.
  package let bytes: [UInt8]
  /// The SHA-256 of the file in hexadecimal digits.
  package let hash: String

  /// A file with its hash.
  package init(kind: Kind, id: String, version: String, bytes: [UInt8]) {
    self.kind = kind
    self.id = id
    self.version = version
    self.bytes = bytes
    hash = hexadecimalHash(of: bytes)
  }
}

/// A text that participants read, in one language.
package struct StudyText: Hashable, Sendable {
  /// The path inside the study folder.
  package let path: String
  /// The language tag.
  package let language: String
  /// The text, Markdown by convention.
  package let text: String
  /// The SHA-256 of the file in hexadecimal digits: what a consent refers to.
  package let contentHash: String
}
