import Foundation
import LocalTime

extension EventContent {
  /// What is planned of an occasion, as its row and its event have it.
  static let planned = movable + fixed

  /// What a new plan can change: the rest of an occasion stays as it was planned.
  static func moves(of occasions: [OccasionRecord]) -> CanonicalJSON {
    .object(["occasions": Columns(movable, of: occasions).json])
  }

  private static let movable: [Columns.Column<OccasionRecord>] = [
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

  private static let fixed: [Columns.Column<OccasionRecord>] = [
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
