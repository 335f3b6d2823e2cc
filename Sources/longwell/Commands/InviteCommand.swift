import ArgumentParser
import Collection
import Definitions
import Figures
import Foundation
import Storage
import Studies

/// `longwell invite`: places for people who may join.
struct InviteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invite",
    abstract: "Invite people from a CSV file, or make codes to hand out.",
    discussion: """
      The file has the columns name, email, phone, site, language, divided by commas, semicolons or tabs: a name, an address or a telephone
      number at least, site and language where the study has several. All of it is taken, or nothing;
      used again, it adds who is new. Contacts are kept encrypted in a database of their own; each
      person has a pseudonym kept for them, and a personal link. Where the study's messages name
      `invitation`, longwell run sends it to who has an address or a number.

      --cards writes the links, and a QR code of each, into a folder: treat it like the contacts.
      --codes makes invitations without a contact, each with a code that is used once.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Argument(help: ArgumentHelp("The people, as CSV.", valueName: "file"))
  var contacts: String?

  @Option(help: ArgumentHelp("Make so many codes instead.", valueName: "count"))
  var codes: Int?

  @Option(help: ArgumentHelp("The site of the codes, where the study has several."))
  var site: String?

  @Option(help: ArgumentHelp("A folder for links and QR codes.", valueName: "folder"))
  var cards: String?

  @Option(help: ArgumentHelp("Take this invitation back.", valueName: "pseudonym"))
  var revoke: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    guard [contacts, codes.map(String.init), revoke].compactMap(\.self).count == 1 else {
      throw ValidationError("name a file of people, or --codes, or --revoke")
    }
    if let codes, !(1...10_000).contains(codes) {
      throw ValidationError("--codes: found \(codes), expected 1 to 10000")
    }
    if cards != nil, contacts == nil { throw ValidationError("--cards goes with a file of people") }
  }

  func run() async throws {
    let now = Date()
    let places = StudyPlaces(directory)
    // The file is read before a study is started for it.
    var problems = Problems()
    let isRunning = places.hasResearch
    let door: StudyDoor
    var sheet: ContactSheet?
    if isRunning {
      door = try await StudyDoor.open(directory, for: .enrolling, now: now)
      sheet = try read(for: door.desk.current.study, problems: &problems)
    } else {
      sheet = try read(for: try places.loadFolder().study, problems: &problems)
      guard !problems.hasErrors else { throw refusal(problems) }
      door = try await StudyDoor.start(directory, isRehearsal: false, now: now)
    }
    guard !problems.hasErrors else { throw refusal(problems) }
    if door.isRehearsal {
      throw CommandFailure(.refused, "this folder holds a rehearsal: real people need their own")
    }
    var generator = SystemRandomNumberGenerator()
    if let revoke {
      let pseudonym = try StudyDoor.pseudonym(revoke)
      try await door.desk.revokeInvitation(pseudonym, now: now)
      return Console.out("The invitation of \(pseudonym) is over.")
    }
    if let codes {
      let made = try await door.desk.makeCodes(codes, site: site, now: now, using: &generator)
      if json { return try Console.json(made.map { InvitedDocument($0.pseudonym, $0.code.text) }) }
      for invitation in made { Console.out(invitation.code.text) }
      return
    }
    guard let sheet else { return }
    let address = try cards.map { _ in try places.linkAddress() }
    let inviting = try await door.desk.invite(sheet, now: now, using: &generator)
    if let cards, let address {
      try await write(inviting, to: cards, address: address, through: door, now: now)
    }
    try show(inviting)
  }

  private func read(for study: Study, problems: inout Problems) throws -> ContactSheet? {
    guard let contacts else { return nil }
    let bytes = Array(try Data(contentsOf: URL(filePath: contacts)))
    return ContactSheet.read(bytes, file: contacts, for: study, problems: &problems)
  }

  private func refusal(_ problems: Problems) -> CommandFailure {
    CommandFailure(
      .problems,
      "nobody was invited:\n"
        + problems.sorted.map { TerminalText.safe($0.description) }.joined(separator: "\n"))
  }

  private func show(_ inviting: Inviting) throws {
    if json {
      return try Console.json(
        inviting.guests.map { InvitedDocument($0.pseudonym, nil, $0.isKnown) })
    }
    for guest in inviting.guests {
      Console.out(guest.pseudonym + (guest.isKnown ? "  known before" : ""))
    }
    let known = inviting.guests.count { $0.isKnown }
    Console.raw("\(inviting.guests.count - known) invited, \(known) known before.")
  }

  /// Writes `links.csv` and a QR code for each open invitation, readable by their owner only.
  private func write(
    _ inviting: Inviting, to folder: String, address: LinkAddress, through door: StudyDoor,
    now: Date
  ) async throws {
    let url = URL(filePath: folder, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    var lines = "participant,link\n"
    for guest in inviting.guests {
      let token = try await door.desk.token(of: guest.pseudonym, now: now)
      let link = address.link(token)
      lines += "\(guest.pseudonym),\(link)\n"
      let code = QRCode(link)?.personalLink ?? ""
      try SecretFile.write(code, to: url.appending(path: "\(guest.pseudonym).svg"))
    }
    try SecretFile.write(lines, to: url.appending(path: "links.csv"))
  }
}

/// Files that only their owner may read.
enum SecretFile {
  /// Writes a text; a file that is there is replaced.
  static func write(_ text: String, to url: URL) throws {
    if FileManager.default.fileExists(atPath: url.path) {
      try FileManager.default.removeItem(at: url)
    }
    guard
      FileManager.default.createFile(
        atPath: url.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else { throw CommandFailure(.unreadable, "\(url.path): the file cannot be written") }
  }
}

/// One invitation, for programs.
struct InvitedDocument: Encodable {
  var participant: String
  var code: String?
  var known: Bool?

  init(_ participant: String, _ code: String?, _ known: Bool? = nil) {
    self.participant = participant
    self.code = code
    self.known = known
  }
}
