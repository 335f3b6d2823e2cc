package import Foundation

/// What became of an occasion.
package enum OccasionState: String, Hashable, Sendable, CaseIterable {
  case planned
  /// A session has begun and its window, with grace, has not passed.
  case open
  case submitted
  /// The window passed with some answers and no submission.
  case partial
  /// The window passed without an answer.
  case missed
  /// The participant withdrew, or consent lapsed, before it ended.
  case cancelled
  /// It was never to be answered: a change of zone passed over it, or its condition was false.
  case skipped

  /// Whether an occasion in this state counts in compliance's denominator, if it is one
  /// that was planned; see ``OccasionRecord/isDue``.
  package var isDue: Bool { self == .submitted || self == .partial || self == .missed }

  /// Whether nothing more can happen to it by the passing of time.
  package var isFinal: Bool { self != .planned && self != .open }

  /// Why an item of this occasion has no answer, where no session says more.
  package var missingReason: MissingReason? {
    switch self {
    case .partial: .partialSession
    case .missed: .expired
    case .cancelled: .withdrawn
    case .planned, .open, .submitted, .skipped: nil
    }
  }
}

/// One planned measurement of one participant. Its identity is (participant, plan, index).
package struct OccasionRecord: Hashable, Sendable {
  /// Its name outside the database.
  package var uuid: UUID
  /// The participant's name in research data.
  package var pseudonym: String
  /// The occasion's id in the study file.
  package var plan: String
  /// Which repetition, from 0.
  package var index: Int
  /// When the window opens.
  package var opens: Date
  /// The wall clock at opening, `2027-03-10T09:00:00`.
  package var opensLocal: String
  /// Local time minus UTC at opening, in seconds.
  package var offsetSeconds: Int
  /// The IANA name of the zone that it was planned in.
  package var zone: String
  /// The version of the zone data that planned it.
  package var zoneDataVersion: String
  /// When the window closes, unless a session was begun in it.
  package var closes: Date
  /// The last moment for submitting a session that was begun in the window.
  package var graceEnds: Date
  /// The instruments' ids in the order of asking.
  package var instruments: [String]
  /// Whether the participant opened it; such occasions never count as due.
  package var isEvent: Bool
  /// The number of the publication that it is asked by: that of its participant when it opens.
  package var publication: Int
  /// What became of it so far.
  package var state: OccasionState
  /// Since when it is in this state.
  package var stateSince: Date

  package init(
    uuid: UUID, pseudonym: String, plan: String, index: Int, opens: Date, opensLocal: String,
    offsetSeconds: Int, zone: String, zoneDataVersion: String, closes: Date, graceEnds: Date,
    instruments: [String], isEvent: Bool = false, publication: Int = 1,
    state: OccasionState = .planned, stateSince: Date
  ) {
    self.uuid = uuid
    self.pseudonym = pseudonym
    self.plan = plan
    self.index = index
    self.opens = opens
    self.opensLocal = opensLocal
    self.offsetSeconds = offsetSeconds
    self.zone = zone
    self.zoneDataVersion = zoneDataVersion
    self.closes = closes
    self.graceEnds = graceEnds
    self.instruments = instruments
    self.isEvent = isEvent
    self.publication = publication
    self.state = state
    self.stateSince = stateSince
  }
}

extension OccasionRecord {
  /// Whether it counts in compliance's denominator: it was planned, and has ended one way or another.
  package var isDue: Bool { !isEvent && state.isDue }
}
