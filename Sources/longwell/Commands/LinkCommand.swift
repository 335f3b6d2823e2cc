import ArgumentParser
import Collection
import Foundation

/// `longwell link`: a participant's personal link.
struct LinkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: "Print a participant's personal link, or make earlier ones worthless.",
    discussion: """
      Who has the link can answer for the participant. It is the same each time, until --revoke
      gives a new one. The address that links begin with is said once, with --address, and kept in
      the study's data/ folder.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Argument(help: ArgumentHelp("The participant.", valueName: "pseudonym"))
  var participant: String?

  @Flag(help: "Make a new link; the earlier ones stop working.")
  var revoke = false

  @Option(
    help: ArgumentHelp(
      "Where participants reach the study, such as https://study.example.org.", valueName: "url"))
  var address: String?

  func validate() throws {
    if participant == nil, address == nil {
      throw ValidationError("name a participant, or the study's --address")
    }
    if participant == nil, revoke { throw ValidationError("--revoke takes a participant") }
  }

  func run() async throws {
    let door = try await StudyDoor.open(
      directory, for: participant == nil ? .reading : .linking, now: Date())
    if let address {
      guard let address = LinkAddress(address) else {
        throw CommandFailure(
          .usage,
          "--address: found \(TerminalText.safe(address)), expected \(LinkAddress.expected)")
      }
      try door.places.keep(address)
    }
    guard let participant else {
      Console.out("Links begin with \(try door.places.linkAddress()) from now on.")
      return
    }
    let pseudonym = try StudyDoor.pseudonym(participant)
    let address = try door.places.linkAddress()
    let token =
      revoke
      ? try await door.desk.revokeToken(of: pseudonym, now: Date())
      : try await door.desk.token(of: pseudonym, now: Date())
    Console.out(address.link(token))
  }
}
