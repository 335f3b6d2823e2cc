/// What is in a backup, and of what: its last entry.
package struct BackupManifest: Codable, Hashable, Sendable {
  /// One file.
  package struct Entry: Codable, Hashable, Sendable {
    /// Its path within the study's folder.
    package let path: String
    /// How many bytes it has.
    package let bytes: UInt64
    /// The SHA-256 of its bytes, in hexadecimal digits.
    package let sha256: String
  }

  /// The form of the backup; 1.
  package let format: Int
  /// When it was made, as UTC milliseconds since 1970.
  package let made: Int64
  /// The study's id.
  package let study: String
  /// The version that new participants answered.
  package let version: String
  /// `real` or `simulated`.
  package let kind: String
  /// All files but this one, in the order of writing.
  package let files: [Entry]
}
