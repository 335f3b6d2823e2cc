import ArgumentParser
import Collection
import Foundation

/// `longwell withdraw`: a participant stops.
struct WithdrawCommand: AsyncParsableCommand {
  /// The ways to stop, one flag each.
  enum Way: EnumerableFlag {
    case stopReminders
    case keep
    case erase

    static func help(for value: Way) -> ArgumentHelp? {
      switch value {
      case .stopReminders: "No more reminders; the person goes on taking part."
      case .keep: "The person stops; what was collected is kept."
      case .erase: "The person stops; what was collected, and the contact, is erased."
      }
    }

    var withdrawal: Withdrawal {
      switch self {
      case .stopReminders: .stopReminders
      case .keep: .stopAndKeep
      case .erase: .stopAndErase
      }
    }
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

  @Flag(help: "Do not ask; needed for --erase where nobody can be asked.")
  var yes = false

  @Flag(help: "Print the receipt as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func validate() throws {
    guard (person == nil) != (named == nil) else {
      throw ValidationError("name one participant, such as P-7K3M9Q")
    }
    guard (way == nil) != (stop == nil) else {
      throw ValidationError("say how to stop: --stop-reminders, --keep or --erase")
    }
  }

  func run() async throws {
    guard let way = way ?? stop?.way, let typed = person ?? named else { return }
    let now = try clock.moment()
    let pseudonym = try StudyDoor.pseudonym(typed)
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    try await door.allow(clock, for: pseudonym)
    guard try agree(to: way, of: pseudonym) else {
      Console.out("Nothing was changed.")
      return
    }
    let receipt = try await door.desk.withdraw(
      pseudonym, way.withdrawal, now: now, erasingAt: door.erasurePlaces)
    if json {
      try Console.json(WithdrawalDocument(receipt))
    } else {
      for line in WithdrawalText.lines(receipt) { Console.out(line) }
    }
  }

  private func agree(to way: Way, of pseudonym: String) throws -> Bool {
    guard way != .stopReminders, !yes else { return true }
    guard Console.isTyped else {
      guard way == .erase else { return true }
      throw CommandFailure(
        .usage, "nothing was erased: it cannot be undone; add --yes where nobody can be asked")
    }
    let question =
      way == .erase
      ? "Everything that \(pseudonym) gave, and the contact, will be erased. This cannot be undone. "
        + "Erase it?"
      : "\(pseudonym) will be asked nothing any more. Go on?"
    return LineInput.yesOrNo(question)
  }
}
