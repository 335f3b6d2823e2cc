import ArgumentParser
import Collection
import Foundation

/// `longwell withdraw`: a participant stops.
struct WithdrawCommand: AsyncParsableCommand {
  /// The ways to stop, one flag each.
  enum Way: EnumerableFlag {
    case stopReminders
    case keep
    case forget
    case erase

    static func help(for value: Way) -> ArgumentHelp? {
      switch value {
      case .stopReminders: "No more reminders; the person goes on taking part."
      case .keep: "The person stops; what was collected is kept."
      case .forget: "The contact is erased; what was collected is kept, and the person may go on."
      case .erase: "The person stops; what was collected, and the contact, is erased."
      }
    }

    /// The way out of the study; nil where only the contact goes.
    var withdrawal: Withdrawal? {
      switch self {
      case .stopReminders: .stopReminders
      case .keep: .stopAndKeep
      case .forget: nil
      case .erase: .stopAndErase
      }
    }

    /// Whether what it does cannot be undone.
    var isFinal: Bool { self == .forget || self == .erase }
  }

  /// The earlier spelling: `--stop reminders`, `--stop study`.
  enum Stopped: String, ExpressibleByArgument, CaseIterable {
    case reminders
    case study

    var way: Way { self == .reminders ? .stopReminders : .keep }
  }

  static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: "Record that a participant stops: the reminders, the study, or all with erasure.",
    discussion: """
      Prints a receipt: what was done and when, what remains, and which copies are out of reach.
      longwell change --resume-reminders takes stopped reminders back.

      Of somebody who was only invited, whatever came of it, --forget and --erase both erase the
      contact, the link and what is known of messages; an open invitation is taken back.

      An erasure is complete when no file of the study holds what was erased. While another program
      reads the database it is pending; every later command on the study tries again.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Argument(help: ArgumentHelp("The participant.", valueName: "pseudonym"))
  var person: String?

  @Option(
    name: .customLong("participant"),
    help: ArgumentHelp("The participant.", valueName: "pseudonym", visibility: .hidden))
  var named: String?

  @Flag var way: Way?

  @Option(help: ArgumentHelp("What to stop.", valueName: "what", visibility: .hidden))
  var stop: Stopped?

  @Flag(help: "Do not ask; needed for --forget and --erase where nobody can be asked.")
  var yes = false

  @Flag(help: "Print the receipt as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func validate() throws {
    guard (person == nil) != (named == nil) else {
      throw ValidationError("name one participant, such as P-7K3M9Q")
    }
    guard (way == nil) != (stop == nil) else {
      throw ValidationError("say how to stop: --stop-reminders, --keep, --forget or --erase")
    }
  }

  func run() async throws {
    guard let way = way ?? stop?.way, let typed = person ?? named else { return }
    let now = try clock.moment()
    let pseudonym = try StudyDoor.pseudonym(typed)
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    try await door.allow(clock, for: pseudonym)
    let isInvited = try await door.desk.isOnlyInvited(pseudonym)
    guard try agree(to: way, of: pseudonym) else {
      Console.out("Nothing was changed.")
      return
    }
    guard let withdrawal = way.withdrawal, !(isInvited && way == .erase) else {
      let receipt = try await door.desk.forgetContact(
        of: pseudonym, now: now, erasingAt: door.erasurePlaces)
      if json { return try Console.json(ContactDocument(receipt)) }
      for line in WithdrawalText.lines(receipt) { Console.out(line) }
      return
    }
    let receipt = try await door.desk.withdraw(
      pseudonym, withdrawal, now: now, erasingAt: door.erasurePlaces)
    if json {
      try Console.json(WithdrawalDocument(receipt))
    } else {
      for line in WithdrawalText.lines(receipt) { Console.out(line) }
    }
  }

  private func agree(to way: Way, of pseudonym: String) throws -> Bool {
    guard way != .stopReminders, !yes else { return true }
    guard Console.isTyped else {
      guard way.isFinal else { return true }
      throw CommandFailure(
        .usage, "nothing was erased: it cannot be undone; add --yes where nobody can be asked")
    }
    let question =
      switch way {
      case .erase:
        "Everything that \(pseudonym) gave, and the contact, will be erased. This cannot be undone. "
          + "Erase it?"
      case .forget:
        "The contact of \(pseudonym) will be erased, and nobody can write to them any more. This "
          + "cannot be undone. Erase it?"
      case .keep, .stopReminders: "\(pseudonym) will be asked nothing any more. Go on?"
      }
    return LineInput.yesOrNo(question)
  }
}
