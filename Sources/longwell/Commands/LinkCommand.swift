import ArgumentParser
import Collection
import Figures
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

  @Flag(help: "Print the link as a QR code too.")
  var qr = false

  @Option(help: ArgumentHelp("Write the link's QR code to this file, as SVG.", valueName: "file"))
  var svg: String?

  @Option(
    help: ArgumentHelp(
      "Where participants reach the study, such as https://study.example.org.", valueName: "url"))
  var address: String?

  func validate() throws {
    if participant == nil, address == nil {
      throw ValidationError("name a participant, or the study's --address")
    }
    if participant == nil, qr || svg != nil {
      throw ValidationError("--qr and --svg take a participant")
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
    let link = address.link(token)
    if let svg, let code = QRCode(link) {
      try SecretFile.write(code.personalLink, to: URL(filePath: svg))
    }
    if qr, let code = QRCode(link) { Console.out(code.terminalLines.joined(separator: "\n")) }
    Console.out(link)
  }
}

extension QRCode {
  /// The picture of a personal link. It does not say whose: a card that is lost must not join a person to
  /// their data.
  var personalLink: String { svg(title: "Personal link") }
}
