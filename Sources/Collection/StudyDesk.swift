import Foundation
package import Identities
package import Storage

/// A study that is running: its databases and its definitions, and all that can happen in it.
///
/// Both doors, terminal and web, come here, and every rule about people, windows and answers is
/// here and nowhere else. A desk has no state of its own: what is true is in the database. It reads
/// its definitions from the database, never from the study's folder.
///
/// Each operation comes twice: `async`, in a transaction of its own, and with a transaction to run
/// in, so that a rehearsal or a page full of answers shares one sync of the disk. When the latter
/// throws, the transaction or savepoint around it must be given up.
package struct StudyDesk: Sendable {
  /// The answers, and all else about the study but contacts.
  package let database: ResearchDatabase
  /// The contacts, where they are at hand.
  package let identities: IdentityDatabase?
  /// All versions that were published, by number.
  package let versions: [Int: StudyVersion]
  /// The version that new participants answer.
  package let current: StudyVersion
  /// The secret that arms are drawn from.
  let allocationSeed: UInt64
  /// The secret that personal links are made with, where it is at hand.
  let linkKey: SecretKey?

  /// The version of the study that a participant answers.
  ///
  /// - Throws: ``CollectionError`` when the database has no such publication.
  package func version(_ publication: Int) throws -> StudyVersion {
    guard let version = versions[publication] else {
      throw CollectionError(
        .unreadableStudy, database.url.path, detail: "publication \(publication) is missing")
    }
    return version
  }
}
