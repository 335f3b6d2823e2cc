import Foundation
import LocalTime

extension EventContent {
  /// What was planned of one participant.
  static func occasions(_ occasions: [OccasionRecord]) -> CanonicalJSON {
    .object(["occasions": .columns(movable + fixed, of: occasions)])
  }

  /// What a new plan can change: the rest of an occasion stays as it was planned.
  static func moves(of occasions: [OccasionRecord]) -> CanonicalJSON {
    .object(["occasions": .columns(movable, of: occasions)])
  }

  private static let movable: [CanonicalJSON.Column<OccasionRecord>] = [
    ("closes_at", { .integer($0.closes.utcMilliseconds) }),
    ("grace_ends_at", { .integer($0.graceEnds.utcMilliseconds) }),
    ("instruments", { .text($0.instrumentsText) }),
    ("offset_seconds", { .integer(Int64($0.offsetSeconds)) }),
    ("opens_at", { .integer($0.opens.utcMilliseconds) }),
    ("opens_local", { .text($0.opensLocal) }),
    ("publication", { .integer(Int64($0.publication)) }),
    ("uuid", { .text($0.uuid.text) }),
    ("zone", { .text($0.zone) }),
    ("zone_data_version", { .text($0.zoneDataVersion) }),
  ]

  private static let fixed: [CanonicalJSON.Column<OccasionRecord>] = [
    ("is_event", { .truth($0.isEvent) }),
    ("number", { .integer(Int64($0.index)) }),
    ("plan", { .text($0.plan) }),
    ("state", { .text($0.state.rawValue) }),
    ("state_since", { .integer($0.stateSince.utcMilliseconds) }),
  ]
}

extension OccasionRecord {
  /// The ids of its instruments as the database has them.
  var instrumentsText: String { CanonicalJSON.texts(instruments).text }
}
