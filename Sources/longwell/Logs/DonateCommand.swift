import ArgumentParser
import Collection
import Foundation
import InteractionLogs
import LocalTime
import Storage

extension LogsCommand {
  /// `longwell logs donate`: features of an export, shown first, stored once agreed to.
  struct DonateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "donate",
      abstract: "Give the features of an export to a study, after showing what would be kept.",
      discussion: """
        Reads the file in memory, shows every day that would be kept, and asks. No text, title or name
        is kept; conversations are named by a key of the participant's own. Donating again replaces
        what the newer export covers and counts nothing twice.

        A day named by --exclude is kept back with the conversations that touch it, then and in later
        donations; so is a conversation named by its token, or the beginning of it, which --conversations
        lists. What is kept back counts as withheld, not as time without use. What was donated is erased when
        the participant takes the part "logs" of the consent back.

        Nothing is known of the days between the last message and the making of the export unless
        --exported says when that was.
        """)

    @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
    var directory: String

    @Argument(
      help: ArgumentHelp(
        "The export; 'longwell logs sources' lists what is read.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Whose log it is.", valueName: "pseudonym"))
    var participant: String

    @Option(
      parsing: .upToNextOption,
      help: ArgumentHelp(
        "Days to keep back, such as 2027-03-01, and conversations by their tokens.",
        valueName: "date|token"))
    var exclude: [String] = []

    @Flag(help: "List the conversations too.")
    var conversations = false

    @Option(help: ArgumentHelp("Which of the person's accounts with the service.", valueName: "n"))
    var account = 1

    @Option(help: ArgumentHelp("The day on which the export was made.", valueName: "date"))
    var exported: String?

    @Flag(help: "Store without asking: the person has seen the preview and agreed.")
    var yes = false

    @Flag(help: "Print what would be kept as JSON; stored only with --yes.")
    var json = false

    @OptionGroup var clock: ClockOption

    func validate() throws {
      guard account >= 1 else { throw ValidationError("--account counts from 1") }
    }

    func run() async throws {
      let now = try clock.moment()
      let pseudonym = try StudyDoor.pseudonym(participant)
      let door = try await StudyDoor.open(directory, for: .donating, now: now)
      try await door.allow(clock, for: pseudonym)
      guard let person = try await door.desk.database.read({ try $0.participant(pseudonym) }) else {
        throw CollectionError(.unknownParticipant, pseudonym)
      }
      guard let zone = TimeZone(identifier: person.zone) else {
        throw CollectionError(.unknownZone, person.zone)
      }
      let withheld = try keptBack()
      let reader = TextReader(lists: .shipped)
      let log = try LogFile.read(file, zone: zone, gapMinutes: 60, text: reader)
      let preview = try await door.desk.previewDonation(
        of: log, lists: reader.lists.versions, from: pseudonym, account: account,
        exported: try exportMoment(of: log), withholding: withheld, now: now)
      guard !json else {
        if yes { _ = try await door.desk.donate(preview, now: now) }
        return try Console.json(DonationDocument(preview, isStored: yes))
      }
      let lines = DonationText.lines(preview, zone: zone, listingConversations: conversations)
      for line in lines { Console.out(line) }
      guard yes || Console.isTyped && LineInput.yesOrNo("Give this to the study?") else {
        throw CommandFailure(
          .refused,
          "nothing was stored: add --yes once the person has seen this and agreed")
      }
      let receipt = try await door.desk.donate(preview, now: now)
      Console.out(
        "Stored. Kept of \(pseudonym) now: \(receipt.conversations) conversations, "
          + "\(receipt.sessions) sessions, \(receipt.days) days.")
    }

    private func keptBack() throws -> KeptBack {
      var keptBack = KeptBack()
      for text in exclude {
        if let date = LocalDate(text) {
          keptBack.days.insert(date)
        } else if text.count >= 4, text.allSatisfy(\.isHexDigit) {
          keptBack.conversations.insert(text)
        } else {
          throw CommandFailure(
            .usage,
            "--exclude: found \(TerminalText.safe(text)), expected a date such as 2027-03-01, or at "
              + "least four digits of a conversation's token; --conversations lists them")
        }
      }
      return keptBack
    }

    private func exportMoment(of log: InteractionLog) throws -> Date? {
      try exported.map { log.moment(exportedOn: try date($0, of: "--exported")) }
    }

    private func date(_ text: String, of option: String) throws -> LocalDate {
      guard let date = LocalDate(text) else {
        throw CommandFailure(
          .usage, "\(option): found \(TerminalText.safe(text)), expected a date such as 2027-03-01")
      }
      return date
    }
  }
}
