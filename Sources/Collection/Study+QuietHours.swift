import Foundation
import Studies
extension Study {
  func afterQuietHours(_ moment: Date, in zone: TimeZone) -> Date { moment }
}
