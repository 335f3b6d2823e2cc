import ArgumentParser
import Collection

/// `longwell withdraw`: a participant stops.
struct WithdrawCommand: AsyncParsableCommand {
  /// The ways to stop, as the command line names them.
  enum Way: String, ExpressibleByArgument, CaseIterable {
    case reminders
    case study
  }

  static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: "Record that a participant stops: the reminders only, or the study.",
    discussion: """
      'reminders' ends the messages and nothing else. 'study' cancels what has not been answered;
      what was collected so far is kept.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("The participant.", valueName: "pseudonym"))
  var participant: String

  @Option(help: ArgumentHelp("What to stop: reminders or study.", valueName: "what"))
  var stop: Way

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let now = try clock.moment()
    let pseudonym = try StudyDoor.pseudonym(participant)
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    try await door.allow(clock, for: pseudonym)
    let receipt = try await door.desk.withdraw(
      pseudonym, stop == .study ? .stopAndKeep : .stopReminders, now: now)
    switch (receipt.isRepeated, stop) {
    case (true, _): Console.out("\(receipt.pseudonym) had stopped before; nothing was changed.")
    case (false, .reminders): Console.out("\(receipt.pseudonym) gets no more reminders.")
    case (false, .study):
      Console.out(
        "\(receipt.pseudonym) has left the study; \(receipt.cancelled) occasions were cancelled. "
          + "What was collected is kept.")
    }
  }
}
