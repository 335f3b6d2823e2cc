package import Foundation

/// A list of words that values rest on.
package struct ListReference: Hashable, Sendable {
  package var name, version, hash: String

  package init(name: String, version: String, hash: String) {
    self.name = name
    self.version = version
    self.hash = hash
  }
}

/// One act of giving features of an interaction log to the study.
package struct DonationRecord: Hashable, Sendable {
  package var uuid: UUID
  /// Where the export comes from: `chatgpt`.
  package var source: String
  /// Which of the participant's accounts there, from 1.
  package var account: Int
  /// Whether it has days only: no conversations and no times.
  package var isDaily: Bool
  /// The zone that its days are of.
  package var zone: String
  /// From when on it tells everything: the later of the first conversation and the service's retention
  /// limit; nil for an export without any time.
  package var coveredFrom: Date?
  /// When the export was made.
  package var coveredUntil: Date
  /// The consent that it rests on.
  package var consentVersion: Int
  package var consentPart: String
  /// The lists of words that its values rest on.
  package var lists: [ListReference]
  package var donated: Date

  package init(
    uuid: UUID, source: String, account: Int, isDaily: Bool, zone: String, coveredFrom: Date?,
    coveredUntil: Date, consentVersion: Int, consentPart: String, lists: [ListReference],
    donated: Date
  ) {
    self.uuid = uuid
    self.source = source
    self.account = account
    self.isDaily = isDaily
    self.zone = zone
    self.coveredFrom = coveredFrom
    self.coveredUntil = coveredUntil
    self.consentVersion = consentVersion
    self.consentPart = consentPart
    self.lists = lists
    self.donated = donated
  }
}

/// What is kept of one conversation.
package struct ConversationRow: Hashable, Sendable {
  /// The donation that it came with, last.
  package var donation: UUID
  /// Its name: HMAC-SHA-256 of the service's, under the participant's own key, in hexadecimal.
  package var token: String
  /// Whether the participant keeps it back: then nothing else of it is here.
  package var isWithheld: Bool
  package var started: Date?
  package var ended: Date?
  /// The local day that it began on, `2027-03-01`.
  package var day: String?
  /// The part of the local day that it began in: `night`, `morning`, `afternoon` or `evening`.
  package var dayPart: String?
  /// The family of the model.
  package var model: String?
  /// ISO 639 code.
  package var language: String?
  package var numbers: [InteractionNumber: Double]

  package init(
    donation: UUID, token: String, started: Date?, ended: Date?, day: String?,
    dayPart: String?, model: String?, language: String?, numbers: [InteractionNumber: Double]
  ) {
    self.donation = donation
    self.token = token
    isWithheld = false
    self.started = started
    self.ended = ended
    self.day = day
    self.dayPart = dayPart
    self.model = model
    self.language = language
    self.numbers = numbers
  }

  /// A conversation that the participant keeps back.
  package init(withheld token: String, donation: UUID) {
    self.init(
      donation: donation, token: token, started: nil, ended: nil, day: nil, dayPart: nil,
      model: nil,
      language: nil, numbers: [:])
    isWithheld = true
  }
}

/// A stretch of use without a long gap.
package struct InteractionSessionRow: Hashable, Sendable {
  package var donation: UUID
  package var started, ended: Date
  package var numbers: [InteractionNumber: Double]

  package init(
    donation: UUID, started: Date, ended: Date, numbers: [InteractionNumber: Double]
  ) {
    self.donation = donation
    self.started = started
    self.ended = ended
    self.numbers = numbers
  }
}

/// What is kept of one local day of one account.
package struct InteractionDayRow: Hashable, Sendable {
  package var donation: UUID
  /// The study day by its local date, `2027-03-01`.
  package var day: String
  /// Whether the participant keeps it back: then nothing else of it is here.
  package var isWithheld: Bool
  package var numbers: [InteractionNumber: Double]

  package init(donation: UUID, day: String, numbers: [InteractionNumber: Double]) {
    self.donation = donation
    self.day = day
    isWithheld = false
    self.numbers = numbers
  }

  /// A day that the participant keeps back.
  package init(withheld day: String, donation: UUID) {
    self.init(donation: donation, day: day, numbers: [:])
    isWithheld = true
  }
}

/// All that is kept of one participant's interaction logs.
package struct InteractionRows: Hashable, Sendable {
  package var conversations: [ConversationRow]
  package var sessions: [InteractionSessionRow]
  package var days: [InteractionDayRow]

  package init(
    conversations: [ConversationRow] = [], sessions: [InteractionSessionRow] = [],
    days: [InteractionDayRow] = []
  ) {
    self.conversations = conversations
    self.sessions = sessions
    self.days = days
  }
}
