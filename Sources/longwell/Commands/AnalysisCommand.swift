import Analysis
import ArgumentParser
import Collection
import Foundation
import LocalTime
import Storage

/// `longwell analysis`: what is done with plans before they are carried out.
struct AnalysisCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analysis",
    abstract: "Lock an analysis plan before the data are seen.",
    subcommands: [LockCommand.self])

  /// `longwell analysis lock`: writes a plan into the study's chain.
  struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "lock",
      abstract: "Record what a plan says now, in the study's tamper-evident chain.",
      discussion: """
        The plan is checked first, and its file recorded with the time and with how much had been
        collected and exported by then. Reports say from then on whether the plan was carried out as it
        was locked, what was changed and what was added. Locking again is recorded beside the first.
        """)

    @Argument(help: ArgumentHelp("The analysis plan, a YAML file.", valueName: "plan"))
    var plan: String

    @Option(help: ArgumentHelp("The study folder.", valueName: "dir"))
    var study: String

    @Flag(help: "Print the lock as JSON.")
    var json = false

    @OptionGroup var clock: ClockOption

    func run() async throws {
      let now = try clock.moment()
      let door = try await StudyDoor.open(study, for: .reading, now: now)
      guard door.isRehearsal || clock.now == nil else {
        throw CommandFailure(
          .refused,
          "this study has real people: its plans are locked at the clock's time, not --now")
      }
      let (loaded, _) = try await AnalysisDoor.load(URL(filePath: plan), door.desk.database)
      let (lock, isNew) = try await door.desk.lockPlan(
        loaded.id, source: String(decoding: loaded.source, as: UTF8.self), hash: loaded.hash,
        now: try await door.moment(clock))
      if json { return try Console.json(LockDocument(lock, isNew: isNew)) }
      Console.out(
        (isNew ? "Locked" : "Already locked, at \(lock.locked.utcText),")
          + " \(lock.plan), \(lock.hash)")
      Console.out(
        "By then: \(lock.participants) people enrolled, \(lock.submissions) occasions submitted, "
          + "\(lock.exports) exports.")
    }
  }

  /// A lock for programs.
  private struct LockDocument: Encodable {
    var plan, hash, locked: String
    var participants, submissions, exports: Int
    var isNew: Bool

    enum CodingKeys: String, CodingKey {
      case plan, hash, participants, submissions, exports
      case locked = "locked_utc"
      case isNew = "is_new"
    }

    init(_ lock: PlanLock, isNew: Bool) {
      plan = lock.plan
      hash = lock.hash
      locked = lock.locked.utcText
      participants = lock.participants
      submissions = lock.submissions
      exports = lock.exports
      self.isNew = isNew
    }
  }
}
