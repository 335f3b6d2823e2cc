package import Identities
package import Instruments

/// What is known about somebody who joins.
package struct Enrolment: Sendable {
  /// How somebody comes to join.
  package enum Entry: Hashable, Sendable {
    /// The study team enrols them, which it may in every mode.
    case team
    /// By the study's address, where everybody may join.
    case open
    /// By the invitation that keeps this pseudonym.
    case invitation(String)
    /// By a code, as it was typed.
    case code(String)
  }

  /// How the person comes to join.
  package var entry: Entry = .team
  /// The answers to the study's questions before joining, by item, where it asks any.
  package var screening: [String: Answer]?
  /// The participant's time zone, an IANA name.
  package var zone: String
  /// One of the study's sites; may be left open where there is only one.
  package var site: String?
  /// One of the study's languages; the first one where none is chosen.
  package var language: String?
  /// A try-out in a real study: excluded from every analysis.
  package var isTest: Bool
  /// Whether this is a simulated person; databases of real people refuse them, and the other way
  /// round.
  package var isSimulated: Bool
  /// How to reach the person; goes to the other database.
  package var contact: ContactDetails?

  package init(
    zone: String, site: String? = nil, language: String? = nil, isTest: Bool = false,
    isSimulated: Bool = false, contact: ContactDetails? = nil
  ) {
    self.zone = zone
    self.site = site
    self.language = language
    self.isTest = isTest
    self.isSimulated = isSimulated
    self.contact = contact
  }
}
