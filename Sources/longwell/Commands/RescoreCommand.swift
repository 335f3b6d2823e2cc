import ArgumentParser
import Collection
import Foundation

/// `longwell rescore`: scores of a running study, computed again under a stated version.
struct RescoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rescore",
    abstract: "Compute scores again under a stated version of their instrument; both are kept.",
    discussion: """
      Without options, everything that was submitted is scored as the latest published version of
      each instrument does. What was computed before stays in scorings.csv of an export, no longer
      current; analyses use the current scores. Where two versions score alike nothing is done.

        longwell rescore DIR --instrument needs-6 --version 1.1.0
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("Only this instrument.", valueName: "id"))
  var instrument: String?

  @Option(
    help: ArgumentHelp("A published version of it (default: the latest).", valueName: "version"))
  var version: String?

  @Flag(help: "Print what was done as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func validate() throws {
    if version != nil, instrument == nil {
      throw ValidationError("--version: name the instrument with --instrument")
    }
  }

  func run() async throws {
    let now = try clock.moment()
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    guard door.isRehearsal || clock.now == nil else {
      throw CommandFailure(
        .refused,
        "this study has real people: its scores are computed at the clock's time, not --now")
    }
    let result = try await door.desk.rescore(
      instrument: instrument, version: version, now: try await door.moment(clock))
    guard !json else { return try Console.json(RescoringDocument(result)) }
    for (id, version) in result.versions.sorted(by: { $0.key < $1.key }) {
      Console.out("\(id) \(version)")
    }
    Console.out(
      "\(result.rescored) of \(result.looked) scored again; \(result.changed) scores have another value"
    )
    if result.offScale > 0 {
      Console.error(
        "\(result.offScale) answers are off the response scales of that version and count as unanswered"
      )
    }
  }
}

/// What a rescoring came to, for programs.
struct RescoringDocument: Encodable {
  var versions: [String: String]
  var looked, rescored, changed: Int
  var offScale: Int

  enum CodingKeys: String, CodingKey {
    case versions, looked, rescored, changed
    case offScale = "off_scale"
  }

  init(_ result: Rescoring) {
    versions = result.versions
    looked = result.looked
    rescored = result.rescored
    changed = result.changed
    offScale = result.offScale
  }
}
