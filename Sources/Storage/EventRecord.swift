package import Foundation

/// What an event says happened.
package enum EventKind: String, Hashable, Sendable, CaseIterable {
  case studyPublished = "study.published"
  case headsRecorded = "heads.recorded"
  case dataExported = "data.exported"
  case backupMade = "backup.made"
  case studyRestored = "study.restored"
  case planLocked = "plan.locked"
  case retentionApplied = "retention.applied"
  case participantEnrolled = "participant.enrolled"
  case participantConfirmed = "participant.confirmed"
  case enrolmentUndone = "enrolment.undone"
  case participantWithdrawn = "participant.withdrawn"
  case remindersStopped = "reminders.stopped"
  case remindersResumed = "reminders.resumed"
  case zoneChanged = "zone.changed"
  case languageChanged = "language.changed"
  case wakingChosen = "waking.chosen"
  case participantPaused = "participant.paused"
  case versionChanged = "version.changed"
  case screeningCounted = "screening.counted"
  case participantInvited = "participant.invited"
  case invitationEnded = "invitation.ended"
  case linkMade = "link.made"
  case consentRecorded = "consent.recorded"
  case allocationDrawn = "allocation.drawn"
  case occasionsPlanned = "occasions.planned"
  case occasionsMoved = "occasions.moved"
  case occasionClosed = "occasion.closed"
  case sessionBegun = "session.begun"
  case responseSaved = "response.saved"
  case pageSaved = "page.saved"
  case reasonsGiven = "reasons.given"
  case sessionSubmitted = "session.submitted"
  case messageQueued = "message.queued"
  case messageClaimed = "message.claimed"
  case messageSettled = "message.settled"
  case clockJumped = "clock.jumped"
  case scoresRecomputed = "scores.recomputed"
  case logsDonated = "logs.donated"
  case ownDataGiven = "own_data.given"
  case sessionRestated = "session.restated"
  case researcherAdded = "researcher.added"
  case researcherChanged = "researcher.changed"
  case researcherRenewed = "researcher.renewed"
  case researcherRevoked = "researcher.revoked"
  case researcherSignedIn = "researcher.signed_in"
  case researcherSignedOut = "researcher.signed_out"
  case apiTokenMade = "api_token.made"
  case apiTokenRevoked = "api_token.revoked"
  case identitiesSeen = "identities.seen"
  case erasureRequested = "erasure.requested"
  case erasurePerformed = "erasure.performed"
  case erasureCompleted = "erasure.completed"
}

/// Which append-only list an event belongs to.
package enum EventChain: Hashable, Sendable, CustomStringConvertible {
  case study
  /// A participant, by UUID.
  case participant(UUID)

  /// The chain's name in the database.
  package var description: String {
    switch self {
    case .study: "study"
    case .participant(let uuid): uuid.text
    }
  }
}

/// One link of a chain, without its content.
package struct EventRecord: Hashable, Sendable {
  /// The chain's name: `study`, or a participant's UUID.
  package var chain: String
  /// From 1, without gaps.
  package var number: Int
  /// What happened.
  package var kind: EventKind
  /// When it happened, by the server's clock.
  package var happened: Date
  /// The SHA-256 of the event's bytes, which include the hash before it.
  package var hash: String

  package init(chain: String, number: Int, kind: EventKind, happened: Date, hash: String) {
    self.chain = chain
    self.number = number
    self.kind = kind
    self.happened = happened
    self.hash = hash
  }
}

extension UUID {
  /// The UUID of a text with the usual hyphens. Foundation's own goes through `sscanf`, which took a
  /// thirtieth of the time of a rehearsal.
  init?(text: String) {
    var digits: [UInt8] = []
    digits.reserveCapacity(32)
    for (index, character) in text.utf8.enumerated() {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard character == UInt8(ascii: "-") else { return nil }
      } else {
        guard let value = Hexadecimal.value(of: character) else { return nil }
        digits.append(value)
      }
    }
    guard digits.count == 32, text.utf8.count == 36 else { return nil }
    self = withUnsafeTemporaryAllocation(of: uuid_t.self, capacity: 1) { place in
      withUnsafeMutableBytes(of: &place[0]) { bytes in
        for index in 0..<16 { bytes[index] = digits[2 * index] << 4 | digits[2 * index + 1] }
      }
      return UUID(uuid: place[0])
    }
  }

  /// The UUID as the database writes it: lower case.
  var text: String {
    String(unsafeUninitializedCapacity: 36) { text in
      withUnsafeBytes(of: uuid) { bytes in
        var place = 0
        for (index, byte) in bytes.enumerated() {
          if index == 4 || index == 6 || index == 8 || index == 10 {
            text[place] = UInt8(ascii: "-")
            place += 1
          }
          text[place] = Hexadecimal.digit(byte >> 4)
          text[place + 1] = Hexadecimal.digit(byte & 15)
          place += 2
        }
        return place
      }
    }
  }
}
