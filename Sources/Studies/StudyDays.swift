package import LocalTime

/// Days of a participant's course, counted from 1 on the local date of enrolment: `1-14`.
package struct StudyDays: Hashable, Sendable {
  /// The numbers in order, each once; at least one.
  package let numbers: [Int]
  /// The days of the week that count; all of them unless the file says which.
  package let weekdays: Set<Weekday>

  /// Days with their numbers in any order.
  package init(_ numbers: some Sequence<Int>, weekdays: Set<Weekday> = Set(Weekday.allCases)) {
    self.numbers = Set(numbers).sorted()
    self.weekdays = weekdays
  }

  /// The dates of someone who enrolled on a local date, in order.
  package func dates(enrolled: LocalDate) -> [LocalDate] {
    numbers.map { enrolled.adding(days: $0 - 1) }.filter { weekdays.contains($0.weekday) }
  }

  /// Whether a day of the course is among them.
  package func contains(_ number: Int, on date: LocalDate) -> Bool {
    numbers.contains(number) && weekdays.contains(date.weekday)
  }
}

/// A named stretch of a participant's course: `assisted`, days 1 to 7.
package struct Phase: Hashable, Sendable {
  /// The phase's name in files and tables.
  package let id: String
  /// Its days; no day is in two phases.
  package let days: StudyDays
}

extension Study {
  /// The phase of a day of the course, or nil when the day is in none.
  package func phase(ofDay number: Int) -> Phase? {
    phases.first { $0.days.numbers.contains(number) }
  }
}
