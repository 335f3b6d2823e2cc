import LocalTime

extension QuietHours {
  /// The openings of a day about which nobody is told: their message falls into quiet hours that end
  /// when the window has closed.
  ///
  /// A message waits until quiet hours end. It is due in them and is never sent where less is left of
  /// the window than of them: of quiet hours Q₁ to Q₂, a window w and a message r after the opening, at
  /// openings from Q₁ − r to Q₂ − w. Reckoned on a day without a clock change.
  ///
  /// - Parameters:
  ///   - openings: the hours in which occasions open.
  ///   - delay: from the opening to the message, in seconds.
  ///   - window: how long an occasion is open, in seconds.
  /// - Returns: the first such hours, or nil where every message finds its time.
  func silence(of openings: DayHours, after delay: Int, window: Int) -> DayHours? {
    silence(
      from: openings.from.secondOfDay, for: openings.seconds, after: delay, window: window)
  }

  /// The same for occasions that open at one time of day.
  func silence(of opening: ClockTime, after delay: Int, window: Int) -> DayHours? {
    silence(from: opening.secondOfDay, for: 0, after: delay, window: window)
  }

  private func silence(
    from begin: Int, for length: Int, after delay: Int, window: Int
  ) -> DayHours? {
    let day = 86_400
    let silent = hours.seconds - (window - delay)
    guard silent >= 0 else { return nil }
    let first = ((hours.from.secondOfDay - delay) % day + day) % day
    for start in [first - day, first, first + day] {
      let (from, to) = (max(begin, start), min(begin + length, start + silent))
      // Hours that only touch have no prompt in common.
      guard from < to || from == to && length == 0 else { continue }
      return DayHours(from: ClockTime(secondOfDay: from), to: ClockTime(secondOfDay: to))
    }
    return nil
  }
}
