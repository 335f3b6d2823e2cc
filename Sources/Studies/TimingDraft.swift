import Definitions
import LocalTime

/// When an occasion opens, just read.
struct TimingDraft {
  let timing: OccasionPlan.Timing
  /// The occasion that it counts from, unless it is enrolment.
  let anchor: Located<String>?

  /// The fields that say what kind of timing it is; `days` with `time` is a daily one.
  static let kinds = ["at", "every", "random", "event"]

  /// All fields of a timing, known even where the form at hand does not use them.
  static let fields = kinds + ["from", "time", "times", "days", "phase", "weekdays"]

  /// The fields of timings that count from enrolment and no other occasion.
  static let counting = ["random", "event", "days", "phase"]

  static func read(
    _ reader: inout MappingReader, phases: [Phase], problems: inout Problems
  ) -> TimingDraft? {
    let present = kinds.filter(reader.has)
    if present.count > 1 {
      problems.report(
        at: reader.place(of: present[1]), found: "both '\(present[0])' and '\(present[1])'",
        expected: "'at' for an occasion that happens once, 'every' for one that repeats, "
          + "'random' for prompts, 'event' for what participants open")
      return nil
    }
    switch present.first {
    case "at":
      refuse(["from", "times"], beside: "at", needing: "every", &reader, problems: &problems)
      refuse(
        ["days", "phase", "weekdays"], beside: "at", needing: "random", &reader,
        problems: &problems)
      return single(&reader, time(&reader, problems: &problems), problems: &problems)
    case "every":
      refuse(
        ["days", "phase", "weekdays"], beside: "every", needing: "random", &reader,
        problems: &problems)
      return repeating(&reader, time(&reader, problems: &problems), problems: &problems)
    case "random":
      refuse(
        ["from", "time", "times"], beside: "random", needing: "every", &reader, problems: &problems)
      let days = DaysDraft.read(&reader, phases: phases, problems: &problems)
      return PromptsDraft.random(&reader, days: days, problems: &problems)
        .map { TimingDraft(timing: .random($0), anchor: nil) }
    case "event":
      refuse(
        ["from", "time", "times"], beside: "event", needing: "every", &reader, problems: &problems)
      let asksForDays = ["days", "phase", "weekdays"].contains(where: reader.has)
      let days = DaysDraft.read(&reader, phases: phases, problems: &problems)
      guard !asksForDays || days != nil else { return nil }
      return PromptsDraft.event(&reader, days: days, problems: &problems)
        .map { TimingDraft(timing: .event($0), anchor: nil) }
    default: return daily(&reader, phases: phases, problems: &problems)
    }
  }

  private static func refuse(
    _ fields: [String], beside kind: String, needing other: String, _ reader: inout MappingReader,
    problems: inout Problems
  ) {
    for field in fields where reader.has(field) {
      problems.report(
        at: reader.place(of: field), found: "'\(field)' beside '\(kind)'",
        expected: "'\(field)' only beside '\(other)'")
    }
  }

  private static func time(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> ClockTime? {
    StudyReader.time(reader.optionalString("time", problems: &problems), problems: &problems)
  }

  /// `days` with `time`: once on each of them.
  private static func daily(
    _ reader: inout MappingReader, phases: [Phase], problems: inout Problems
  ) -> TimingDraft? {
    guard reader.has("days") || reader.has("phase") else {
      problems.report(
        at: reader.place, found: "an occasion without a time",
        expected: "'at: enrolment', 'every' with 'from' and 'times', 'days' with 'time', "
          + "'random' or 'event'")
      return nil
    }
    let days = DaysDraft.read(&reader, phases: phases, problems: &problems)
    let time = StudyReader.time(reader.string("time", problems: &problems), problems: &problems)
    refuse(["from", "times"], beside: "days", needing: "every", &reader, problems: &problems)
    guard let days, let time else { return nil }
    return TimingDraft(timing: .daily(DailyTiming(days: days, time: time)), anchor: nil)
  }

  private static func single(
    _ reader: inout MappingReader, _ time: ClockTime?, problems: inout Problems
  ) -> TimingDraft? {
    guard let start = start(reader.string("at", problems: &problems), problems: &problems) else {
      return nil
    }
    return TimingDraft(start, time: time, interval: nil, times: 1)
  }

  private static func repeating(
    _ reader: inout MappingReader, _ time: ClockTime?, problems: inout Problems
  ) -> TimingDraft? {
    let text = reader.string("every", problems: &problems)
    let interval = StudyReader.span(text, problems: &problems)
    let times = reader.integer("times", in: 1...OccasionsDraft.repetitionLimit, problems: &problems)
    let start = start(reader.string("from", problems: &problems), problems: &problems)
    if let text, let interval, !interval.hasCalendarPart, reader.has("time") {
      let isDays = interval.seconds % 86_400 == 0
      problems.report(
        at: text.place, found: "every \(interval), which is elapsed time, beside 'time'",
        expected: "calendar units, which keep the wall-clock time",
        suggestion: isDays ? Span(days: interval.seconds / 86_400).description : nil)
    }
    guard let interval, let times, let start else { return nil }
    return TimingDraft(start, time: time, interval: interval, times: times.value)
  }

  private init(timing: OccasionPlan.Timing, anchor: Located<String>?) {
    self.timing = timing
    self.anchor = anchor
  }

  private init(_ start: Start, time: ClockTime?, interval: Span?, times: Int) {
    anchor = start.anchor
    timing = .wave(
      WaveTiming(
        anchor: start.anchor.map { .occasion($0.value) } ?? .enrolment, offset: start.offset,
        time: time, interval: interval, times: times))
  }

  private typealias Start = (offset: Span, anchor: Located<String>?)

  /// `enrolment`, `1w after enrolment`, `1w after baseline`.
  private static func start(_ text: Located<String>?, problems: inout Problems) -> Start? {
    guard let text else { return nil }
    guard text.value != "enrolment" else { return (.zero, nil) }
    let words = text.value.split(separator: " ")
    guard words.count == 3, words[1] == "after" else {
      problems.report(
        at: text.place, found: quoted(text.value),
        expected: "enrolment, or a span after an occasion, such as 1w after baseline",
        suggestion: nearestName(to: text.value, among: ["enrolment"]))
      return nil
    }
    var place = text.place
    let offset = StudyReader.span(
      Located(String(words[0]), at: place), allowingZero: true, problems: &problems)
    place.column += distance(to: words[2], in: text.value)
    guard let offset else { return nil }
    return (offset, words[2] == "enrolment" ? nil : Located(String(words[2]), at: place))
  }

  private static func distance(to word: Substring, in text: String) -> Int {
    text.unicodeScalars.distance(from: text.startIndex, to: word.startIndex)
  }
}
