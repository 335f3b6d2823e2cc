/// A time of day as a clock on the wall shows it, in no particular place: 09:00.
package struct ClockTime: Hashable, Comparable, Sendable {
  /// 0 to 23.
  package let hour: Int
  /// 0 to 59.
  package let minute: Int
  /// 0 to 59; leap seconds do not exist here, as they do not in POSIX time.
  package let second: Int

  /// A time, or nil when no clock shows it.
  package init?(hour: Int, minute: Int, second: Int = 0) {
    guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else {
      return nil
    }
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// The time a number of seconds after midnight, wrapped into one day.
  package init(secondOfDay: Int) {
    let seconds = (secondOfDay % 86_400 + 86_400) % 86_400
    hour = seconds / 3600
    minute = seconds / 60 % 60
    second = seconds % 60
  }

  /// 00:00.
  package static let midnight = ClockTime(secondOfDay: 0)

  /// Seconds since midnight, 0 to 86,399.
  package var secondOfDay: Int { hour * 3600 + minute * 60 + second }

  /// Whether the left time is earlier in the day.
  package static func < (left: ClockTime, right: ClockTime) -> Bool {
    left.secondOfDay < right.secondOfDay
  }
}
