package import Expressions
package import LocalTime

/// What a study says about an occasion: when it opens, how often, how long, with which instruments.
package struct OccasionPlan: Hashable, Sendable {
  /// The occasion's name; with an index it names one measurement of one participant.
  package let id: String
  /// When it opens.
  package let timing: Timing
  /// How long it stays open.
  package let openFor: Span
  /// How long after closing a session that was begun in the window may still be submitted.
  package let grace: Span
  /// How long after opening a participant who has not submitted is reminded, in order.
  package let reminders: [Span]
  /// What must hold at its opening; the occasion is skipped unless this is true.
  package let condition: Expression?
  /// The part of the consent that it rests on besides those that everybody has to agree to; nobody
  /// is asked who has not agreed to it.
  package let consentPart: String?
  /// What is answered, in order; at least one.
  package let instruments: [String]

  /// The kinds of occasion.
  package enum Timing: Hashable, Sendable {
    /// A planned wave, once or at an interval.
    case wave(WaveTiming)
    /// Once on each of some days, at one time of day.
    case daily(DailyTiming)
    /// Prompts at random times of some days.
    case random(PromptTiming)
    /// Opened by the participant because something happened.
    case event(EventTiming)
  }

  /// How many there can be of one participant: exact for planned ones; for events without days, as
  /// many as their limit allows in one of its periods.
  package var times: Int {
    switch timing {
    case .wave(let wave): wave.times
    case .daily(let daily): daily.days.numbers.count
    case .random(let prompts): prompts.perDay * prompts.days.numbers.count
    case .event(let event):
      event.period == .day ? event.atMost * (event.days?.numbers.count ?? 1) : event.atMost
    }
  }

  /// The openings of a day about which quiet hours let nobody be told, as ``QuietHours`` reckons them.
  /// Waves that keep the time of enrolment, which may be any, and events have none.
  ///
  /// - Parameters:
  ///   - delay: from the opening to the message.
  ///   - chosen: the hours that a participant chose for random prompts; nil for the study's.
  package func silence(
    in quiet: QuietHours, after delay: Span = .zero, choosing chosen: DayHours? = nil
  ) -> DayHours? {
    let (delay, window) = (delay.usualSeconds, openFor.usualSeconds)
    switch timing {
    case .wave(let wave):
      return wave.time.flatMap { quiet.silence(of: $0, after: delay, window: window) }
    case .daily(let daily): return quiet.silence(of: daily.time, after: delay, window: window)
    case .random(let prompts):
      return quiet.silence(of: chosen ?? prompts.hours, after: delay, window: window)
    case .event: return nil
    }
  }

  /// Whether participants open it themselves, so that nobody can miss it.
  package var isEvent: Bool {
    if case .event = timing { true } else { false }
  }
}

/// When a wave opens for the first time, and how it repeats.
package struct WaveTiming: Hashable, Sendable {
  /// What the first opening counts from.
  package let anchor: Anchor
  /// How long after the anchor the first opening is.
  package let offset: Span
  /// The wall-clock time of every opening, or nil to keep the anchor's.
  package let time: ClockTime?
  /// From one opening to the next; nil for an occasion that happens once.
  package let interval: Span?
  /// How many openings there are, 1 or more.
  package let times: Int

  /// A moment that a schedule counts from. It never depends on what a participant did.
  package enum Anchor: Hashable, Sendable {
    /// The moment of enrolment.
    case enrolment
    /// The planned opening of another occasion, which happens once.
    case occasion(String)
  }
}

/// Once on each of some days, at one time of day.
package struct DailyTiming: Hashable, Sendable {
  /// The days of the course, counted as local dates.
  package let days: StudyDays
  /// The wall-clock time.
  package let time: ClockTime
}

/// Prompts at random times of some days.
package struct PromptTiming: Hashable, Sendable {
  /// The days of the course; a day whose hours pass midnight keeps its name until they end.
  package let days: StudyDays
  /// How many on each day, 1 or more.
  package let perDay: Int
  /// The hours in which they open.
  package let hours: DayHours
  /// The least time from one opening to the next, in elapsed seconds.
  package let apart: Int
  /// Whether participants may choose other hours.
  package let isWakingChosen: Bool
}

extension PromptTiming {
  /// Whether other hours have room for the prompts of a day, and for the distance to the next day's.
  package func fits(_ hours: DayHours) -> Bool {
    (perDay - 1) * apart <= hours.seconds
      && (days.numbers.count == 1 || apart <= 86_400 - hours.seconds)
  }
}

/// What participants may open themselves, and how often.
package struct EventTiming: Hashable, Sendable {
  /// What the limit counts in.
  package enum Period: String, Hashable, Sendable, CaseIterable {
    /// A study day, 04:00 to 04:00.
    case day
    /// The whole of the course.
    case study
  }

  /// How many in one period, 1 or more.
  package let atMost: Int
  /// What the limit counts in.
  package let period: Period
  /// The days of the course on which it may be opened, or nil for all.
  package let days: StudyDays?
}

/// The hours of a day: 09:00 to 21:00, or 18:00 to 02:00 of the next date.
package struct DayHours: Hashable, Sendable {
  /// When they begin.
  package let from: ClockTime
  /// When they end; a time that is not after the beginning is one of the next date.
  package let to: ClockTime

  /// Hours from one time of day to another.
  package init(from: ClockTime, to: ClockTime) {
    self.from = from
    self.to = to
  }

  /// Whether they end on the next date.
  package var passMidnight: Bool { to <= from }

  /// How long they are on a day without a clock change, in seconds.
  package var seconds: Int {
    to.secondOfDay - from.secondOfDay + (passMidnight ? 86_400 : 0)
  }
}
