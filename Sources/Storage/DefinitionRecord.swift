import Crypto
package import Foundation

/// The exact bytes of one file that a running study reads: nothing else is read from disk.
package struct DefinitionRecord: Hashable, Sendable {
  /// What the file defines.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case study, instrument, overlay, consent, text
  }

  /// What the file defines.
  package var kind: Kind
  /// The study's or instrument's id; for a text, its path within the study folder.
  package var id: String
  /// The version that the file states.
  package var version: String
  /// The file, byte by byte.
  package var bytes: [UInt8]
  /// The SHA-256 of the bytes, in lower-case hexadecimal.
  package let hash: String

  package init(kind: Kind, id: String, version: String, bytes: [UInt8]) {
    self.kind = kind
    self.id = id
    self.version = version
    self.bytes = bytes
    hash = Hexadecimal.text(of: Array(SHA256.hash(data: bytes)))
  }
}

/// One version of the study as participants meet it: a numbered set of definitions.
package struct PublicationRecord: Hashable, Sendable {
  /// From 1, in the order of publication.
  package var number: Int
  /// The study's id.
  package var studyID: String
  /// The version that the file states.
  package var version: String
  /// The study's content hash, which says whether two publications differ.
  package var contentHash: String
  /// When it was published.
  package var published: Date
  /// Who answers it.
  package var appliesTo: PublicationScope

  package init(
    number: Int, studyID: String, version: String, contentHash: String, published: Date,
    appliesTo: PublicationScope = .newParticipants
  ) {
    self.number = number
    self.studyID = studyID
    self.version = version
    self.contentHash = contentHash
    self.published = published
    self.appliesTo = appliesTo
  }
}

/// Whom a version of a study is for.
package enum PublicationScope: String, Hashable, Sendable, CaseIterable {
  /// Those who enrol from then on.
  case newParticipants = "new"
  /// They, and what has not opened of everybody who takes part.
  case everyone
}
