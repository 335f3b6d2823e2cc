import ArgumentParser
import Collection
import Foundation
import LocalTime

/// `longwell concerns`: answers after which somebody must look after a participant.
struct ConcernsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "concerns",
    abstract:
      "List answers of concern: who, since when, and by when the study has promised to act.",
    discussion: """
      An answer is listed as soon as it is kept, submitted or not, when it reaches the number that
      its item names under distress. What was answered is not shown.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(
    help: ArgumentHelp(
      "Only answers since this moment, as 2027-01-15T09:00:00Z.", valueName: "time"))
  var since: String?

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() async throws {
    var moment: Date?
    if let since {
      do { moment = try instant(iso8601: since, in: .gmt) } catch {
        throw CommandFailure(
          .usage, "--since: found \(TerminalText.safe(since)), expected \(error.expected)")
      }
    }
    let door = try await StudyDoor.open(directory, for: .reading, now: Date())
    let concerns = try await door.desk.concerns(since: moment ?? .distantPast)
    guard !json else { return try Console.json(concerns.map(ConcernDocument.init)) }
    guard !concerns.isEmpty else { return Console.out("no answer of concern") }
    var table = TextTable(
      header: ["participant", "occasion", "item", "answered", "act by", "who"],
      leftColumns: [0, 1, 2, 3, 4, 5])
    table.rows = concerns.map { concern in
      [
        concern.pseudonym, "\(concern.plan) \(concern.index + 1)",
        "\(concern.instrument) \(concern.item)", concern.answered.utcText, concern.due.utcText,
        concern.alert,
      ]
    }
    for line in table.lines { Console.out(line) }
  }
}

/// An answer of concern, for programs.
struct ConcernDocument: Encodable {
  var participant, occasion: String
  var repetition: Int
  var instrument, item, answered, due, alert: String

  init(_ concern: Concern) {
    participant = concern.pseudonym
    occasion = concern.plan
    repetition = concern.index
    instrument = concern.instrument
    item = concern.item
    answered = concern.answered.utcText
    due = concern.due.utcText
    alert = concern.alert
  }
}
