/// A part of the local day.
package enum DayPart: String, CaseIterable, Hashable, Sendable, Codable {
  /// 00:00 to 04:00.
  case night
  /// 04:00 to 12:00.
  case morning
  /// 12:00 to 18:00.
  case afternoon
  /// 18:00 to 24:00.
  case evening

  /// The part that an hour belongs to, 0 to 23.
  package init(hour: Int) {
    switch hour {
    case ..<4: self = .night
    case ..<12: self = .morning
    case ..<18: self = .afternoon
    default: self = .evening
    }
  }
}
