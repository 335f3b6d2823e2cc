import ArgumentParser
import Collection
import Foundation
import Messages
import Storage

/// `longwell doctor`: look at the whole study for what should not be.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract:
      "Look for messages, occasions, scores, clocks and chains that are not as they should be.",
    discussion: """
      Leaves with 0 where nothing is found and with 1 where something is, so that cron tells
      somebody; other codes mean that it could not look. It changes nothing.

      A rehearsal is looked at as of its last event, or of --now.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Flag(help: "Print the findings as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let door = try await StudyDoor.open(directory, for: .reading, now: try clock.moment())
    let last = try await door.desk.database.read { try $0.lastEventMoment() }
    let now =
      try clock.now == nil && door.isRehearsal ? last ?? clock.moment() : clock.moment()
    let isSaid = FileManager.default.fileExists(atPath: door.places.messages.path)
    let channels = try isSaid ? CarrierDoor.channels(for: door, writing: false) : nil
    let findings = try await door.desk.examine(
      now: now, channels: channels, contacts: door.places.identities,
      ledger: door.erasurePlaces.ledger)
    if json {
      try Console.json(findings.map(FindingDocument.init))
    } else if findings.isEmpty {
      Console.out("Nothing found.")
    } else {
      for finding in findings { Console.out(TerminalText.safe(finding.description)) }
    }
    guard findings.isEmpty else { throw CommandFailure(.problems, "") }
  }
}

/// One finding, for programs.
struct FindingDocument: Encodable {
  var kind, subject, detail: String

  init(_ finding: Finding) {
    kind = finding.kind.rawValue
    subject = finding.subject
    detail = finding.detail
  }
}
