import ArgumentParser
import Foundation
import LocalTime
import Studies

/// `longwell schedule`: the calendar of one would-be participant.
struct ScheduleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Show when one would-be participant would be asked.",
    discussion: """
      Plans the study of a folder for somebody who enrols at a moment in a time zone, without
      enrolling anybody. Random prompts are drawn from the seed; every participant has another.
      Events, which participants open themselves, have no plan and are not listed.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("The participant's time zone, an IANA name.", valueName: "zone"))
  var zone: String

  @Option(
    help: ArgumentHelp(
      "The moment of enrolment: 2027-03-10T10:00 by the zone's clocks, or with an offset or Z.",
      valueName: "time"))
  var enrol: String

  @Option(help: ArgumentHelp("The seed of the random prompts.", valueName: "s"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "The participant's language, for the calendar file (default: the study's first).",
      valueName: "tag"))
  var language: String?

  @Flag(help: "Print an iCalendar file, for a calendar program.")
  var ics = false

  @Flag(help: "Print the occasions as JSON.")
  var json = false

  func validate() throws {
    guard !(ics && json) else { throw ValidationError("choose --ics or --json, not both") }
  }

  func run() throws {
    let zone = try resolvedZone()
    let enrolled: Date
    do { enrolled = try instant(iso8601: enrol, in: zone) } catch {
      throw CommandFailure(
        .usage, "--enrol: found \(TerminalText.safe(enrol)), expected \(error.expected)")
    }
    let study = try StudyPlaces(directory).loadFolder().study
    let reader = try reader(of: study)
    let planned = study.plannedOccasions(enrolled: enrolled, zone: zone, seed: seed)
    if json {
      try Console.json(planned.map(ScheduleDocument.init))
    } else if ics {
      let calendar = ScheduleCalendar(
        study: study, language: reader, occasions: planned, written: enrolled)
      Console.bytes(Data(calendar.text.utf8))
    } else {
      Console.out(lines(of: planned, in: study.timeZone(participant: zone)).joined(separator: "\n"))
    }
  }

  private func reader(of study: Study) throws -> String {
    guard let language else { return study.languages.first ?? "en" }
    guard study.languages.contains(language) else {
      throw CommandFailure(
        .usage,
        "--language: found \(TerminalText.safe(language)), expected one of "
          + study.languages.joined(separator: ", "))
    }
    return language
  }

  private func resolvedZone() throws -> TimeZone {
    do { return try timeZone(named: zone) } catch {
      let hint = error.suggestion.map { "; did you mean \($0)?" } ?? ""
      throw CommandFailure(
        .usage, "--zone: found \(TerminalText.safe(zone)), expected an IANA time zone\(hint)")
    }
  }

  private func lines(of planned: [PlannedOccasion], in zone: TimeZone) -> [String] {
    guard !planned.isEmpty else { return ["Nothing would be planned."] }
    var table = TextTable(
      header: ["occasion", "day", "opens", "UTC", "closes", "reminders"],
      leftColumns: [0, 1, 2, 3, 4, 5])
    table.rows = planned.map { occasion in
      let closes = LocalMoment(occasion.closes, in: zone)
      return [
        "\(occasion.id) \(occasion.index + 1)", occasion.opens.date.weekday.name.capitalized,
        occasion.opens.description, occasion.opens.instant.utcText, closes.description,
        occasion.reminders.map { LocalMoment($0, in: zone).description }.joined(separator: ", "),
      ]
    }
    let count = "\(planned.count) occasion\(planned.count == 1 ? "" : "s")"
    return table.lines + ["", "\(count) by the clocks of \(zone.identifier)."]
  }
}

/// One planned occasion, for programs.
struct ScheduleDocument: Encodable {
  var occasion: String
  var index: Int
  var opensUTC, opensLocal: String
  var offsetMinutes: Int
  var closesUTC: String
  var remindersUTC: [String]

  enum CodingKeys: String, CodingKey {
    case occasion, index
    case opensUTC = "opens_utc"
    case opensLocal = "opens_local"
    case offsetMinutes = "offset_minutes"
    case closesUTC = "closes_utc"
    case remindersUTC = "reminders_utc"
  }

  init(_ planned: PlannedOccasion) {
    occasion = planned.id
    index = planned.index
    opensUTC = planned.opens.instant.utcText
    opensLocal = planned.opens.localText
    offsetMinutes = planned.opens.offsetMinutes
    closesUTC = planned.closes.utcText
    remindersUTC = planned.reminders.map(\.utcText)
  }
}
