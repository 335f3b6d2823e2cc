import Definitions
import LocalTime

/// Reads `random: { per_day: 5, between: ["09:00", "21:00"], apart: 60m }` and
/// `event: { at_most: 3, per: day }`.
enum PromptsDraft {
  /// A hundred a day is more than anybody answers.
  private static let perDayLimit = 100

  /// Random prompts. Reports a design that has no room for them, with the arithmetic.
  static func random(
    _ occasion: inout MappingReader, days: StudyDays?, problems: inout Problems
  ) -> PromptTiming? {
    guard
      var reader = occasion.optionalMapping(
        "random", describing: "the random prompts", problems: &problems)
    else { return nil }
    let perDay = reader.integer("per_day", in: 1...perDayLimit, problems: &problems)
    let between = reader.strings("between", problems: &problems)
    let hours = hours(between, at: reader.place(of: "between"), problems: &problems)
    let apart = apart(&reader, perDay: perDay?.value, problems: &problems)
    let isChosen = waking(&reader, problems: &problems)
    reader.finish(problems: &problems)
    requireDays(days, of: "random prompts", occasion, problems: &problems)
    guard let perDay, let hours, let apart, let isChosen, let days else { return nil }
    let timing = PromptTiming(
      days: days, perDay: perDay.value, hours: hours, apart: apart, isWakingChosen: isChosen)
    return isFeasible(timing, at: perDay.place, problems: &problems) ? timing : nil
  }

  /// What participants open themselves.
  static func event(
    _ occasion: inout MappingReader, days: StudyDays?, problems: inout Problems
  ) -> EventTiming? {
    guard
      var reader = occasion.optionalMapping(
        "event", describing: "the event", problems: &problems)
    else { return nil }
    let atMost = reader.integer(
      "at_most", in: 1...OccasionsDraft.repetitionLimit, problems: &problems)
    let period: Located<EventTiming.Period>? = reader.choice("per", problems: &problems)
    reader.finish(problems: &problems)
    guard let atMost, let period else { return nil }
    return EventTiming(atMost: atMost.value, period: period.value, days: days)
  }

  /// Reports an occasion that needs days and names none.
  static func requireDays(
    _ days: StudyDays?, of what: String, _ occasion: MappingReader, problems: inout Problems
  ) {
    guard days == nil, !occasion.has("days"), !occasion.has("phase") else { return }
    problems.report(
      at: occasion.place, found: "\(what) without days", expected: "days: 1-14, or a phase")
  }

  /// Two times of a day, such as `["09:00", "21:00"]`.
  static func hours(
    _ between: [Located<String>]?, at place: Place, problems: inout Problems
  ) -> DayHours? {
    guard let between else { return nil }
    guard between.count == 2 else {
      problems.report(
        at: place, found: "\(between.count) time\(between.count == 1 ? "" : "s")",
        expected: "two times in quotes, such as [\"09:00\", \"21:00\"]")
      return nil
    }
    let times = between.map { StudyReader.time($0, problems: &problems) }
    guard let from = times[0], let to = times[1] else { return nil }
    guard from != to else {
      problems.report(
        at: place, found: "hours that end when they begin", expected: "hours with some length")
      return nil
    }
    return DayHours(from: from, to: to)
  }

  /// The least distance in seconds; one prompt a day needs none.
  private static func apart(
    _ reader: inout MappingReader, perDay: Int?, problems: inout Problems
  ) -> Int? {
    guard reader.has("apart") || perDay ?? 2 > 1 else { return 0 }
    let text = reader.string("apart", problems: &problems)
    guard let text, let span = StudyReader.span(text, problems: &problems) else { return nil }
    guard !span.hasCalendarPart else {
      problems.report(
        at: text.place, found: quoted(text.value), expected: "elapsed time, such as 60m or 2h")
      return nil
    }
    return span.seconds
  }

  /// Whether participants choose their hours; `waking: chosen` is the only thing to say.
  private static func waking(_ reader: inout MappingReader, problems: inout Problems) -> Bool? {
    guard let node = reader.optionalNode("waking") else { return false }
    return node.choice(among: ["chosen"], problems: &problems).map { _ in true }
  }

  /// Reports prompts that do not fit into their hours, or not beside those of the next day.
  private static func isFeasible(
    _ timing: PromptTiming, at place: Place, problems: inout Problems
  ) -> Bool {
    let (count, apart, length) = (timing.perDay, timing.apart, timing.hours.seconds)
    let hours = "\(timing.hours.from) and \(timing.hours.to)"
    func words(_ seconds: Int) -> String { Span(seconds: seconds).description }
    guard (count - 1) * apart <= length else {
      let fitting = PromptDraw.fitting(count, into: length, apart: apart)
      let room = length / (count - 1) / 60 * 60
      problems.report(
        at: place,
        found: "\(count) prompts \(words(apart)) apart, which need \(count - 1) × \(words(apart))"
          + " = \(words((count - 1) * apart)); between \(hours) there are \(words(length))",
        expected: "at most \(fitting) a day, or at most \(words(room)) apart")
      return false
    }
    let night = 86_400 - length
    guard timing.days.numbers.count == 1 || apart <= night else {
      problems.report(
        at: place,
        found: "prompts \(words(apart)) apart, with \(words(night)) from \(timing.hours.to) to"
          + " \(timing.hours.from) of the next day",
        expected: "at least \(words(apart)) from one day's prompts to the next")
      return false
    }
    warnOfShortDay(timing, night: night, at: place, problems: &problems)
    return true
  }

  /// Warns where the prompts of a day, or of two days one after the other, fit only as long as no
  /// clock change takes an hour away: then one is left out.
  private static func warnOfShortDay(
    _ timing: PromptTiming, night: Int, at place: Place, problems: inout Problems
  ) {
    let needed = (timing.perDay - 1) * timing.apart
    let isShortDay = needed > timing.hours.seconds - 3600 && timing.perDay > 1
    let isShortNight = timing.days.numbers.count > 1 && timing.apart > night - 3600
    guard timing.apart > 0, isShortDay || isShortNight else { return }
    problems.report(
      .warning, at: place,
      found: "prompts with less than an hour to spare \(isShortDay ? "in a day" : "over night")",
      expected: "an hour more, or a prompt less where the clocks go forward")
  }
}
