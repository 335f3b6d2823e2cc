import ArgumentParser
import Collection
import Foundation
import Storage

/// `longwell overview`: where a study stands, in numbers.
struct OverviewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overview",
    abstract: "Count who was asked to join and who did, and what became of occasions and messages.",
    discussion: """
      Screened are those who answered the questions before joining; nothing but their number is kept of
      those who did not join. Test participants are left out, but for their messages.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Flag(help: "Print the numbers as JSON.")
  var json = false

  func run() async throws {
    let door = try await StudyDoor.open(directory, for: .reading, now: Date())
    let overview = try await door.desk.overview()
    if json { return try Console.json(OverviewDocument(overview)) }
    for table in [Self.people(overview), Self.occasions(overview)] where !table.rows.isEmpty {
      Console.out(table.lines.joined(separator: "\n") + "\n")
    }
    let messages = MessageState.allCases.compactMap { state in
      overview.messages[state].map { "\($0) \(state.rawValue)" }
    }
    Console.out("messages: " + (messages.isEmpty ? "none" : messages.joined(separator: ", ")))
    if overview.concerns > 0 {
      Console.out("answers of concern: \(overview.concerns); see longwell concerns")
    }
    if overview.pendingErasures > 0 {
      Console.out("erasures that wait: \(overview.pendingErasures); see longwell doctor")
    }
  }

  /// From being invited to leaving, a row for each site.
  private static func people(_ overview: StudyOverview) -> TextTable {
    var table = TextTable(
      header: [
        "site", "invited", "screened", "not eligible", "eligible", "declined", "joined",
        "take part",
        "left", "erased",
      ])
    table.rows = overview.sites.map { site in
      let numbers: [Int] = [
        site.invitations.values.reduce(0, +), site.screened,
        site.screening[.ineligible, default: 0],
        site.eligible, site.screening[.declined, default: 0], site.joined,
        site.participants[.enrolled, default: 0], site.participants[.withdrawn, default: 0],
        site.participants[.erased, default: 0],
      ]
      return [site.site] + numbers.map(String.init)
    }
    return table
  }

  private static func occasions(_ overview: StudyOverview) -> TextTable {
    let states = OccasionState.allCases
    var table = TextTable(header: ["occasion"] + states.map(\.rawValue))
    table.rows = overview.occasions.map { occasion in
      let numbers: [Int] = states.map { occasion.states[$0, default: 0] }
      return [occasion.plan] + numbers.map(String.init)
    }
    return table
  }
}
