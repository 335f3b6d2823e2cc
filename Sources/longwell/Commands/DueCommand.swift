import ArgumentParser
import Collection
import Foundation
import LocalTime
import Storage
import Studies

/// `longwell due`: what can be answered now.
struct DueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "due", abstract: "List what can be answered now, first what closes first.")

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("Only this participant's.", valueName: "pseudonym"))
  var participant: String?

  @Flag(help: "Print the list as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let now = try clock.moment()
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    let pseudonym = try participant.map(StudyDoor.pseudonym)
    let due = try await door.desk.due(of: pseudonym, now: now)
    let rows = due.map(DueDocument.init)
    if json {
      try Console.json(rows)
    } else if rows.isEmpty {
      Console.out("Nothing is due now.")
    } else {
      var table = TextTable(
        header: ["participant", "occasion", "open until (local time)", "instruments", ""],
        leftColumns: [0, 1, 2, 3, 4])
      table.rows = rows.map {
        [
          $0.participant, "\($0.occasion) \($0.index + 1)", $0.untilLocal,
          $0.instruments.joined(separator: ", "), $0.begun ? "begun" : "",
        ]
      }
      Console.out(table.lines.joined(separator: "\n"))
    }
    if let pseudonym, !json { show(try await door.desk.standing(of: pseudonym)) }
  }

  /// What was answered of what was due, and what that has earned.
  private func show(_ standing: ParticipantStanding) {
    for (occasion, compliance) in standing.compliance {
      let share = NumberText.fixed((compliance.share ?? 0) * 100, decimals: 0)
      Console.out(
        "\(occasion): \(compliance.submitted) of \(compliance.due) answered (\(share) %)")
    }
    for incentive in standing.incentives {
      let text =
        incentive.isEarned ? incentive.text.map { ": " + TerminalText.prose($0.text) } : nil
      Console.out(
        "\(TerminalText.safe(incentive.condition)): \(incentive.isEarned ? "earned" : "not yet")"
          + (text ?? ""))
    }
  }
}

/// One due occasion, for programs; times of opening and closing in UTC and the participant's own.
struct DueDocument: Encodable {
  var participant, occasion: String
  var index: Int
  var opensUTC, opensLocal, untilUTC, untilLocal: String
  var instruments: [String]
  var begun: Bool

  enum CodingKeys: String, CodingKey {
    case participant, occasion, index, instruments, begun
    case opensUTC = "opens_utc"
    case opensLocal = "opens_local"
    case untilUTC = "until_utc"
    case untilLocal = "until_local"
  }

  init(_ due: DueOccasion) {
    let occasion = due.occasion
    let zone = TimeZone(identifier: occasion.zone) ?? .gmt
    participant = occasion.pseudonym
    self.occasion = occasion.plan
    index = occasion.index
    opensUTC = occasion.opens.utcText
    opensLocal = occasion.opensLocal
    untilUTC = due.until.utcText
    untilLocal = LocalMoment(due.until, in: zone).description
    instruments = occasion.instruments
    begun = due.session != nil
  }
}
