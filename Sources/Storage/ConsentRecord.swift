package import Foundation

/// One decision of a participant about one part of one version of the consent text.
///
/// Decisions are never overwritten: the last one about a part holds.
package struct ConsentRecord: Hashable, Sendable {
  /// The version of the consent text.
  package var version: Int
  /// The part's id in the study file.
  package var part: String
  /// Whether the participant agreed.
  package var isAgreed: Bool
  /// The SHA-256 of the exact text that was shown, in lower-case hexadecimal.
  package var textHash: String
  /// The language in which the text was shown.
  package var language: String
  /// When the participant decided.
  package var decided: Date

  package init(
    version: Int, part: String, isAgreed: Bool, textHash: String, language: String, decided: Date
  ) {
    self.version = version
    self.part = part
    self.isAgreed = isAgreed
    self.textHash = textHash
    self.language = language
    self.decided = decided
  }
}
