import Foundation
import Studies

extension Study {
  /// The first moment from a given one on at which a message may be sent by the clocks of a zone.
  func afterQuietHours(_ moment: Date, in zone: TimeZone) -> Date {
    quietHours?.firstMomentForMessages(from: moment, in: zone) ?? moment
  }
}
