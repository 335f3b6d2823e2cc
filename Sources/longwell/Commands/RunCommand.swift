import ArgumentParser
import Collection
import Foundation
import LocalTime
import Messages
import Storage

/// `longwell run`: keep a study going.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Close what has expired and send what is due, until told to stop.",
    discussion: """
      Sends what the study's `messages` name, by the ways that messages.yaml in the study's folder
      describes: email (SMTP), webhook, file. Personal links begin with the address that
      longwell link --address has kept. SIGTERM and SIGINT let it finish what was begun.

      One process at a time runs a study. A message is claimed before it is sent; what was claimed
      when a process ended is uncertain: longwell messages lists it, and nobody gets it twice.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Flag(help: "Do what there is to do now, and end.")
  var once = false

  @Flag(help: "List what would be sent now; send and record nothing.")
  var dryRun = false

  @OptionGroup var clock: ClockOption

  func validate() throws {
    if clock.now != nil, !once, !dryRun {
      throw ValidationError("--now goes with --once or --dry-run: a chosen moment does not pass")
    }
  }

  func run() async throws {
    let now = try clock.moment()
    guard !dryRun else { return try await list(now: now) }
    let door = try await StudyDoor.open(directory, for: .enrolling, now: now)
    if door.isRehearsal != (clock.now != nil) {
      throw CommandFailure(
        .refused,
        door.isRehearsal
          ? "this folder holds a rehearsal: give the moment with --once --now"
          : "this study has real people: it runs by the clock, without --now")
    }
    let messenger = try CarrierDoor.messenger(for: door)
    let lock = try InstanceLock(at: door.places.lock)
    var generator = SystemRandomNumberGenerator()
    if once {
      let standing: any SchedulerClock =
        clock.now == nil ? RunningClock() : StandingClock(moment: now)
      try await Scheduler(
        desk: door.desk, messenger: messenger, erasures: door.erasurePlaces, clock: standing,
        note: Self.say
      ).step(using: &generator)
    } else {
      let running = RunningClock()
      let scheduler = Scheduler(
        desk: door.desk, messenger: messenger, erasures: door.erasurePlaces, clock: running,
        note: Self.say)
      Console.raw("Running; stop it with SIGTERM or Ctrl-C.")
      try await running.heedingSignals { try await scheduler.run(using: &generator) }
      Console.raw("Stopped; nothing was left half done.")
    }
    try door.desk.database.close()
    _ = consume lock
  }

  private func list(now: Date) async throws {
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    let channels = try CarrierDoor.channels(for: door, writing: true)
    let agenda = try await door.desk.database.read {
      try door.desk.messageAgenda(at: now, channels: channels, in: $0)
    }
    for due in agenda.due {
      let record = due.record
      Console.out(
        "\(due.pseudonym) \(record.kind.rawValue) by \(record.channel), due \(record.due.utcText)")
    }
    Console.out(
      agenda.due.isEmpty ? "Nothing would be sent now." : "\(agenda.due.count) would be sent now.")
  }

  /// A line for each thing that was done. Pseudonyms and moments; no names, addresses or links.
  static func say(_ note: Scheduler.Note) {
    let line =
      switch note {
      case .closed(let closing):
        "closed: \(closing.missed) missed, \(closing.partial) partial, \(closing.skipped) skipped"
      case .message(let message):
        "\(message.kind.rawValue) by \(message.channel): \(message.state.rawValue)"
          + (message.failure.map { " (\($0))" } ?? "") + " \(message.uuid.uuidString.lowercased())"
      case .interrupted(let count):
        "\(count) interrupted before: uncertain now; longwell messages lists them"
      case .clockJumped(let seconds): "the clock was moved by \(Int(seconds.rounded())) s"
      case .enrolmentsSettled(let finished, let undone):
        "enrolments that were under way: \(finished) finished, \(undone) undone"
      case .erasuresPending(let count): "erasures that still wait: \(count)"
      case .postponed(let reason): "later: \(reason)"
      }
    Console.out(line)
  }
}
