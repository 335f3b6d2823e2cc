import Definitions
import LocalTime

/// Reads days of the course, `1-14` or `[1, 3, 5-7]`, weekdays, and the phases that give days a name.
enum DaysDraft {
  /// The days of an occasion, from `days` or `phase`, and `weekdays`.
  ///
  /// - Returns: nil when there are none, or after a report.
  static func read(
    _ reader: inout MappingReader, phases: [Phase], problems: inout Problems
  ) -> StudyDays? {
    let days = reader.optionalNode("days")
    let phase = reader.optionalStrings("phase", problems: &problems)
    let weekdays = weekdays(&reader, problems: &problems)
    if let days, reader.has("phase") {
      problems.report(
        at: days.place, found: "both 'days' and 'phase'",
        expected: "'days', or the phases that have them")
      return nil
    }
    if let days {
      guard let numbers = dayNumbers(days, problems: &problems), let weekdays else { return nil }
      return StudyDays(numbers, weekdays: weekdays)
    }
    guard let phase, let weekdays else { return nil }
    var numbers: [Int] = []
    for name in phase {
      guard let known = phases.first(where: { $0.id == name.value }) else {
        problems.report(
          at: name.place, found: "the phase \(quoted(name.value))",
          expected: phases.isEmpty
            ? "a phase of the study's 'phases'"
            : "one of \(phases.map(\.id).joined(separator: ", "))",
          suggestion: nearestName(to: name.value, among: phases.map(\.id)))
        return nil
      }
      numbers += known.days.numbers
    }
    return StudyDays(numbers, weekdays: weekdays)
  }

  /// The study's phases. Reports twins, and a day in two of them.
  static func phases(_ study: inout MappingReader, problems: inout Problems) -> [Phase] {
    var phases: [Phase] = []
    var names: [Located<String>] = []
    for node in study.optionalList("phases", problems: &problems) ?? [] {
      guard var reader = MappingReader(node, describing: "a phase", problems: &problems) else {
        continue
      }
      let name = reader.string("id", problems: &problems)
      if let name { names.append(name) }
      let id = StudyReader.identifier(name, problems: &problems)
      let days = reader.node("days", problems: &problems)
      let numbers = days.flatMap { dayNumbers($0, problems: &problems) }
      reader.finish(problems: &problems)
      guard let id, let days, let numbers else { continue }
      for earlier in phases {
        guard let day = numbers.sorted().first(where: earlier.days.numbers.contains) else {
          continue
        }
        problems.report(
          at: days.place, found: "day \(day), which is in the phase \(quoted(earlier.id)) as well",
          expected: "each day in one phase")
      }
      phases.append(Phase(id: id, days: StudyDays(numbers)))
    }
    StudyReader.refuseTwins(names, of: "phase", problems: &problems)
    return phases
  }

  /// `1-14`, `3`, or a list of these.
  private static func dayNumbers(_ node: DefinitionNode, problems: inout Problems) -> [Int]? {
    let expected = "days such as 1-14, 3 or [1, 3, 5-7]"
    guard let texts = node.strings(expecting: expected, problems: &problems) else { return nil }
    var numbers: [Int] = []
    for text in texts {
      let parts = text.value.split(separator: "-", omittingEmptySubsequences: false)
        .map { Int($0.filter { $0 != " " }) ?? 0 }
      guard let first = parts.first, let last = parts.last, parts.count <= 2, first >= 1,
        last <= OccasionsDraft.repetitionLimit, first <= last
      else {
        problems.report(
          at: text.place, found: quoted(text.value),
          expected: "\(expected), from 1 to \(OccasionsDraft.repetitionLimit)")
        return nil
      }
      if let twin = (first...last).first(where: Set(numbers).contains) {
        problems.report(
          at: text.place, found: "day \(twin) a second time", expected: "each day once")
        return nil
      }
      numbers += first...last
    }
    guard !numbers.isEmpty else {
      problems.report(at: node.place, found: "no day", expected: expected)
      return nil
    }
    return numbers
  }

  /// Every day of the week where the file names none.
  private static func weekdays(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> Set<Weekday>? {
    guard reader.has("weekdays") else { return Set(Weekday.allCases) }
    guard let names = reader.optionalStrings("weekdays", problems: &problems) else { return nil }
    StudyReader.refuseTwins(names, of: "weekday", problems: &problems)
    let days = names.map { name -> Weekday? in
      if let day = Weekday(name: name.value) { return day }
      problems.report(
        at: name.place, found: quoted(name.value),
        expected: "one of \(Weekday.names.joined(separator: ", "))",
        suggestion: nearestName(to: name.value.lowercased(), among: Weekday.names)
          ?? Weekday.names.first { name.value.count > 1 && $0.hasPrefix(name.value.lowercased()) })
      return nil
    }
    guard !days.isEmpty else {
      problems.report(
        at: reader.place(of: "weekdays"), found: "no weekday",
        expected: "at least one, or none at all")
      return nil
    }
    return days.contains(nil) ? nil : Set(days.compactMap(\.self))
  }
}
