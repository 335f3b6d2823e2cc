import Definitions
import LocalTime

/// When an occasion opens, just read: `at: …`, or `every: … from: … time: … times: …`.
struct TimingDraft {
  let timing: OccasionPlan.Timing
  /// The occasion that it counts from, unless it is enrolment.
  let anchor: Located<String>?

  /// All fields of a timing, known even where the form at hand does not use them.
  static let fields = ["at", "every", "from", "time", "times"]

  static func read(_ reader: inout MappingReader, problems: inout Problems) -> TimingDraft? {
    let time = StudyReader.time(
      reader.optionalString("time", problems: &problems), problems: &problems)
    switch (reader.has("at"), reader.has("every")) {
    case (true, false): return single(&reader, time, problems: &problems)
    case (false, true): return repeating(&reader, time, problems: &problems)
    case (true, true):
      problems.report(
        at: reader.place(of: "every"), found: "both 'at' and 'every'",
        expected: "'at' for an occasion that happens once, 'every' for one that repeats")
    case (false, false):
      // Prompts and events bring their own kind of timing, which is refused by name.
      if !reader.has("random"), !reader.has("event") {
        problems.report(
          at: reader.place, found: "an occasion without a time",
          expected: "'at: enrolment', or 'every' with 'from' and 'times'")
      }
    }
    return nil
  }

  private static func single(
    _ reader: inout MappingReader, _ time: ClockTime?, problems: inout Problems
  ) -> TimingDraft? {
    for field in ["from", "times"] where reader.has(field) {
      problems.report(
        at: reader.place(of: field), found: "'\(field)' beside 'at'",
        expected: "'\(field)' only beside 'every'")
    }
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

  private init(_ start: Start, time: ClockTime?, interval: Span?, times: Int) {
    anchor = start.anchor
    timing = OccasionPlan.Timing(
      anchor: start.anchor.map { .occasion($0.value) } ?? .enrolment, offset: start.offset,
      time: time, interval: interval, times: times)
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
