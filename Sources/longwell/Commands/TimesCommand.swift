import ArgumentParser
import Foundation
import LocalTime

/// `longwell times`: when planned wall-clock times come around clock changes.
struct TimesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "times",
    abstract: "Show when planned times come on the days around clock changes.",
    discussion: """
      Prints, as a table in Markdown, what a daily occasion at each time comes to on the day before a
      clock change, on its day and on the day after. Without a zone, the table of the documentation:
      the changes on which planners go wrong.
      """)

  @Argument(help: ArgumentHelp("Time zones, IANA names.", valueName: "zone"))
  var zones: [String] = []

  @Option(
    help: ArgumentHelp("The first date of changes; 1 January of this year.", valueName: "date"))
  var from: String?

  @Option(help: ArgumentHelp("The last date of changes; the end of that year.", valueName: "date"))
  var until: String?

  @Option(
    name: .customLong("at"),
    help: ArgumentHelp("A planned time of day; may be given more than once.", valueName: "time"))
  var planned: [String] = []

  func validate() throws {
    guard !zones.isEmpty || (from == nil && until == nil) else {
      throw ValidationError("--from and --until go with time zones")
    }
  }

  func run() throws {
    let times = try (planned.isEmpty ? ["02:30", "08:00"] : planned).map { text in
      try ClockTime(text) ?? { throw Self.refusal("--at", text, "a time such as 08:00") }()
    }
    let table: ClockChangeTable
    if zones.isEmpty {
      table = ClockChangeTable(
        days: try ClockChangeTable.examples.map { zone, dates in
          (try Self.zone(zone), dates.compactMap { LocalDate($0) })
        }, times: times)
    } else {
      table = ClockChangeTable(
        zones: try zones.map(Self.zone), dates: try dates(), times: times)
    }
    Console.out(table.lines.joined(separator: "\n"))
  }

  private func dates() throws -> ClosedRange<LocalDate> {
    let first =
      try from.map { try Self.date("--from", $0) }
      ?? Self.january(LocalMoment(Date(), in: .gmt).date)
    let last =
      try until.map { try Self.date("--until", $0) } ?? Self.december(first)
    // A century of one zone takes seconds; nobody plans for longer.
    guard first <= last, first.days(until: last) <= 36_525 else {
      throw Self.refusal("--until", last.description, "a date within a century after \(first)")
    }
    return first...last
  }

  private static func january(_ date: LocalDate) -> LocalDate {
    LocalDate(year: date.year, month: 1, day: 1) ?? date
  }

  private static func december(_ date: LocalDate) -> LocalDate {
    LocalDate(year: date.year, month: 12, day: 31) ?? date
  }

  private static func date(_ option: String, _ text: String) throws -> LocalDate {
    guard let date = LocalDate(text) else {
      throw refusal(option, text, "a date such as 2026-03-29")
    }
    return date
  }

  private static func zone(_ name: String) throws -> TimeZone {
    do { return try timeZone(named: name) } catch {
      let hint = error.suggestion.map { "; did you mean \($0)?" } ?? ""
      throw refusal("zone", name, "an IANA time zone\(hint)")
    }
  }

  private static func refusal(
    _ what: String, _ found: String, _ expected: String
  ) -> CommandFailure {
    CommandFailure(.usage, "\(what): found \(TerminalText.safe(found)), expected \(expected)")
  }
}
