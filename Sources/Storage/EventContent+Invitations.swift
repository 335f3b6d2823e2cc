import Foundation
import LocalTime

extension EventContent {
  static func invitation(_ invitation: InvitationRecord) -> CanonicalJSON {
    .object([
      "code_hash": .optional(invitation.codeHash),
      "invited_at": .integer(invitation.invited.utcMilliseconds),
      "language": .text(invitation.language), "pseudonym": .text(invitation.pseudonym),
      "site": .text(invitation.site), "state": .text(invitation.state.rawValue),
      "state_since": .integer(invitation.stateSince.utcMilliseconds),
    ])
  }

  static func invitationEnd(_ state: InvitationState, at now: Date) -> CanonicalJSON {
    .object([
      "state": .text(state.rawValue), "state_since": .integer(now.utcMilliseconds),
    ])
  }

  static func screening(_ outcome: ScreeningOutcome, site: String) -> CanonicalJSON {
    .object(["outcome": .text(outcome.rawValue), "site": .text(site)])
  }
}
