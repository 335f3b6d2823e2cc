import ArgumentParser
import Collection
import Foundation
import LocalTime
import Storage

/// `longwell researcher token`: a token for a program.
struct ResearcherTokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Make a token for a program of somebody's, shown once.",
    discussion: """
      Scopes: metrics (numbers about the server, for /metrics), study (overview, participants,
      messages), answers (flags, donations, means of scores), records (exports, audit trail). A token opens what its scopes and
      the role of its owner both do, and never identities.
      """)

  @OptionGroup var researcher: ResearcherArguments

  @Option(
    help: ArgumentHelp(
      "metrics, study, answers or records; several times for several.", valueName: "scope"))
  var scope: [TokenScope]

  @Option(help: ArgumentHelp("What it is for, such as Prometheus.", valueName: "label"))
  var label: String

  @Option(help: ArgumentHelp("For how many days it holds.", valueName: "days"))
  var days = StudyDesk.tokenDays

  @Flag(help: "Print it as JSON.")
  var json = false

  func run() async throws {
    let door = try await StudyDoor.open(researcher.directory, for: .reading, now: Date())
    let (record, token) = try await door.desk.makeAPIToken(
      of: researcher.name, label: label, scopes: Set(scope), days: days, now: Date())
    guard json else { return Console.out(token.text) }
    try Console.json([
      "token": record.uuid.uuidString.lowercased(), "secret": token.text,
      "ends": record.ends.utcText,
    ])
  }
}

/// `longwell researcher revoke-token`: a token that holds no more.
struct ResearcherRevokeTokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke-token", abstract: "Make a program's token worthless.")

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Argument(
    help: ArgumentHelp("The token as longwell researcher list names it.", valueName: "token"))
  var token: String

  func run() async throws {
    guard let uuid = UUID(uuidString: token) else {
      throw CommandFailure(
        .usage, "found \(TerminalText.safe(token)), expected a token's name from researcher list")
    }
    let door = try await StudyDoor.open(directory, for: .reading, now: Date())
    try await door.desk.revokeAPIToken(uuid, now: Date())
    Console.out("The token is worthless from now on.")
  }
}
