import ArgumentParser
import Collection
import Foundation
import LocalTime
import Studies

/// `longwell retention`: what is kept longer than the study says.
struct RetentionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "List what the study says should be gone by now.",
    discussion: """
      By 'retention' in the study file: contacts so long after their participant's end, data so long
      after the study's. Needs the key of the contacts. It deletes nothing.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Flag(help: "Print the list as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let now = try clock.moment()
    let door = try await StudyDoor.open(directory, for: .enrolling, now: now)
    let due = try await door.desk.retentionDue(now: now)
    if json { return try Console.json(due.map(RetentionDocument.init)) }
    guard !due.isEmpty else {
      return Console.out(
        door.desk.current.study.retention == nil
          ? "The study says nothing about how long anything is kept."
          : "Nothing is kept longer than the study says.")
    }
    for entry in due {
      let what = entry.pseudonym.map { "the contact of \($0)" } ?? "the study's data"
      Console.out("\(what): to be gone since \(entry.since.utcText)")
    }
  }
}

/// One entry of the list, for programs.
struct RetentionDocument: Encodable {
  var kind: String
  var participant: String?
  var sinceUTC: String

  enum CodingKeys: String, CodingKey {
    case kind, participant
    case sinceUTC = "since_utc"
  }

  init(_ due: RetentionDue) {
    kind = due.kind.rawValue
    participant = due.pseudonym
    sinceUTC = due.since.utcText
  }
}
