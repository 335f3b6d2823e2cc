package import Foundation

/// What became of an invitation.
package enum InvitationState: String, Hashable, Sendable, CaseIterable {
  /// It can be accepted.
  case open
  /// The person takes part, under the same UUID and pseudonym.
  case accepted
  /// The person did not agree to what the study requires.
  case declined
  /// The person may not join, by the study's questions.
  case ineligible
  /// The study team took it back.
  case revoked
}

/// A place that is kept for somebody who may join: the pseudonym that they will have.
package struct InvitationRecord: Hashable, Sendable {
  /// The UUID that the participant will have.
  package var uuid: UUID
  /// The name that the participant will have in research data.
  package var pseudonym: String
  /// The centre that the participant will belong to.
  package var site: String
  /// The language that the person is invited in.
  package var language: String
  /// The SHA-256 of the code that accepts it, where there is one.
  package var codeHash: String?
  /// When the person was invited.
  package var invited: Date
  /// What became of it so far, and since when.
  package var state: InvitationState
  package var stateSince: Date

  package init(
    uuid: UUID, pseudonym: String, site: String, language: String, codeHash: String? = nil,
    invited: Date, state: InvitationState = .open, stateSince: Date? = nil
  ) {
    self.uuid = uuid
    self.pseudonym = pseudonym
    self.site = site
    self.language = language
    self.codeHash = codeHash
    self.invited = invited
    self.state = state
    self.stateSince = stateSince ?? invited
  }
}

/// What came of the questions before joining.
package enum ScreeningOutcome: String, Hashable, Sendable, CaseIterable {
  /// The answers ruled it out.
  case ineligible
  /// The person may join and did not agree to what is required.
  case declined
  /// The person takes part.
  case joined
}

/// How many people the questions before joining came to an outcome for, at one site.
package struct ScreeningCount: Hashable, Sendable {
  package var site: String
  package var outcome: ScreeningOutcome
  package var people: Int
}
