/// Why a backup cannot be written or restored. It never carries a secret or what is in the backup.
package struct BackupError: Error, Hashable, Sendable {
  /// The kind of failure; more may be added.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The code as text.
    package let description: String

    /// The file is no backup.
    package static let foreignFile = Code(description: "foreign file")
    /// The file was written by a later version.
    package static let newerFormat = Code(description: "newer format")
    /// The file was written under a key, and a passphrase was given.
    package static let needsKey = Code(description: "needs a key")
    /// The file was written under a passphrase, and a key was given.
    package static let needsPassphrase = Code(description: "needs a passphrase")
    /// The first chunk does not open: another secret, or a changed file.
    package static let doesNotOpen = Code(description: "does not open")
    /// The file was changed or cut off.
    package static let damaged = Code(description: "damaged")
    /// A file or a study is in the way.
    package static let exists = Code(description: "exists")
    /// No ledger of erasures made after the backup is at hand.
    package static let ledgerMissing = Code(description: "ledger missing")
    /// The ledger of erasures lacks some that are known: it was cut, or is another study's.
    package static let ledgerShort = Code(description: "ledger short")
    /// A file cannot be read or written.
    package static let unusable = Code(description: "unusable")
  }

  /// What went wrong, to act on.
  package let code: Code
  /// Which file or folder.
  package let subject: String
  /// What was found.
  package let detail: String?

  package init(_ code: Code, _ subject: String, detail: String? = nil) {
    self.code = code
    self.subject = subject
    self.detail = detail
  }
}

extension BackupError: CustomStringConvertible {
  /// One line for a person: what, where, and what to do.
  package var description: String {
    let hint = detail.map { ": \($0)" } ?? ""
    return switch code {
    case .foreignFile: "\(subject) is not a backup of Longwell; name another file"
    case .newerFormat: "\(subject) was written by a later version of Longwell; use that version"
    case .needsKey: "\(subject) was written under a key; name its file with --key"
    case .needsPassphrase: "\(subject) was written under a passphrase; add --passphrase"
    case .doesNotOpen:
      "\(subject) does not open: it was written under another key or passphrase, or was changed"
    case .damaged: "\(subject) is not as it was written\(hint); nothing was restored"
    case .exists: "\(subject) exists already\(hint)"
    case .ledgerMissing:
      "nothing was restored: people who were erased after the backup would come back; name the "
        + "ledger of erasures with --ledger (it lies beside the study's keys), or say --no-ledger "
        + "where nobody was erased"
    case .ledgerShort:
      "nothing was restored: the ledger of erasures lacks \(subject) that are known, so it may lack "
        + "later ones too; name the whole ledger with --ledger, or say --no-ledger where nobody was "
        + "erased after the backup"
    default: "\(subject) cannot be used\(hint)"
    }
  }
}
