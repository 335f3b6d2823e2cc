import ArgumentParser
import Collection
import Foundation
import LocalTime
import Studies

/// `longwell change`: a participant moves, chooses other hours, or pauses.
struct ChangeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change",
    abstract:
      "Record a participant's new time zone, waking hours or pause, or that reminders may go again.",
    discussion: """
      Only what has not opened is planned anew. What the change puts into the past is skipped; what
      falls into a pause is cancelled.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Argument(help: ArgumentHelp("The participant.", valueName: "pseudonym"))
  var person: String?

  @Option(
    name: .customLong("participant"),
    help: ArgumentHelp("The participant.", valueName: "pseudonym", visibility: .hidden))
  var named: String?

  @Option(help: ArgumentHelp("The new time zone, an IANA name.", valueName: "zone"))
  var zone: String?

  @Option(
    help: ArgumentHelp("The hours for random prompts, such as 10:00-22:00.", valueName: "hours"))
  var waking: String?

  @Option(
    help: ArgumentHelp(
      "Local dates on which nothing is asked, such as 2027-03-12..2027-03-15.",
      valueName: "dates"))
  var pause: String?

  @Flag(help: "Let messages go again to who had stopped them.")
  var resumeReminders = false

  @OptionGroup var clock: ClockOption

  func validate() throws {
    guard (person == nil) != (named == nil) else {
      throw ValidationError("name one participant, such as P-7K3M9Q")
    }
    guard [zone, waking, pause].compactMap(\.self).count + (resumeReminders ? 1 : 0) == 1 else {
      throw ValidationError("name one change: --zone, --waking, --pause or --resume-reminders")
    }
    if let waking, Self.hours(waking) == nil {
      throw ValidationError("--waking: found \(waking), expected hours such as 10:00-22:00")
    }
    if let pause, Self.dates(pause) == nil {
      throw ValidationError(
        "--pause: found \(pause), expected a date or dates such as 2027-03-12..2027-03-15")
    }
  }

  func run() async throws {
    guard let typed = person ?? named else { return }
    let now = try clock.moment()
    let pseudonym = try StudyDoor.pseudonym(typed)
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    try await door.allow(clock, for: pseudonym)
    if resumeReminders {
      let isNew = try await door.desk.resumeReminders(for: pseudonym, now: now)
      return Console.out(
        "\(pseudonym) gets reminders" + (isNew ? " again." : "; they had not been stopped."))
    }
    var change = PlanChange()
    if let zone { change = try await door.desk.move(pseudonym, to: zone, now: now) }
    if let hours = waking.flatMap(Self.hours) {
      change = try await door.desk.choose(hours, of: pseudonym, now: now)
    }
    if let dates = pause.flatMap(Self.dates) {
      change = try await door.desk.pause(pseudonym, on: dates, now: now)
    }
    Console.out(
      "\(pseudonym): \(change.moved) occasions moved, \(change.skipped) skipped, "
        + "\(change.cancelled) cancelled.")
  }

  private static func hours(_ text: String) -> DayHours? {
    let times = text.split(separator: "-").map { ClockTime(String($0)) }
    guard times.count == 2, let from = times[0], let to = times[1], from != to else { return nil }
    return DayHours(from: from, to: to)
  }

  private static func dates(_ text: String) -> ClosedRange<LocalDate>? {
    let dates = text.split(separator: "..").map { LocalDate(String($0)) }
    guard let first = dates.first ?? nil, let last = dates.last ?? nil, dates.count <= 2,
      first <= last
    else { return nil }
    return first...last
  }
}
