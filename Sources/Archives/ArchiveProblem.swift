/// Why an archive is not read, or not read on.
package struct ArchiveProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Kind: Hashable, Sendable {
    /// The bytes are no zip, or a damaged one.
    case unreadable
    /// An entry can only be read with a password.
    case encrypted
    /// An entry's path leads out of the archive (`..`, an absolute path) or is no path at all.
    case unsafePath
    /// An entry is a link or a device.
    case notAFile
    /// Two entries have one path, so that readers may disagree about which counts.
    case duplicatePath
    /// There are more entries than the limit.
    case tooManyEntries(Int)
    /// An entry, or all of them, unpack to more than the limit of bytes.
    case tooLarge(Int)
  }

  /// What is wrong.
  package let kind: Kind

  /// A problem of a kind.
  package init(_ kind: Kind) { self.kind = kind }

  /// One sentence: what was found and what was expected. No path of the archive is in it.
  package var description: String {
    switch kind {
    case .unreadable: "found bytes that are no readable zip archive, expected one that is whole"
    case .encrypted: "found an archive with a password, expected one without"
    case .unsafePath: "found an archive with a path that leads out of it, expected plain paths"
    case .notAFile: "found a link in an archive, expected files and folders only"
    case .duplicatePath: "found two files of one path in an archive, expected each once"
    case .tooManyEntries(let limit):
      "found an archive of more than \(limit) entries, expected fewer"
    case .tooLarge(let limit):
      "found an archive that unpacks to more than \(limit) bytes, expected less"
    }
  }
}
