package import Foundation

/// What became of a message.
package enum MessageState: String, Hashable, Sendable, CaseIterable {
  /// About to be handed to its carrier. Where it stays so, whoever claimed it was interrupted.
  case claimed
  /// The carrier said that it did not go out; it is tried again.
  case waiting
  /// The carrier has it.
  case sent
  /// It was handed over and nobody knows what became of it. It is never tried again by itself.
  case uncertain
  /// Given up.
  case failed
  /// Not needed any more before it could go out: the occasion was submitted, or has closed.
  case dropped
}

/// A message to one person: one of its kind and number for an occasion, by each channel.
package struct MessageRecord: Hashable, Sendable {
  /// What a message is for.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case invitation, opening, reminder, thanks
    /// To whoever of the study looks at answers of concern.
    case alert
  }

  package var uuid: UUID
  /// Whom it is to: the UUID of a participant, or of somebody invited.
  package var person: UUID
  /// The occasion that it is about; none for an invitation.
  package var occasion: UUID?
  package var kind: Kind
  /// Which of the occasion's reminders, from 0; 0 for other kinds.
  package var number: Int
  /// The way that it goes: `email`; ``anyChannel`` before it is claimed, where the first will do.
  package var channel: String
  /// When it was to go.
  package var due: Date
  /// From when on it makes no sense any more.
  package var expires: Date
  package var state: MessageState
  /// How often it was handed to the carrier.
  package var attempts: Int
  /// When it was last claimed; nil before.
  package var claimed: Date?
  /// When it came to be in its state; nil while it is claimed.
  package var settled: Date?
  /// When it is tried again; only while it is waiting.
  package var next: Date?
  /// The last failure in a few words, without anything personal.
  package var failure: String?

  /// The channel of a message that is queued before anybody knows by which way it will go.
  package static let anyChannel = "any"

  /// A message that nobody has claimed yet.
  package init(
    uuid: UUID, person: UUID, occasion: UUID?, kind: Kind, number: Int = 0, channel: String,
    due: Date, expires: Date, state: MessageState = .claimed, attempts: Int = 0,
    claimed: Date? = nil, settled: Date? = nil, next: Date? = nil, failure: String? = nil
  ) {
    self.uuid = uuid
    self.person = person
    self.occasion = occasion
    self.kind = kind
    self.number = number
    self.channel = channel
    self.due = due
    self.expires = expires
    self.state = state
    self.attempts = attempts
    self.claimed = claimed
    self.settled = settled
    self.next = next
    self.failure = failure
  }
}

/// An occasion about which messages may be due, with those that there are.
package struct OccasionToAnnounce: Hashable, Sendable {
  package var occasion: UUID
  package var person: UUID
  package var pseudonym: String
  /// The occasion's id in the study file.
  package var plan: String
  package var opens: Date
  package var closes: Date
  package var graceEnds: Date
  /// The zone that it was planned in.
  package var zone: String
  package var state: OccasionState
  package var stateSince: Date
  package var isEvent: Bool
  /// The zone that the participant is in now.
  package var homeZone: String
  /// The version of the study that it was planned by.
  package var publication: Int
  /// The version that the participant answers now.
  package var following: Int
  /// The messages that there are, whatever their state.
  package var known: Set<Key>

  /// What tells the messages of one occasion apart.
  package struct Key: Hashable, Sendable {
    package var kind: MessageRecord.Kind
    package var number: Int
    package var channel: String

    package init(kind: MessageRecord.Kind, number: Int, channel: String) {
      self.kind = kind
      self.number = number
      self.channel = channel
    }
  }
}
